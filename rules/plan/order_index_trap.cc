// PLN007 order-index-trap: an index was walked in sort order for a LIMIT, past most of the table.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::order_index_trap {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "rows that the filter removes, at least"},
    {"factor_min", 100, "times as many as it keeps, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN007",
    .name = "order-index-trap",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "an index was walked in sort order for a LIMIT, past most of the table",
    .why = R"md(
`ORDER BY … LIMIT n` reads an index that gives the order and hopes to meet n matching rows soon. The
filter matched few, or late, and the scan went through `rows_min` rows and more, `factor_min` times as many
as it kept. Saving: the share of rows removed.
)md",
    .instead = R"md(
An index with the filter's columns first and the sort columns behind: it gives both. Until then
`ORDER BY col + 0` keeps the planner from using the order.
)md",
    .bad =
        R"text(Limit  (cost=0.42..50.00 rows=10 width=8) (actual time=90.0..95.0 rows=10 loops=1)
  ->  Index Scan using orders_created_idx on orders  (cost=0.42..9000.00 rows=2000 width=8) (actual time=90.0..94.9 rows=10 loops=1)
        Filter: (customer_id = 7)
        Rows Removed by Filter: 200000
Execution Time: 95.1 ms)text",
    .good =
        R"text(Limit  (cost=0.42..50.00 rows=10 width=8) (actual time=0.0..0.1 rows=10 loops=1)
  ->  Index Scan using orders_created_idx on orders  (cost=0.42..9000.00 rows=2000 width=8) (actual time=0.0..0.1 rows=10 loops=1)
        Filter: (customer_id = 7)
        Rows Removed by Filter: 20
Execution Time: 0.2 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!Ran(node) || !IsIndexScan(node) || node.filter.empty()) return;
  const PlanNode* limit = Above(plan, node, "Limit");
  if (limit == nullptr || !GivesOrderAlone(node)) return;
  const double removed = node.TotalRemovedByFilter();
  if (removed < pass.option(kInfo, "rows_min") ||
      removed < pass.option(kInfo, "factor_min") * node.TotalRows())
    return;
  Finding& finding = ReportNode(
      kInfo, plan, node, node.exclusive_ms * removed / (removed + node.TotalRows()), pass,
      absl::StrFormat("`%s` gives the order for a LIMIT, past %s rows that do not match",
                      node.index, Count(removed)));
  finding.Primary("the filter " + OneLine(node.filter, 200) + " is checked row by row")
      .Measure("rows_removed", removed, "rows")
      .Measure("rows", node.TotalRows(), "rows");
  // The order is that of the index, where the schema tells it.
  std::vector<std::string> order;
  if (const Relation* table = TableOf(node, pass.catalog())) {
    for (const Relation* index : pass.catalog().IndexesOf(*table)) {
      if (index->name.name != node.index || !index->index.has_value()) continue;
      for (const IndexElement& element : index->index->elements) {
        if (!element.column.empty()) order.push_back(QuoteIdentifier(element.column));
      }
    }
  }
  // min() and max() leave NULLs out: of the column that they look for.
  if (order.empty() && !node.index_cond.empty()) {
    for (const PlanPredicate& predicate : PredicatesOf(node, node.index_cond)) {
      if (predicate.columns.size() == 1) order.push_back(QuoteIdentifier(predicate.columns[0]));
    }
  }
  std::vector<PlanPredicate> predicates = PredicatesOf(node, node.filter);
  const std::string sql = IndexFor(node, pass.catalog(), predicates, order);
  if (!sql.empty() && !order.empty()) {
    finding.Help(sql);
  } else {
    finding.Help("an index on the filter's columns, and behind them the columns of `" + node.index +
                 "`" + (sql.empty() ? "" : ": " + sql + " with these appended"));
  }
  finding.Help("until then, ORDER BY col + 0 keeps the planner from walking the index");
}

}  // namespace

extern constinit const Rule kOrderIndexTrap = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::order_index_trap
