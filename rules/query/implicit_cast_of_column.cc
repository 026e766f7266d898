// QRY014 implicit-cast-of-column: a value whose type makes the server cast the column.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::implicit_cast_of_column {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY014",
    .name = "implicit-cast-of-column",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "the value's type makes the server cast the column, so no index on it serves",
    .why = R"md(
When the two sides of a comparison have different types, PostgreSQL casts to the wider one.
`bigint_column = 5.0` compares as numeric, `char_column = text` as text, `date_column = timestamp`
as timestamp: it is the column that is cast, for every row, and its index does not know the result.
)md",
    .instead = R"md(
Give the value in the column's own type: cast the parameter or the literal, not the column.
)md",
    .bad = R"sql(CREATE TABLE orders (id bigint PRIMARY KEY, total int);
SELECT total FROM orders WHERE id = 17.0;)sql",
    .good = R"sql(CREATE TABLE orders (id bigint PRIMARY KEY, total int);
SELECT total FROM orders WHERE id = 17;)sql",
});

// What the server makes of the value by itself: a number with a point is numeric, a quoted text
// takes the column's type.
TypeFamily ValueFamily(const Expr& value, const Catalog& catalog) {
  if (value.kind == ExprKind::kCast && value.type != nullptr) return FamilyOf(*value.type, catalog);
  if (value.kind == ExprKind::kConstant) {
    if (value.constant == ConstantKind::kFloat) return TypeFamily::kNumeric;
    if (value.constant == ConstantKind::kInteger) return TypeFamily::kInteger;
  }
  if (value.kind == ExprKind::kOperator && value.args.size() == 1)
    return ValueFamily(value.args[0], catalog);
  return TypeFamily::kUnknown;
}

// The column is cast to compare: its family comes before the value's in the order of promotion and
// they share no btree operator family.
bool CastsColumn(TypeFamily column, TypeFamily value) {
  switch (column) {
    case TypeFamily::kInteger:
      return value == TypeFamily::kNumeric || value == TypeFamily::kFloat;
    case TypeFamily::kNumeric:
      return value == TypeFamily::kFloat;
    case TypeFamily::kChar:
      return value == TypeFamily::kText;
    default:
      return false;
  }
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    for (const Predicate& predicate : block.predicates) {
      if (predicate.wrapped || predicate.value == nullptr || !predicate.column.resolved()) continue;
      if (predicate.kind != PredicateKind::kEqual && predicate.kind != PredicateKind::kRange)
        continue;
      const Relation* table = pass.catalog().Find(block.tables[predicate.column.table].id);
      const CatalogColumn* column =
          table != nullptr ? table->FindColumn(predicate.column.column) : nullptr;
      if (column == nullptr) continue;
      const TypeFamily value = ValueFamily(*predicate.value, pass.catalog());
      if (!CastsColumn(FamilyOf(column->type, pass.catalog()), value)) continue;
      const Relation* index = IndexBeginningWith(*table, column->name, pass.catalog());
      Finding& finding = ReportPart(kInfo, query, predicate.expr->offset, pass,
                                    absl::StrFormat("`%s` casts column `%s` of every row",
                                                    ToSql(*predicate.expr), column->name));
      if (index == nullptr) finding.severity = std::min(finding.severity, Severity::kInfo);
      finding.On(table->name.ToString());
      finding.Primary(
          absl::StrFormat("the column is %s, the value is wider", column->type.ToString()));
      if (index != nullptr) finding.Also(index->origin.span, "this index cannot be used");
      const bool fraction = predicate.value->kind == ExprKind::kConstant &&
                            predicate.value->constant == ConstantKind::kFloat;
      finding.Help(fraction ? absl::StrFormat("give a value of type %s", column->type.ToString())
                            : absl::StrFormat("cast the value: (%s)::%s", ToSql(*predicate.value),
                                              column->type.ToString()));
    }
  }
}

}  // namespace

extern constinit const Rule kImplicitCastOfColumn = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::implicit_cast_of_column
