// PLN083 outer-join-filter-late: a filter throws away what an outer join has filled with NULL.

#include "rules/plan/plan_rule.h"

namespace pgsift::outer_join_filter_late {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "rows removed, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN083",
    .name = "outer-join-filter-late",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a filter throws away what an outer join has filled with NULL",
    .why = R"md(
A condition on the null side of an outer join, written outside of it, is checked after joining. Fires
when the filter of a left, right or full join removes at least `rows_min` rows and ten times as many as it
keeps.
)md",
    .instead = R"md(
If rows without a partner are not wanted: an inner join, which the planner can reorder. Else move the
condition into `ON`. `IS NULL` for "has no partner" is better written as `NOT EXISTS`.
)md",
    .bad =
        R"text(Hash Left Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=100 loops=1)
  Hash Cond: (o.id = i.order_id)
  Filter: (COALESCE(i.n, 0) > 5)
  Rows Removed by Filter: 99900
  ->  Seq Scan on orders o  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
        ->  Seq Scan on items i  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Hash Left Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=100000 loops=1)
  Hash Cond: (o.id = i.order_id)
  ->  Seq Scan on orders o  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
        ->  Seq Scan on items i  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!IsJoin(node) || !Ran(node) || node.filter.empty()) return;
  if (node.join_type != "Left" && node.join_type != "Right" && node.join_type != "Full") return;
  const double removed = node.TotalRemovedByFilter();
  if (removed < pass.option(kInfo, "rows_min") || removed < 10 * node.TotalRows()) return;
  ReportNode(kInfo, plan, node, node.exclusive_ms * removed / (removed + node.TotalRows()), pass,
             absl::StrFormat("%s join gives %s rows, its filter keeps %s", Lower(node.join_type),
                             Count(removed + node.TotalRows()), Count(node.TotalRows())))
      .Primary("checked after joining: " + OneLine(node.filter, 200))
      .Measure("rows_removed", removed, "rows")
      .Help("an inner join, if rows without a partner are not wanted; else the condition in ON");
}

}  // namespace

extern constinit const Rule kOuterJoinFilterLate = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::outer_join_filter_late
