// QRY058 not-distinct-condition: IS NOT DISTINCT FROM on a column.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::not_distinct_condition {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY058",
    .name = "not-distinct-condition",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "IS NOT DISTINCT FROM uses no index",
    .why = R"md(
No operator class knows it: the table is read whole, and joins become nested loops.
)md",
    .instead = R"md(
`a = b OR (a IS NULL AND b IS NULL)`; where the value is known not to be NULL, `=`.
)md",
    .bad = R"sql(SELECT id FROM orders WHERE customer_id IS NOT DISTINCT FROM 5;)sql",
    .good = R"sql(SELECT id FROM orders WHERE customer_id = 5;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    EachConjunct(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kDistinct) return;
      if (!expr.negated || expr.args.size() != 2) return;
      if (!expr.args[0].IsColumn() && !expr.args[1].IsColumn()) return;
      const std::string a = ToSql(expr.args[0]);
      const std::string b = ToSql(expr.args[1]);
      const Expr* literal = Literal(expr.args[1]);
      const bool value = literal != nullptr && !literal->IsNullConstant();
      ReportPart(kInfo, query, expr.offset, pass,
                 absl::StrFormat("no index serves `%s`", ToSql(expr)))
          .Primary("no operator class knows this comparison")
          .Help(value ? a + " = " + b
                      : "(" + a + " = " + b + " OR (" + a + " IS NULL AND " + b + " IS NULL))");
    });
  }
}

}  // namespace

extern constinit const Rule kNotDistinctCondition = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::not_distinct_condition
