// PLN074 parallel-overhead: very many rows are handed from the workers to the leader.

#include "rules/plan/plan_rule.h"

namespace pgsift::parallel_overhead {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 100'000, "rows, at least"},
    {"share_min", 0.2, "share of the time, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN074",
    .name = "parallel-overhead",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 6},
    .summary = "very many rows are handed from the workers to the leader",
    .why = R"md(
Each row that a worker finds is copied through a queue. Fires for a Gather of `rows_min` rows without an
aggregate below, that takes itself `share_min` of the time.
)md",
    .instead = R"md(
A higher `parallel_tuple_cost`, so that the planner avoids it; aggregate or limit below the Gather;
fewer rows.
)md",
    .bad =
        R"text(Gather  (cost=1000.00..9000.00 rows=900000 width=8) (actual time=0.5..290.0 rows=900000 loops=1)
  Workers Planned: 2
  Workers Launched: 2
  ->  Parallel Seq Scan on t  (cost=0.00..80.00 rows=300000 width=8) (actual time=0.1..80.0 rows=300000 loops=3)
Execution Time: 391.0 ms)text",
    .good =
        R"text(Gather  (cost=1000.00..9000.00 rows=900 width=8) (actual time=0.5..290.0 rows=900 loops=1)
  Workers Planned: 2
  Workers Launched: 2
  ->  Parallel Seq Scan on t  (cost=0.00..80.00 rows=300000 width=8) (actual time=0.1..280.0 rows=300 loops=3)
Execution Time: 391.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!node.IsGather() || !Ran(node) || node.workers_launched < 1) return;
  if (node.TotalRows() < pass.option(kInfo, "rows_min") ||
      node.share < pass.option(kInfo, "share_min"))
    return;
  const PlanNode* child = plan.ChildOf(node);
  if (child == nullptr || child->type == "Aggregate") return;
  ReportNode(kInfo, plan, node, node.exclusive_ms / 2, pass,
             absl::StrFormat("%s hands %s rows from workers to the leader", node.type,
                             Count(node.TotalRows())))
      .Primary(absl::StrFormat("%.0f %% of the time", 100 * node.share))
      .Measure("rows", node.TotalRows(), "rows")
      .Help("aggregate below it, or SET parallel_tuple_cost = 1 for this query");
}

}  // namespace

extern constinit const Rule kParallelOverhead = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::parallel_overhead
