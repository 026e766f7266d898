// QRY061 age-arithmetic: now() - column compared with an interval.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"
#include "rules/rewrite/statement_text.h"

namespace pgsift::age_arithmetic {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY061",
    .name = "age-arithmetic",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "now() - column is computed for every row, so no index on the column serves",
    .why = R"md(
The index knows the column, not its distance from now.
)md",
    .instead = R"md(
Move the arithmetic to the other side: `column < now() - interval '1 day'`.
)md",
    .bad = R"sql(SELECT id FROM sessions WHERE now() - seen_at > interval '1 day';)sql",
    .good = R"sql(SELECT id FROM sessions WHERE seen_at < now() - interval '1 day';)sql",
});

bool HasColumn(const Expr& expr) {
  bool column = false;
  WalkExpr(expr, [&](const Expr& e) { column = column || e.IsColumn(); });
  return column;
}

// The condition with the column by itself; empty: it is not of such a form.
std::string Rewritten(const Expr& expr) {
  const Expr& left = expr.args[0];
  const Expr& right = expr.args[1];
  if (HasColumn(right)) return {};
  const std::string op(expr.LastName());
  if (Calls(left, {"age"}) && !left.args.empty() && left.args.back().IsColumn()) {
    const std::string from = left.args.size() == 1 ? "current_date" : ToSql(left.args[0]);
    return ToSql(left.args.back()) + " " + Flipped(op) + " " + from + " - " + ToSql(right);
  }
  if (left.kind != ExprKind::kOperator || left.args.size() != 2) return {};
  if (left.LastName() == "-" && IsNow(left.args[0]) && left.args[1].IsColumn())
    return ToSql(left.args[1]) + " " + Flipped(op) + " " + ToSql(left.args[0]) + " - " +
           ToSql(right);
  const bool moves = left.LastName() == "+" || left.LastName() == "-";
  if (moves && left.args[0].IsColumn() && !HasColumn(left.args[1]) && IsNow(right))
    return ToSql(left.args[0]) + " " + op + " " + ToSql(right) +
           (left.LastName() == "+" ? " - " : " + ") + ToSql(left.args[1]);
  return {};
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    EachConjunct(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kPlain) return;
      if (expr.args.size() != 2) return;
      const std::string_view op = expr.LastName();
      if (op != "<" && op != "<=" && op != ">" && op != ">=") return;
      const std::string rewritten = Rewritten(expr);
      if (rewritten.empty()) return;
      Finding& finding =
          ReportPart(kInfo, query, expr.offset, pass,
                     absl::StrFormat("`%s` is computed for every row", ToSql(expr.args[0])));
      finding.Primary("no index on the column serves").Help(rewritten);
      ShowRewritten(WithCondition(query, expr.offset, rewritten),
                    "intervals of months, and days on which the clocks change, are counted by the "
                    "calendar from now on",
                    &finding);
    });
  }
}

}  // namespace

extern constinit const Rule kAgeArithmetic = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::age_arithmetic
