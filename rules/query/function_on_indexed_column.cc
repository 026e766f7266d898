// QRY003 function-on-indexed-column: a condition that hides an indexed column inside a function.

#include "absl/strings/str_format.h"
#include "rules/advisor/index_match.h"
#include "rules/query/query_rule.h"

namespace pgsift::function_on_indexed_column {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY003",
    .name = "function-on-indexed-column",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a function around an indexed column keeps the index from being used",
    .why = R"md(
An index on `email` knows nothing of `lower(email)`, one on `created_at` nothing of
`date(created_at)`: the condition is computed for every row.
)md",
    .instead = R"md(
Compare the bare column where you can: `created_at >= '2024-05-01' AND created_at < '2024-05-02'`
instead of `date(created_at) = '2024-05-01'`. Otherwise create an index on the very expression; its
functions must be immutable.
)md",
    .bad = "CREATE TABLE customers (id int, email text);\nCREATE INDEX customers_email ON "
           "customers (email);\n"
           "SELECT id FROM customers WHERE lower(email) = 'a@b.example';",
    .good = "CREATE TABLE customers (id int, email text);\nCREATE INDEX customers_email ON "
            "customers (email);\n"
            "CREATE INDEX customers_lower ON customers (lower(email));\n"
            "SELECT id FROM customers WHERE lower(email) = 'a@b.example';",
});

// An index that begins with the column, and whether one holds the expression itself.
const Relation* IndexOn(const Relation& table, const std::string& column,
                        const std::string& expression, const Catalog& catalog,
                        bool* expression_indexed) {
  const Relation* found = nullptr;
  for (const Relation* index : catalog.IndexesOf(table)) {
    if (!index->index.has_value()) continue;
    for (const IndexElement& element : index->index->elements) {
      if (element.expr != nullptr && BareSql(*element.expr) == expression)
        *expression_indexed = true;
    }
    const std::vector<IndexElement>& elements = index->index->elements;
    if (!elements.empty() && elements.front().column == column) found = index;
  }
  return found;
}

// A cast that the planner sees through, or that only changes how the value is written.
bool HidesColumn(const Expr& side, const CatalogColumn& column) {
  // Of a time: truncated-timestamp, column-cast-to-text and age-arithmetic say more.
  if (Calls(side, {"date", "date_trunc", "date_part", "extract", "to_char", "age"})) return false;
  if (side.kind == ExprKind::kFunction) return true;
  if (side.kind == ExprKind::kOperator) return true;
  if (side.kind != ExprKind::kCast || side.type == nullptr || !side.args[0].IsColumn())
    return false;
  const std::string& from = column.type.name.name;
  const std::string& to = side.type->name.name;
  return from != to && !(from == "varchar" && to == "text");
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    for (const Predicate& predicate : block.predicates) {
      if (!predicate.wrapped || predicate.side == nullptr || !predicate.column.resolved()) continue;
      const bool searchable = predicate.kind == PredicateKind::kEqual ||
                              predicate.kind == PredicateKind::kRange ||
                              predicate.kind == PredicateKind::kJoin;
      if (!searchable || predicate.in_or) continue;
      const BlockTable& named = block.tables[predicate.column.table];
      const Relation* table = pass.catalog().Find(named.id);
      const CatalogColumn* column =
          table != nullptr ? table->FindColumn(predicate.column.column) : nullptr;
      if (column == nullptr || !HidesColumn(*predicate.side, *column)) continue;
      const std::string expression = BareSql(*predicate.side);
      bool expression_indexed = false;
      const Relation* index =
          IndexOn(*table, column->name, expression, pass.catalog(), &expression_indexed);
      if (index == nullptr || expression_indexed) continue;
      Finding& finding = ReportQuery(kInfo, query, pass,
                                     absl::StrFormat("`%s` keeps index `%s` from being used",
                                                     expression, index->name.ToString()));
      finding.On(table->name.ToString()).Primary("computed for every row of the table");
      finding.Also(index->origin.span, "this index is on the bare column");
      finding.Help(absl::StrFormat(
          "CREATE INDEX CONCURRENTLY ON %s (%s), or compare the bare column",
          QuoteName(table->name),
          predicate.side->kind == ExprKind::kFunction ? expression : "(" + expression + ")"));
    }
  }
}

}  // namespace

extern constinit const Rule kFunctionOnIndexedColumn = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::function_on_indexed_column
