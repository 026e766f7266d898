// PLN035 cte-rescan: the rows of a WITH query are read whole again and again.

#include "rules/plan/plan_rule.h"

namespace pgsift::cte_rescan {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "rows read over all loops, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN035",
    .name = "cte-rescan",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "the rows of a WITH query are read whole again and again",
    .why = R"md(
A materialized CTE has no index: each loop reads all its rows. Fires when a CTE Scan runs more than 10
times and reads at least `rows_min` rows over all loops. Saving: nine tenths of its time.
)md",
    .instead = R"md(
Join the CTE instead of looking into it row by row; or put it into a temporary table with an index and
`ANALYZE`.
)md",
    .bad =
        R"text(Nested Loop  (cost=0.43..90.00 rows=9000 width=8) (actual time=0.1..90.0 rows=900 loops=1)
  CTE x
    ->  Seq Scan on t  (cost=0.00..50.00 rows=900 width=8) (actual time=0.1..1.0 rows=900 loops=1)
  ->  Seq Scan on orders o  (cost=0.00..50.00 rows=900 width=8) (actual time=0.1..1.0 rows=900 loops=1)
  ->  CTE Scan on x  (cost=0.00..8.00 rows=1 width=8) (actual time=0.008..0.09 rows=1 loops=900)
        Filter: (a = o.a)
        Rows Removed by Filter: 899
Execution Time: 91.0 ms)text",
    .good =
        R"text(CTE Scan on x  (cost=0.00..8.00 rows=1 width=8) (actual time=0.008..0.09 rows=900 loops=1)
  CTE x
    ->  Seq Scan on t  (cost=0.00..50.00 rows=900 width=8) (actual time=0.1..1.0 rows=900 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "CTE Scan" || node.loops <= 10) return;
  const double per_loop = node.actual_rows + node.rows_removed_by_filter;
  if (node.loops * per_loop < pass.option(kInfo, "rows_min")) return;
  ReportNode(kInfo, plan, node, 0.9 * node.exclusive_ms, pass,
             absl::StrFormat("WITH query `%s` is read whole %s times, %s rows each", node.cte_name,
                             Count(node.loops), Count(per_loop)))
      .Primary(node.filter.empty() ? "no index can help"
                                   : "no index for " + OneLine(node.filter, 200))
      .Measure("loops", node.loops, "1")
      .Measure("rows_read", node.loops * per_loop, "rows")
      .Help("join it by equality, or use a temporary table with an index");
}

}  // namespace

extern constinit const Rule kCteRescan = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::cte_rescan
