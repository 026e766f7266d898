// PLN046 window-over-all: a window function numbers all rows, and few are kept.

#include "rules/plan/plan_rule.h"

namespace pgsift::window_over_all {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 100'000, "rows of the window function, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN046",
    .name = "window-over-all",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "a window function numbers all rows, and few are kept",
    .why = R"md(
`row_number() … = 1` in an outer query: all rows are sorted and numbered first. Fires for a WindowAgg over
that hands on at least `rows_min` rows, past its run condition if it has one, of which its reader keeps at most a tenth. Saving: half of it.
)md",
    .instead = R"md(
`row_number() <= k` (with `<=`, 15 and later stop early); `DISTINCT ON`; or `LATERAL (… ORDER BY … LIMIT k)`
for each group, with an index.
)md",
    .bad =
        R"text(Subquery Scan on s  (cost=0.00..8.00 rows=500 width=8) (actual time=90.0..390.1 rows=100 loops=1)
  Filter: (s.rn = 1)
  Rows Removed by Filter: 199900
  ->  WindowAgg  (cost=0.00..8.00 rows=200000 width=8) (actual time=90.0..290.1 rows=200000 loops=1)
        ->  Index Scan using i on t  (cost=0.00..80.00 rows=200000 width=0) (actual time=0.0..180.5 rows=200000 loops=1)
Execution Time: 391.0 ms)text",
    .good =
        R"text(Subquery Scan on s  (cost=0.00..8.00 rows=500 width=8) (actual time=90.0..390.1 rows=100 loops=1)
  ->  WindowAgg  (cost=0.00..8.00 rows=200000 width=8) (actual time=90.0..290.1 rows=100 loops=1)
        Run Condition: (row_number() OVER (?) <= 1)
        ->  Index Scan using i on t  (cost=0.00..80.00 rows=200000 width=0) (actual time=0.0..180.5 rows=200000 loops=1)
Execution Time: 391.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "WindowAgg" || !Ran(node)) return;
  const PlanNode* above = plan.ParentOf(node);
  if (above == nullptr || above->filter.empty() || !Ran(*above)) return;
  if (node.TotalRows() < pass.option(kInfo, "rows_min") ||
      above->TotalRows() > 0.1 * node.TotalRows())
    return;
  ReportNode(kInfo, plan, node, node.inclusive_ms / 2, pass,
             absl::StrFormat("a window function runs over %s rows, %s are kept",
                             Count(node.TotalRows()), Count(above->TotalRows())))
      .Primary("by " + OneLine(above->filter, 200))
      .Measure("rows", node.TotalRows(), "rows")
      .Measure("rows_kept", above->TotalRows(), "rows")
      .Help("DISTINCT ON, or for each group LATERAL (SELECT … ORDER BY … LIMIT k) with an index");
}

}  // namespace

extern constinit const Rule kWindowOverAll = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::window_over_all
