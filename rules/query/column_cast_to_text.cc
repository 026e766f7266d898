// QRY067 column-cast-to-text: a column compared as text though it is none.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

namespace pgsift::column_cast_to_text {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY067",
    .name = "column-cast-to-text",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "the column is cast to text for every row to be compared",
    .why = R"md(
`CAST(id AS text) = '5'` writes every number as text before it compares: no index on `id` serves,
and '05' is another value.
)md",
    .instead = R"md(
Cast the value to the column's type: `id = '5'::bigint`.
)md",
    .bad = R"sql(CREATE TABLE orders (id bigint PRIMARY KEY);
SELECT 1 FROM orders WHERE id::text = '5';)sql",
    .good = R"sql(CREATE TABLE orders (id bigint PRIMARY KEY);
SELECT 1 FROM orders WHERE id = '5'::bigint;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    EachConjunct(query.blocks[at], [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.args.size() != 2) return;
      const bool equality =
          expr.LastName() == "=" && (expr.op == OperatorKind::kPlain ||
                                     expr.op == OperatorKind::kIn || expr.op == OperatorKind::kAny);
      const Expr& side = expr.args[0];
      if (!equality || side.kind != ExprKind::kCast || side.type == nullptr) return;
      if (FamilyOf(*side.type, pass.catalog()) != TypeFamily::kText) return;
      const KnownColumn column = FindColumn(query, at, side.args[0], pass.catalog());
      if (!column.known()) return;
      const TypeFamily family = FamilyOf(column.column->type, pass.catalog());
      if (family != TypeFamily::kInteger && family != TypeFamily::kUuid &&
          family != TypeFamily::kNumeric)
        return;
      if (IsIndexedExpression(*column.table, side, pass.catalog())) return;
      const std::string type = column.column->type.ToString();
      const bool plain = expr.op == OperatorKind::kPlain;
      const std::string bare =
          absl::StrFormat("%s = (%s)::%s", ToSql(side.args[0]), ToSql(expr.args[1]), type);
      Finding& finding =
          ReportPart(kInfo, query, side.offset, pass,
                     absl::StrFormat("`%s` is written as text for every row", ToSql(side.args[0])));
      finding.On(column.table->name.ToString())
          .Primary(absl::StrFormat("the column is %s", type))
          .Help(plain ? bare : absl::StrFormat("cast the values to %s, not the column", type));
      if (plain) {
        ShowRewritten(WithCondition(query, expr.offset, bare),
                      "a value that is no " + type + " is an error now, and '007' is 7", &finding);
      }
    });
  }
}

}  // namespace

extern constinit const Rule kColumnCastToText = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::column_cast_to_text
