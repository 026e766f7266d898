// PLN011 bitmap-lossy: a bitmap did not fit into work_mem and kept pages instead of rows.

#include "rules/plan/causes/brin_bitmap.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::bitmap_lossy {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.1, "share of lossy pages from which on it is a warning"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN011",
    .name = "bitmap-lossy",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a bitmap did not fit into work_mem and kept pages instead of rows",
    .why = R"md(
A bitmap that outgrows `work_mem` forgets which rows of a page matched: the whole page is read and each
row checked again. Fires with any lossy page; a warning when they are `share_min` of all pages, or when the
recheck throws more rows away than it keeps. Bitmaps of BRIN indexes are of pages by nature and left out.
Saving: the share of lossy pages in the scan's time.
)md",
    .instead = R"md(
More memory for this query: about 100 bytes for each page (the finding says how much); or a more
selective index.
)md",
    .bad =
        R"text(Bitmap Heap Scan on t  (cost=10.00..900.00 rows=10 width=8) (actual time=5.0..90.0 rows=1000 loops=1)
  Recheck Cond: (a < 100)
  Rows Removed by Index Recheck: 90000
  Heap Blocks: exact=600 lossy=1200
  ->  Bitmap Index Scan on i  (cost=0.00..10.00 rows=10 width=0) (actual time=4.0..4.0 rows=1000 loops=1)
        Index Cond: (a < 100)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Bitmap Heap Scan on t  (cost=10.00..900.00 rows=10 width=8) (actual time=5.0..90.0 rows=1000 loops=1)
  Recheck Cond: (a < 100)
  Heap Blocks: exact=1800
  ->  Bitmap Index Scan on i  (cost=0.00..10.00 rows=10 width=0) (actual time=4.0..4.0 rows=1000 loops=1)
        Index Cond: (a < 100)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.lossy_heap_blocks <= 0 || !Ran(node) || IsBrinBitmap(plan, node)) return;
  const double pages = node.exact_heap_blocks + node.lossy_heap_blocks;
  const double share = node.lossy_heap_blocks / pages;
  const double wasted = node.TotalRemovedByRecheck();
  Finding& finding =
      ReportNode(kInfo, plan, node, node.exclusive_ms * share, pass,
                 absl::StrFormat("bitmap of `%s` was lossy for %s of %s pages", node.relation,
                                 Count(node.lossy_heap_blocks), Count(pages)));
  if (share < pass.option(kInfo, "share_min") && wasted <= node.TotalRows())
    finding.severity = std::min(finding.severity, Severity::kInfo);
  // 18 bytes a page and the hash table's slack: 100 is safe. Loops count pages again.
  const double kb = 100 * pages / node.Loops() * node.processes / 1024 * 1.5;
  finding.Primary(absl::StrFormat("%s rows checked in vain", Count(wasted)))
      .Measure("lossy_heap_blocks", node.lossy_heap_blocks, "blocks")
      .Measure("rows_removed_by_recheck", wasted, "rows")
      .Measure("work_mem_bytes", kb * 1024, "bytes")
      .Help(SetWorkMem(kb) + " for this query keeps the bitmap exact");
}

}  // namespace

extern constinit const Rule kBitmapLossy = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::bitmap_lossy
