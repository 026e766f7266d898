// PLN036 cte-filter-late: a WITH query computes many rows that a filter outside throws away.

#include "rules/plan/plan_rule.h"

namespace pgsift::cte_filter_late {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "rows removed, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN036",
    .name = "cte-filter-late",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a WITH query computes many rows that a filter outside throws away",
    .why = R"md(
What is materialized does not know the condition of its reader. Fires when the filter of a CTE Scan
removes at least `rows_min` rows and ten times as many as it keeps.
)md",
    .instead = R"md(
`AS NOT MATERIALIZED` (12 and later), or write the condition into the WITH query.
)md",
    .bad =
        R"text(CTE Scan on x  (cost=0.00..8.00 rows=1 width=8) (actual time=0.008..90.0 rows=9 loops=1)
  Filter: (a = 7)
  Rows Removed by Filter: 89900
  CTE x
    ->  Seq Scan on t  (cost=0.00..50.00 rows=89909 width=8) (actual time=0.1..60.0 rows=89909 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(CTE Scan on x  (cost=0.00..8.00 rows=1 width=8) (actual time=0.008..90.0 rows=80000 loops=1)
  Filter: (a > 7)
  Rows Removed by Filter: 9900
  CTE x
    ->  Seq Scan on t  (cost=0.00..50.00 rows=89909 width=8) (actual time=0.1..60.0 rows=89909 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "CTE Scan" || !Ran(node) || node.loops > 10) return;
  const double removed = node.TotalRemovedByFilter();
  if (removed < pass.option(kInfo, "rows_min") || removed < 10 * node.TotalRows()) return;
  double cte_ms = 0;
  for (const PlanNode& each : plan.nodes) {
    if (each.subplan_name == "CTE " + node.cte_name) cte_ms = each.inclusive_ms;
  }
  ReportNode(kInfo, plan, node, 0.8 * (cte_ms + node.exclusive_ms), pass,
             absl::StrFormat("WITH query `%s` gives %s rows, %s are kept", node.cte_name,
                             Count(removed + node.TotalRows()), Count(node.TotalRows())))
      .Primary("the filter " + OneLine(node.filter, 200) + " comes too late")
      .Measure("rows_removed", removed, "rows")
      .Help(absl::StrFormat("WITH %s AS NOT MATERIALIZED (…), or move the condition into it",
                            QuoteIdentifier(node.cte_name)));
}

}  // namespace

extern constinit const Rule kCteFilterLate = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::cte_filter_late
