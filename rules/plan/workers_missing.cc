// PLN072 workers-missing: fewer parallel workers ran than were planned.

#include "rules/plan/plan_rule.h"

namespace pgsift::workers_missing {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN072",
    .name = "workers-missing",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 6},
    .summary = "fewer parallel workers ran than were planned",
    .why = R"md(
The plan was made for more processes than there were. Fires when a Gather launched fewer than planned.
Saving: what the missing ones would have taken over.
)md",
    .instead = R"md(
`max_parallel_workers` and `max_worker_processes` (a restart) for all sessions together; fewer parallel
queries at a time (`max_parallel_workers_per_gather`).
)md",
    .bad =
        R"text(Gather  (cost=1000.00..9000.00 rows=100 width=8) (actual time=0.5..90.0 rows=100 loops=1)
  Workers Planned: 4
  Workers Launched: 1
  ->  Parallel Seq Scan on t  (cost=0.00..80.00 rows=25 width=8) (actual time=0.1..80.0 rows=50 loops=2)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Gather  (cost=1000.00..9000.00 rows=100 width=8) (actual time=0.5..90.0 rows=100 loops=1)
  Workers Planned: 4
  Workers Launched: 4
  ->  Parallel Seq Scan on t  (cost=0.00..80.00 rows=25 width=8) (actual time=0.1..80.0 rows=20 loops=5)
Execution Time: 91.0 ms)text",
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!node.IsGather() || !Ran(node) || node.workers_launched >= node.workers_planned) return;
  const double missing = node.workers_planned - node.workers_launched;
  ReportNode(kInfo, plan, node, node.inclusive_ms * missing / (node.workers_planned + 1), pass,
             absl::StrFormat("%s of %s planned workers were launched", Count(node.workers_launched),
                             Count(node.workers_planned)))
      .Primary("other queries had the rest")
      .Measure("workers_planned", node.workers_planned, "1")
      .Measure("workers_launched", node.workers_launched, "1")
      .Help("raise max_parallel_workers, and max_worker_processes with it");
}

}  // namespace

extern constinit const Rule kWorkersMissing = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::workers_missing
