// QRY011 like-without-wildcard: LIKE with a pattern that is a plain text.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::like_without_wildcard {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY011",
    .name = "like-without-wildcard",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "LIKE without a wildcard is an equality written the slow way",
    .why = R"md(
A pattern without `%` and `_` matches exactly one text. As `LIKE` it is served by an index only
where its operator class or the C collation allows it.
)md",
    .instead = R"md(
Use `=`.
)md",
    .bad = R"sql(SELECT id FROM customers WHERE country LIKE 'DE';)sql",
    .good = R"sql(SELECT id FROM customers WHERE country = 'DE';)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    EachInConditions(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kLike) return;
      if (expr.args.size() != 2) return;
      const Expr* pattern = Literal(expr.args[1]);
      if (pattern == nullptr || pattern->constant != ConstantKind::kString) return;
      if (pattern->value.find_first_of("%_\\") != std::string::npos) return;
      ReportPart(kInfo, query, expr.offset, pass,
                 absl::StrFormat("`%s` has no wildcard", ToSql(expr)))
          .Primary("matches one text only")
          .Help(ToSql(expr.args[0]) + (expr.negated ? " <> " : " = ") + ToSql(expr.args[1]));
    });
  }
}

}  // namespace

extern constinit const Rule kLikeWithoutWildcard = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::like_without_wildcard
