// PLN025 nested-loop-without-index: a join compares every row with every row and throws nearly all
// pairs away.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::nested_loop_without_index {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 100'000, "pairs that the join filter removes, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN025",
    .name = "nested-loop-without-index",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a join compares every row with every row and throws nearly all pairs away",
    .why = R"md(
Without an index on the inner side each outer row is compared with all inner rows. Fires when the join
filter removes at least `rows_min` pairs and ten times as many as it keeps. Saving: nine tenths of the join.
)md",
    .instead = R"md(
An index on the inner side's join column. If one is there: the two sides have types that do not match, or
an expression stands around the column.
)md",
    .bad =
        R"text(Nested Loop  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=100 loops=1)
  Join Filter: (o.id = i.order_id)
  Rows Removed by Join Filter: 999900
  ->  Seq Scan on orders o  (cost=0.00..50.00 rows=100 width=8) (actual time=0.1..9.0 rows=100 loops=1)
  ->  Materialize  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=100)
        ->  Seq Scan on items i  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Nested Loop  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=900 loops=1)
  Join Filter: (o.id = i.order_id)
  Rows Removed by Join Filter: 90
  ->  Seq Scan on orders o  (cost=0.00..50.00 rows=100 width=8) (actual time=0.1..9.0 rows=100 loops=1)
  ->  Materialize  (cost=0.00..80.00 rows=10 width=8) (actual time=0.0..0.5 rows=10 loops=100)
        ->  Seq Scan on items i  (cost=0.00..80.00 rows=10 width=8) (actual time=0.0..0.5 rows=10 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Nested Loop" || !Ran(node) || node.join_filter.empty()) return;
  const double removed = node.TotalRemovedByJoinFilter();
  if (removed < pass.option(kInfo, "rows_min") || removed < 10 * node.TotalRows()) return;
  const PlanNode* inner = plan.ChildOf(node, 1);
  while (inner != nullptr && inner->relation.empty()) inner = plan.ChildOf(*inner);
  Finding& finding =
      ReportNode(kInfo, plan, node, 0.9 * node.inclusive_ms, pass,
                 absl::StrFormat("nested loop compares %s pairs of rows to keep %s",
                                 Count(removed + node.TotalRows()), Count(node.TotalRows())));
  finding.Primary("by " + OneLine(node.join_filter, 200))
      .Measure("pairs_removed", removed, "rows")
      .Measure("rows", node.TotalRows(), "rows");
  std::string sql;
  if (inner != nullptr)
    sql = IndexFor(*inner, pass.catalog(), PredicatesOf(*inner, node.join_filter));
  finding.Help(sql.empty()
                   ? "a join by equality of two columns of one type can be hashed or looked up"
                   : sql);
}

}  // namespace

extern constinit const Rule kNestedLoopWithoutIndex = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::nested_loop_without_index
