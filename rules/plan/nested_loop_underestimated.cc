// PLN024 nested-loop-underestimated: a nested loop was chosen for a few rows and ran for many.

#include "rules/plan/plan_rule.h"

namespace pgsift::nested_loop_underestimated {
namespace {

constexpr RuleOption kOptions[] = {
    {"factor_min", 10, "times as many outer rows as expected, at least"},
    {"loops_min", 1000, "executions of the inner side, at least"},
    {"share_min", 0.2, "share of the time that the inner side takes, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN024",
    .name = "nested-loop-underestimated",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a nested loop was chosen for a few rows and ran for many",
    .why = R"md(
A nested loop is best for a few outer rows. Here the outer side gave `factor_min` times as many as
expected, and the inner side ran that often. Fires at `loops_min` loops and `share_min` of the plan's time
in the inner side. Saving: four fifths of it.
)md",
    .instead = R"md(
Correct the estimate of the outer side first: see the findings about it, `ANALYZE`, extended statistics.
A rewrite that hides the bad estimate (`WITH x AS MATERIALIZED`) lets the planner hash.
)md",
    .bad =
        R"text(Nested Loop  (cost=0.43..90.00 rows=5 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  ->  Seq Scan on orders  (cost=0.00..50.00 rows=5 width=8) (actual time=0.1..9.0 rows=9000 loops=1)
        Filter: (a = b)
  ->  Index Scan using i on items  (cost=0.42..8.00 rows=1 width=8) (actual time=0.008..0.008 rows=1 loops=9000)
        Index Cond: (order_id = orders.id)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Nested Loop  (cost=0.43..90.00 rows=5000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  ->  Seq Scan on orders  (cost=0.00..50.00 rows=5000 width=8) (actual time=0.1..9.0 rows=9000 loops=1)
        Filter: (a = b)
  ->  Index Scan using i on items  (cost=0.42..8.00 rows=1 width=8) (actual time=0.008..0.008 rows=1 loops=9000)
        Index Cond: (order_id = orders.id)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Nested Loop" || !Ran(node)) return;
  const PlanNode* outer = plan.ChildOf(node, 0);
  const PlanNode* inner = plan.ChildOf(node, 1);
  if (outer == nullptr || inner == nullptr || !Ran(*outer) || !Ran(*inner)) return;
  if (outer->actual_rows <= outer->plan_rows ||
      MisestimateOf(*outer) < pass.option(kInfo, "factor_min"))
    return;
  if (inner->loops < pass.option(kInfo, "loops_min")) return;
  const double share = plan.timed ? inner->inclusive_ms / std::max(1e-9, plan.WholeMs()) : 1;
  if (share < pass.option(kInfo, "share_min")) return;
  ReportNode(kInfo, plan, node, 0.8 * inner->inclusive_ms, pass,
             absl::StrFormat("nested loop ran its inner side %s times where %s were expected",
                             Count(inner->loops), Count(outer->plan_rows * node.Loops())))
      .Primary(absl::StrFormat("%s gave %s rows, %s were expected", NodeName(*outer),
                               Count(outer->actual_rows), Count(outer->plan_rows)))
      .Also({.begin = inner->offset, .size = 0, .file = plan.file},
            absl::StrFormat("%s takes %.0f %% of the time", NodeName(*inner), 100 * share))
      .Measure("loops", inner->loops, "1")
      .Measure("loops_planned", outer->plan_rows * node.Loops(), "1")
      .Help("correct the estimate of " + NodeName(*outer) + ": ANALYZE, CREATE STATISTICS")
      .Help("or compute the outer side in a WITH … AS MATERIALIZED, so that the planner hashes");
}

}  // namespace

extern constinit const Rule kNestedLoopUnderestimated =
    MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::nested_loop_underestimated
