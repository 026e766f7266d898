// PLN008 sort-extends-index: rows that an index found are sorted for a LIMIT: the index could give
// the order.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::sort_extends_index {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 1000, "rows that are sorted, at least"},
    {"factor_min", 10, "times as many as the LIMIT keeps, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN008",
    .name = "sort-extends-index",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "rows that an index found are sorted for a LIMIT: the index could give the order",
    .why = R"md(
All matching rows are read and sorted, and a LIMIT takes a few. With the sort columns behind those of
the condition the index would give them in order, and the scan would stop after the LIMIT. Fires where the
scan of one table gives at least `rows_min` rows and `factor_min` times as many as the LIMIT keeps.
Saving: the share of rows that were not needed.
)md",
    .instead = R"md(
Create the index that the finding prints; it replaces the one that was used.
)md",
    .bad =
        R"text(Limit  (cost=100.00..100.10 rows=10 width=8) (actual time=50.0..50.1 rows=10 loops=1)
  ->  Sort  (cost=100.00..110.00 rows=5000 width=8) (actual time=50.0..50.0 rows=10 loops=1)
        Sort Key: created_at DESC
        Sort Method: top-N heapsort  Memory: 25kB
        ->  Index Scan using orders_customer_idx on orders  (cost=0.42..90.00 rows=5000 width=8) (actual time=0.1..45.0 rows=20000 loops=1)
              Index Cond: (customer_id = 7)
Execution Time: 51.0 ms)text",
    .good =
        R"text(Limit  (cost=100.00..100.10 rows=10 width=8) (actual time=0.1..0.2 rows=10 loops=1)
  ->  Sort  (cost=100.00..110.00 rows=15 width=8) (actual time=0.1..0.1 rows=10 loops=1)
        Sort Key: created_at DESC
        Sort Method: top-N heapsort  Memory: 25kB
        ->  Index Scan using orders_customer_idx on orders  (cost=0.42..90.00 rows=15 width=8) (actual time=0.0..0.1 rows=15 loops=1)
              Index Cond: (customer_id = 7)
Execution Time: 0.3 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Sort" || !Ran(node)) return;
  const PlanNode* limit = plan.ParentOf(node);
  if (limit != nullptr && limit->type == "Gather Merge") limit = plan.ParentOf(*limit);
  const PlanNode* scan = plan.ChildOf(node);
  if (limit == nullptr || limit->type != "Limit" || scan == nullptr || !Ran(*scan)) return;
  if (!IsIndexScan(*scan) && scan->type != "Bitmap Heap Scan") return;
  const double rows = scan->TotalRows();
  const double wanted = std::max(1.0, limit->TotalRows());
  if (rows < pass.option(kInfo, "rows_min") || rows < pass.option(kInfo, "factor_min") * wanted)
    return;
  std::vector<std::string> order;
  for (const std::string& key : node.sort_keys) {
    order.push_back(IndexKeyOfSortKey(*scan, key));
    if (order.back().empty()) return;
  }
  std::vector<PlanPredicate> predicates = ScanPredicates(plan, *scan);
  Finding& finding = ReportNode(kInfo, plan, node, node.inclusive_ms * (1 - wanted / rows), pass,
                                absl::StrFormat("%s rows of `%s` are sorted to keep %s",
                                                Count(rows), scan->relation, Count(wanted)));
  finding.Primary("by " + Joined(node.sort_keys))
      .Measure("rows", rows, "rows")
      .Measure("rows_kept", wanted, "rows");
  const std::string sql = IndexFor(*scan, pass.catalog(), predicates, order);
  if (!sql.empty()) finding.Help(sql);
  finding.relation = pass.catalog().Resolve({scan->schema, scan->relation}).ToString();
}

}  // namespace

extern constinit const Rule kSortExtendsIndex = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::sort_extends_index
