// PLN017 blocks-per-row: an index scan touches many pages for each row that it gives.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::blocks_per_row {
namespace {

constexpr RuleOption kOptions[] = {
    {"blocks_min", 1000, "pages touched, at least"},
    {"blocks_per_row_min", 20, "pages a row, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN017",
    .name = "blocks-per-row",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "an index scan touches many pages for each row that it gives",
    .why = R"md(
Each row should cost a few pages: the way down the index, and the row's own. Fires at
`blocks_per_row_min` pages a row and `blocks_min` pages.
)md",
    .instead = R"md(
The index does not fit the condition, is bloated (`REINDEX CONCURRENTLY`), or the rows are wide and
live in TOAST.
)md",
    .bad =
        R"text(Index Only Scan using i on t  (cost=0.42..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=90 loops=1)
  Index Cond: (b < 100)
  Heap Fetches: 0
  Buffers: shared hit=8000
Execution Time: 91.0 ms)text",
    .good =
        R"text(Index Only Scan using i on t  (cost=0.42..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  Index Cond: (b < 100)
  Heap Fetches: 0
  Buffers: shared hit=8000
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!Ran(node) || !IsIndexScan(node)) return;
  const double blocks = node.own.Touched();
  // Rows that a filter removes are filtered-index-scan's matter.
  const double rows = node.TotalRows() + node.TotalRemovedByFilter() + node.TotalRemovedByRecheck();
  if (blocks < pass.option(kInfo, "blocks_min")) return;
  if (blocks - 4 * node.loops < pass.option(kInfo, "blocks_per_row_min") * std::max(1.0, rows))
    return;
  if (node.type == "Index Scan" && 8 * rows < blocks && node.share >= 0.2) return;  // sparse-pages.
  ReportNode(
      kInfo, plan, node, node.exclusive_ms / 2, pass,
      absl::StrFormat("`%s` touched %s pages for %s rows", node.index, Count(blocks), Count(rows)))
      .Primary(absl::StrFormat("%s pages a row", Count(blocks / std::max(1.0, rows))))
      .Measure("blocks", blocks, "blocks")
      .Measure("rows", rows, "rows")
      .Help("REINDEX INDEX CONCURRENTLY " + QuoteIdentifier(node.index) +
            ", or an index whose first columns are those of " +
            (node.index_cond.empty() ? "the condition" : OneLine(node.index_cond, 200)));
}

}  // namespace

extern constinit const Rule kBlocksPerRow = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::blocks_per_row
