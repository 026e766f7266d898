// QRY022 contradictory-condition: conditions on a column that cannot all hold.

#include <algorithm>
#include <cstdlib>
#include <map>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::contradictory_condition {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY022",
    .name = "contradictory-condition",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "conditions on one column contradict each other, so no row is ever found",
    .why = R"md(
`a = 1 AND a = 2` or `a > 5 AND a < 3` holds for no row. It is a slip: an OR or another column was
meant.
)md",
    .instead = R"md(
Correct the condition. With `a = 1 AND a = 2` usually `a IN (1, 2)` is meant.
)md",
    .bad = R"sql(SELECT id FROM orders WHERE status = 'new' AND status = 'paid';)sql",
    .good = R"sql(SELECT id FROM orders WHERE status IN ('new', 'paid');)sql",
});

// What conditions of AND say about one column.
struct Bounds {
  std::string equal;
  bool has_equal = false, has_low = false, has_high = false;
  double low = 0, high = 0;
  bool open = false;  // An end is not included.
};

bool Number(const Expr& expr, double* number) {
  const Expr* literal = Literal(expr);
  if (literal == nullptr) return false;
  if (literal->constant != ConstantKind::kInteger && literal->constant != ConstantKind::kFloat)
    return false;
  *number = std::atof(literal->value.c_str());
  return true;
}

// Adds a condition; true: it cannot hold together with the earlier ones.
bool Contradicts(const Expr& expr, Bounds* bounds) {
  const std::string_view op = expr.LastName();
  double number = 0;
  if (op == "=") {
    const std::string value = ToSql(expr.args[1]);
    if (bounds->has_equal && bounds->equal != value) return true;
    bounds->has_equal = true;
    bounds->equal = value;
    return false;
  }
  if (!Number(expr.args[1], &number)) return false;
  if (op == ">" || op == ">=") {
    bounds->low = bounds->has_low ? std::max(bounds->low, number) : number;
    bounds->has_low = true;
    bounds->open = bounds->open || op == ">";
  } else if (op == "<" || op == "<=") {
    bounds->high = bounds->has_high ? std::min(bounds->high, number) : number;
    bounds->has_high = true;
    bounds->open = bounds->open || op == "<";
  }
  if (!bounds->has_low || !bounds->has_high) return false;
  return bounds->low > bounds->high || (bounds->low == bounds->high && bounds->open);
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  for (const QueryBlock& block : query.blocks) {
    if (block.where == nullptr) continue;
    std::map<std::string, Bounds> by_column;
    EachConjunct(*block.where, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.args.size() < 2 || expr.negated) return;
      if (!expr.args[0].IsColumn()) return;
      bool impossible = false;
      if (expr.op == OperatorKind::kBetween && expr.args.size() == 3) {
        double low = 0, high = 0;
        impossible = Number(expr.args[1], &low) && Number(expr.args[2], &high) && low > high;
      } else if (expr.op == OperatorKind::kPlain && Literal(expr.args[1]) != nullptr &&
                 !expr.args[1].IsNullConstant()) {
        impossible = Contradicts(expr, &by_column[ToSql(expr.args[0])]);
      }
      if (!impossible) return;
      ReportPart(
          kInfo, query, expr.offset, pass,
          absl::StrFormat("the conditions on `%s` contradict each other", ToSql(expr.args[0])))
          .Primary("no row can satisfy this")
          .Help("correct the condition; IN or OR may be meant");
    });
  }
}

}  // namespace

extern constinit const Rule kContradictoryCondition = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::contradictory_condition
