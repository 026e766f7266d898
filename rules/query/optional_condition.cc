// QRY020 optional-condition: a filter that a parameter switches off.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::optional_condition {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY020",
    .name = "optional-condition",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "`$1 IS NULL OR column = $1` keeps the planner from using an index on the column",
    .why = R"md(
One statement serves both with and without the filter, so its plan has to as well: in a generic plan
(a prepared statement after five runs, a function) the whole table is read even when the filter is
given.
)md",
    .instead = R"md(
Build the statement with only the conditions that are asked for, or `SET plan_cache_mode =
force_custom_plan` where it runs.
)md",
    .bad = R"sql(SELECT id FROM orders WHERE ($1::int IS NULL OR customer_id = $1::int);)sql",
    .good = R"sql(SELECT id FROM orders WHERE customer_id = $1;)sql",
});

const Expr& Bare(const Expr& expr) {
  return expr.kind == ExprKind::kCast && expr.args.size() == 1 ? Bare(expr.args[0]) : expr;
}

// `$1 IS NULL OR column op $1`: gives the comparison.
const Expr* SwitchedOff(const Expr& condition) {
  if (condition.kind != ExprKind::kOr) return nullptr;
  const Expr* parameter = nullptr;
  for (const Expr& arm : condition.args) {
    if (arm.kind == ExprKind::kNullTest && !arm.negated &&
        Bare(arm.args[0]).kind == ExprKind::kParam)
      parameter = &Bare(arm.args[0]);
  }
  if (parameter == nullptr) return nullptr;
  for (const Expr& arm : condition.args) {
    if (arm.kind != ExprKind::kOperator) continue;
    bool uses = false;
    WalkExpr(arm, [&](const Expr& e) {
      uses = uses || (e.kind == ExprKind::kParam && e.value == parameter->value);
    });
    if (uses) return &arm;
  }
  return nullptr;
}

// `column = COALESCE($1, column)`.
bool DefaultsToItself(const Expr& condition) {
  if (condition.kind != ExprKind::kOperator || condition.LastName() != "=") return false;
  if (condition.args.size() != 2 || !condition.args[0].IsColumn()) return false;
  const Expr& value = condition.args[1];
  if (value.kind != ExprKind::kCoalesce || value.args.size() != 2) return false;
  return Bare(value.args[0]).kind == ExprKind::kParam &&
         ToSql(value.args[1]) == ToSql(condition.args[0]);
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    EachConjunct(block, [&](const Expr& condition) {
      const Expr* comparison = SwitchedOff(condition);
      if (comparison == nullptr && DefaultsToItself(condition)) comparison = &condition;
      if (comparison == nullptr) return;
      Finding& finding = ReportPart(
          kInfo, query, comparison->offset, pass,
          absl::StrFormat("`%s` can be switched off, so no index serves it", ToSql(*comparison)));
      finding.Primary("one plan has to serve both cases");
      if (comparison == &condition)
        finding.Note("rows in which the column is NULL are never found, even without a value");
      finding.Help("leave the condition out of the statement where no value is given");
      finding.Help("SET plan_cache_mode = force_custom_plan");
    });
  }
}

}  // namespace

extern constinit const Rule kOptionalCondition = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::optional_condition
