// PLN005 filtered-index-scan: an index scan fetches many rows that a filter then throws away.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::filtered_index_scan {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 1000, "rows that the filter removes, all loops, at least"},
    {"factor_min", 5, "times as many as it keeps, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN005",
    .name = "filtered-index-scan",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "an index scan fetches many rows that a filter then throws away",
    .why = R"md(
The index finds too much: the condition on other columns is checked row by row, in the table. The rule
fires when the filter of an index scan or bitmap scan removes at least `rows_min` rows over all loops and
`factor_min` times as many as it keeps. Saving: the share of rows removed in the node's time.
)md",
    .instead = R"md(
An index that also has the filter's column: columns compared for equality first, then the range. A
partial index, where the filter is always the same.
)md",
    .bad =
        R"text(Index Scan using orders_customer_idx on orders  (cost=0.42..900.00 rows=10 width=8) (actual time=0.1..80.0 rows=10 loops=1)
  Index Cond: (customer_id = 7)
  Filter: (status = 'open'::text)
  Rows Removed by Filter: 50000
Execution Time: 80.1 ms)text",
    .good =
        R"text(Index Scan using orders_customer_idx on orders  (cost=0.42..900.00 rows=10 width=8) (actual time=0.1..80.0 rows=50000 loops=1)
  Index Cond: (customer_id = 7)
  Filter: (status = 'open'::text)
  Rows Removed by Filter: 10
Execution Time: 80.1 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  const bool bitmap = node.type == "Bitmap Heap Scan";
  if (!Ran(node) || node.filter.empty() || !(IsIndexScan(node) || bitmap)) return;
  // An index that only gives the order is a matter of its own: order-index-trap.
  if (IsIndexScan(node) && GivesOrderAlone(node)) return;
  const double removed = node.TotalRemovedByFilter();
  const double kept = node.TotalRows();
  if (removed < pass.option(kInfo, "rows_min") || removed < pass.option(kInfo, "factor_min") * kept)
    return;
  const double read = removed + kept;
  const std::string by = node.index.empty() ? "its index" : "`" + node.index + "`";
  Finding& finding = ReportNode(kInfo, plan, node, node.inclusive_ms * removed / read, pass,
                                absl::StrFormat("%s finds %s rows of `%s`, the filter keeps %s", by,
                                                Count(read), node.relation, Count(kept)));
  finding.Primary("the filter " + OneLine(node.filter, 200) + " is checked in the table")
      .Measure("rows_removed", removed, "rows")
      .Measure("rows", kept, "rows");
  const std::vector<PlanPredicate> predicates = ScanPredicates(plan, node);
  const std::string sql = IndexFor(node, pass.catalog(), predicates, {}, true);
  if (!sql.empty()) finding.Help(sql);
  bool indexable = false;
  for (const PlanPredicate& predicate : PredicatesOf(node, node.filter))
    indexable = indexable || !predicate.key.empty();
  if (!indexable) {
    finding.Help(absl::StrFormat("a partial index: … ON %s (…) WHERE %s",
                                 TableSql(node, pass.catalog()), OneLine(node.filter, 200)));
  }
}

}  // namespace

extern constinit const Rule kFilteredIndexScan = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::filtered_index_scan
