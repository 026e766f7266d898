// PLN068 planning-slow: planning takes longer than half of running.

#include "rules/plan/plan_rule.h"

namespace pgsift::planning_slow {
namespace {

constexpr RuleOption kOptions[] = {
    {"ms_min", 10, "milliseconds of planning, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN068",
    .name = "planning-slow",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 4},
    .summary = "planning takes longer than half of running",
    .why = R"md(
Fires when planning takes at least `ms_min` and half of the execution time. Saving: the planning time.
)md",
    .instead = R"md(
Prepared statements; fewer joins in one level (`join_collapse_limit`), fewer partitions, a smaller
statistics target; catalogs that are bloated are read slowly.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..9.0 rows=9000 loops=1)
Planning Time: 50.0 ms
Execution Time: 9.1 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..9.0 rows=9000 loops=1)
Planning Time: 5.0 ms
Execution Time: 9.1 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  if (!plan.timed || plan.planning_ms < pass.option(kInfo, "ms_min") ||
      plan.planning_ms < plan.WholeMs() / 2)
    return;
  double partitions = 0;
  double relations = 0;
  for (const PlanNode& node : plan.nodes) {
    if (node.type == "Append" || node.type == "Merge Append")
      partitions += static_cast<double>(node.children.size()) + node.subplans_removed;
    if (!node.relation.empty()) ++relations;
  }
  if (partitions > 100 && plan.planning_ms >= 0.3 * (plan.planning_ms + plan.WholeMs()))
    return;  // late-pruning.
  Finding& finding =
      ReportPlan(kInfo, plan, plan.planning_ms, pass,
                 absl::StrFormat("planning takes %s, running %s", HumanMs(plan.planning_ms),
                                 HumanMs(plan.WholeMs())));
  finding.Primary(absl::StrFormat("%s scans in the plan", Count(relations)))
      .Measure("planning_ms", plan.planning_ms, "ms");
  if (plan.planning_buffers.shared_read > 100) {
    finding.Note(
        absl::StrFormat("planning read %s blocks of the catalogs: they were not in the cache",
                        Count(plan.planning_buffers.shared_read)));
  }
  finding.Help("prepare the statement, so that it is planned once");
}

}  // namespace

extern constinit const Rule kPlanningSlow = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::planning_slow
