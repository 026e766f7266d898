// QRY010 unstable-page-order: pages over an order that has ties.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::unstable_page_order {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY010",
    .name = "unstable-page-order",
    .category = Category::kCorrectness,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "pages are cut from an order that has ties",
    .why = R"md(
Rows that are equal by ORDER BY may come in another order on every call: a row stands on two pages,
another on none.
)md",
    .instead = R"md(
End ORDER BY with a unique column, most simply the primary key.
)md",
    .bad = R"sql(CREATE TABLE orders (id int PRIMARY KEY, placed_at timestamptz);
SELECT id FROM orders ORDER BY placed_at LIMIT 20 OFFSET 40;)sql",
    .good = R"sql(CREATE TABLE orders (id int PRIMARY KEY, placed_at timestamptz);
SELECT id FROM orders ORDER BY placed_at, id LIMIT 20 OFFSET 40;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    if (block.limit == nullptr || block.offset == nullptr || block.order_by.empty()) continue;
    if (block.tables.size() != 1 || block.aggregated || block.distinct) continue;
    const Relation* table = pass.catalog().Find(block.tables[0].id);
    if (table == nullptr || !table->IsTable()) continue;
    const CatalogConstraint* key = table->PrimaryKey();
    if (key == nullptr) continue;
    std::vector<std::string> columns;
    for (const BlockSortKey& sort : block.order_by) {
      if (sort.column.resolved()) columns.push_back(sort.column.column);
    }
    for (const Predicate& predicate : block.predicates) {
      if (predicate.kind == PredicateKind::kEqual && !predicate.wrapped && !predicate.in_or)
        columns.push_back(predicate.column.column);
    }
    if (UniqueIndexWithin(*table, columns, pass.catalog()) != nullptr) continue;
    std::string order, tail;
    for (const BlockSortKey& sort : block.order_by) {
      if (!order.empty()) order += ", ";
      order += ToSql(*sort.expr) + (sort.descending ? " DESC" : "");
    }
    for (const std::string& column : key->columns) {
      tail += ", " + QuoteIdentifier(column) + (block.order_by.back().descending ? " DESC" : "");
    }
    Finding& finding =
        ReportPart(kInfo, query, block.order_by.front().expr->offset, pass,
                   absl::StrFormat("pages by `%s` overlap where it has ties", order));
    finding.On(table->name.ToString()).Primary("not unique");
    finding.Help("ORDER BY " + order + tail);
  }
}

}  // namespace

extern constinit const Rule kUnstablePageOrder = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::unstable_page_order
