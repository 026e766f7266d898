// QRY005 compared-with-null: = NULL, which is never true.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::compared_with_null {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY005",
    .name = "compared-with-null",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "a comparison with NULL is never true",
    .why = R"md(
`a = NULL` and `a <> NULL` are unknown for every `a`, NULL included: the condition never holds, and
under NOT neither.
)md",
    .instead = R"md(
`a IS NULL` and `a IS NOT NULL`; to compare two values of which either may be NULL: `a IS NOT
DISTINCT FROM b`.
)md",
    .bad = R"sql(SELECT id FROM orders WHERE shipped_at = NULL;)sql",
    .good = R"sql(SELECT id FROM orders WHERE shipped_at IS NULL;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    EachExpr(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kPlain) return;
      if (expr.args.size() != 2 || (expr.LastName() != "=" && expr.LastName() != "<>")) return;
      const bool left = expr.args[0].IsNullConstant();
      if (!left && !expr.args[1].IsNullConstant()) return;
      const std::string other = ToSql(expr.args[left ? 1 : 0]);
      ReportPart(kInfo, query, expr.offset, pass,
                 absl::StrFormat("`%s` is never true", ToSql(expr)))
          .Primary("unknown for every row")
          .Help(other + (expr.LastName() == "=" ? " IS NULL" : " IS NOT NULL"));
    });
  }
}

}  // namespace

extern constinit const Rule kComparedWithNull = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::compared_with_null
