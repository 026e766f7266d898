// PLN043 limit-plan-trap: a plan was chosen because a LIMIT was expected to stop it early, and it
// did not.

#include "rules/plan/plan_rule.h"

namespace pgsift::limit_plan_trap {
namespace {

constexpr RuleOption kOptions[] = {
    {"factor_min", 100, "times the cost that was expected to be needed, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN043",
    .name = "limit-plan-trap",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a plan was chosen because a LIMIT was expected to stop it early, and it did not",
    .why = R"md(
The planner assumes that matching rows are spread evenly, so that a LIMIT is reached after a small part of
the work. Fires when the child of a LIMIT costs `factor_min` times what was expected to be needed and gave
at least half of all the rows that it was expected to have, or was read to its end.
)md",
    .instead = R"md(
An index that finds the matching rows in the order asked for; see also the findings about estimates.
)md",
    .bad =
        R"text(Limit  (cost=0.00..8.00 rows=20 width=8) (actual time=90.0..90.1 rows=5 loops=1)
  ->  Nested Loop  (cost=0.00..80000.00 rows=100000 width=8) (actual time=0.0..80.5 rows=5 loops=1)
        ->  Index Scan using i on t  (cost=0.00..8000.00 rows=100000 width=8) (actual time=0.0..70.5 rows=100000 loops=1)
        ->  Index Scan using j on u  (cost=0.00..0.70 rows=1 width=8) (actual time=0.0..0.0 rows=0 loops=100000)
              Index Cond: (id = t.u_id)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Limit  (cost=0.00..8.00 rows=20 width=8) (actual time=0.0..0.1 rows=20 loops=1)
  ->  Nested Loop  (cost=0.00..80000.00 rows=100000 width=8) (actual time=0.0..0.1 rows=20 loops=1)
        ->  Index Scan using i on t  (cost=0.00..8000.00 rows=100000 width=8) (actual time=0.0..0.1 rows=30 loops=1)
        ->  Index Scan using j on u  (cost=0.00..0.70 rows=1 width=8) (actual time=0.0..0.0 rows=1 loops=30)
              Index Cond: (id = t.u_id)
Execution Time: 0.2 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Limit" || !Ran(node)) return;
  const PlanNode* child = plan.ChildOf(node);
  if (child == nullptr || !Ran(*child)) return;
  if (child->total_cost < pass.option(kInfo, "factor_min") * std::max(0.01, node.total_cost))
    return;
  // A scan that filters is order-index-trap's; a blocking node reads all anyway.
  if (IsIndexScan(*child) && child->TotalRemovedByFilter() > 0) return;
  if (child->type == "Sort" || child->type == "Aggregate") return;
  const bool to_the_end =
      node.actual_rows < node.plan_rows && child->actual_rows <= node.actual_rows;
  if (!to_the_end && child->actual_rows < 0.5 * child->plan_rows) return;
  if (plan.timed && child->inclusive_ms < 1) return;
  ReportNode(
      kInfo, plan, node, child->inclusive_ms / 2, pass,
      absl::StrFormat("LIMIT %s was expected to stop early, and did not", Count(node.plan_rows)))
      .Primary(absl::StrFormat("%s gave %s rows; a cost of %s was expected to be enough, of %s",
                               NodeName(*child), Count(child->TotalRows()), Count(node.total_cost),
                               Count(child->total_cost)))
      .Measure("cost_expected", node.total_cost, "1")
      .Measure("cost_whole", child->total_cost, "1")
      .Help("an index on the columns of the conditions, and behind them those of ORDER BY");
}

}  // namespace

extern constinit const Rule kLimitPlanTrap = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::limit_plan_trap
