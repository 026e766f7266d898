// PLN012 recheck-waste: an index is imprecise: rows that it finds are thrown away by the recheck.

#include "rules/plan/causes/brin_bitmap.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::recheck_waste {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 1000, "rows that the recheck removes, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN012",
    .name = "recheck-waste",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "an index is imprecise: rows that it finds are thrown away by the recheck",
    .why = R"md(
The index gives candidates and each row is checked again: GIN with trigrams or jsonb, GiST, BRIN. Fires
when the recheck removes at least `rows_min` rows and more than it keeps, with an exact bitmap or that of a BRIN index.
)md",
    .instead = R"md(
Longer search words for trigrams; `jsonb_path_ops` instead of `jsonb_ops` for `@>`; a smaller
`pages_per_range` for BRIN, and a table in that order; a btree where the condition allows one.
)md",
    .bad =
        R"text(Bitmap Heap Scan on t  (cost=10.00..900.00 rows=10 width=8) (actual time=5.0..90.0 rows=10 loops=1)
  Recheck Cond: (a ~~ '%ab%'::text)
  Rows Removed by Index Recheck: 9000
  Heap Blocks: exact=1800
  ->  Bitmap Index Scan on i  (cost=0.00..10.00 rows=10 width=0) (actual time=4.0..4.0 rows=9010 loops=1)
        Index Cond: (a ~~ '%ab%'::text)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Bitmap Heap Scan on t  (cost=10.00..900.00 rows=10 width=8) (actual time=5.0..90.0 rows=9000 loops=1)
  Recheck Cond: (a ~~ '%abcdef%'::text)
  Rows Removed by Index Recheck: 10
  Heap Blocks: exact=1800
  ->  Bitmap Index Scan on i  (cost=0.00..10.00 rows=10 width=0) (actual time=4.0..4.0 rows=9010 loops=1)
        Index Cond: (a ~~ '%abcdef%'::text)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!Ran(node) || (node.lossy_heap_blocks > 0 && !IsBrinBitmap(plan, node))) return;
  const double wasted = node.TotalRemovedByRecheck();
  if (wasted < pass.option(kInfo, "rows_min") || wasted < node.TotalRows()) return;
  const std::string& condition = node.recheck_cond.empty() ? node.index_cond : node.recheck_cond;
  ReportNode(kInfo, plan, node, node.exclusive_ms * wasted / (wasted + node.TotalRows()), pass,
             absl::StrFormat("the recheck on `%s` throws %s of %s rows away", node.relation,
                             Count(wasted), Count(wasted + node.TotalRows())))
      .Primary("the index is imprecise for " + OneLine(condition, 200))
      .Measure("rows_removed_by_recheck", wasted, "rows")
      .Help("a longer search word, another operator class, or a smaller pages_per_range (BRIN)");
}

}  // namespace

extern constinit const Rule kRecheckWaste = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::recheck_waste
