// PLN009 combined-bitmap-indexes: two indexes are read and intersected where one composite index
// would do.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::combined_bitmap_indexes {
namespace {

constexpr RuleOption kOptions[] = {
    {"factor_min", 5, "times as many rows in the smallest index as in all, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN009",
    .name = "combined-bitmap-indexes",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "two indexes are read and intersected where one composite index would do",
    .why = R"md(
A BitmapAnd reads several indexes whole ranges at a time and keeps what is in all of them. Fires when
even the smallest of them finds `factor_min` times as many rows as are left. Saving: the time of the index
scans.
)md",
    .instead = R"md(
One index on the columns of both conditions, those compared for equality first. It may replace one of
the two.
)md",
    .bad =
        R"text(Bitmap Heap Scan on orders  (cost=300.00..400.00 rows=10 width=8) (actual time=20.0..21.0 rows=10 loops=1)
  Recheck Cond: ((customer_id = 7) AND (status = 'open'::text))
  ->  BitmapAnd  (cost=300.00..300.00 rows=10 width=0) (actual time=19.0..19.0 rows=0 loops=1)
        ->  Bitmap Index Scan on a  (cost=0.00..100.00 rows=9000 width=0) (actual time=8.0..8.0 rows=9000 loops=1)
              Index Cond: (customer_id = 7)
        ->  Bitmap Index Scan on b  (cost=0.00..200.00 rows=90000 width=0) (actual time=10.0..10.0 rows=90000 loops=1)
              Index Cond: (status = 'open'::text)
Execution Time: 21.1 ms)text",
    .good =
        R"text(Bitmap Heap Scan on orders  (cost=300.00..400.00 rows=10 width=8) (actual time=20.0..21.0 rows=8000 loops=1)
  ->  BitmapAnd  (cost=300.00..300.00 rows=10 width=0) (actual time=19.0..19.0 rows=0 loops=1)
        ->  Bitmap Index Scan on a  (cost=0.00..100.00 rows=9000 width=0) (actual time=8.0..8.0 rows=9000 loops=1)
              Index Cond: (customer_id = 7)
        ->  Bitmap Index Scan on b  (cost=0.00..200.00 rows=90000 width=0) (actual time=10.0..10.0 rows=90000 loops=1)
              Index Cond: (status = 'open'::text)
Execution Time: 21.1 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "BitmapAnd" || !Ran(node)) return;
  const PlanNode* heap = plan.ParentOf(node);
  if (heap == nullptr || heap->type != "Bitmap Heap Scan" || !Ran(*heap)) return;
  double smallest = 0;
  std::vector<std::string> indexes;
  for (int id : node.children) {
    const PlanNode& arm = plan.At(id);
    if (arm.type != "Bitmap Index Scan" || !Ran(arm)) return;
    if (indexes.empty() || arm.actual_rows < smallest) smallest = arm.actual_rows;
    indexes.push_back("`" + arm.index + "`");
  }
  if (indexes.size() < 2) return;
  const double kept = heap->actual_rows + heap->rows_removed_by_filter;
  if (smallest < pass.option(kInfo, "factor_min") * std::max(1.0, kept) || smallest < 100) return;
  Finding& finding =
      ReportNode(kInfo, plan, *heap, node.inclusive_ms, pass,
                 absl::StrFormat("%s are intersected on `%s`", Joined(indexes), heap->relation));
  finding
      .Primary(absl::StrFormat("the smallest finds %s rows, %s are in all", Count(smallest),
                               Count(kept)))
      .Measure("rows_smallest", smallest, "rows")
      .Measure("rows", kept, "rows");
  const std::string sql = IndexFor(*heap, pass.catalog(), ScanPredicates(plan, *heap));
  if (!sql.empty()) finding.Help(sql);
}

}  // namespace

extern constinit const Rule kCombinedBitmapIndexes = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::combined_bitmap_indexes
