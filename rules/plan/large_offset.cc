// PLN042 large-offset: OFFSET computes rows and throws them away.

#include "rules/plan/plan_rule.h"

namespace pgsift::large_offset {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 1000, "rows skipped, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN042",
    .name = "large-offset",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "OFFSET computes rows and throws them away",
    .why = R"md(
All rows before the page are computed each time. Fires when a LIMIT node skips at least `rows_min` rows and
ten times as many as it keeps. Saving: the share of the rows skipped.
)md",
    .instead = R"md(
Keyset paging: `WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT 20`, with the
values of the last row shown.
)md",
    .bad =
        R"text(Limit  (cost=0.00..8.00 rows=20 width=8) (actual time=90.0..90.1 rows=20 loops=1)
  ->  Index Scan using i on t  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..80.5 rows=50020 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Limit  (cost=0.00..8.00 rows=20 width=8) (actual time=0.0..0.1 rows=20 loops=1)
  ->  Index Scan using i on t  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..0.1 rows=20 loops=1)
Execution Time: 0.2 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Limit" || !Ran(node)) return;
  const PlanNode* child = plan.ChildOf(node);
  if (child == nullptr || !Ran(*child) || child->IsGather()) return;
  const double skipped = child->TotalRows() - node.TotalRows();
  if (skipped < pass.option(kInfo, "rows_min") || skipped < 10 * node.TotalRows()) return;
  ReportNode(kInfo, plan, node, child->inclusive_ms * skipped / child->TotalRows(), pass,
             absl::StrFormat("OFFSET throws %s rows away to show %s", Count(skipped),
                             Count(node.TotalRows())))
      .Primary("all of them are computed")
      .Measure("rows_skipped", skipped, "rows")
      .Measure("rows", node.TotalRows(), "rows")
      .Help("page by key: WHERE (sort column, id) < (last values) ORDER BY … LIMIT n");
}

}  // namespace

extern constinit const Rule kLargeOffset = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::large_offset
