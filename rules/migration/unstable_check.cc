// MIG086 unstable-check: a CHECK whose answer changes though the row does not.

#include "absl/strings/str_format.h"
#include "rules/facts/volatility.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::unstable_check {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG086",
    .name = "unstable-check",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a CHECK constraint depends on the time, on chance or on other rows",
    .why = R"md(
A `CHECK` is evaluated when a row is written, and never again. One that calls `now()` or `random()` is true
then and false later: the row cannot be updated any more, and a dump cannot be restored.
)md",
    .instead = R"md(
Check it in a trigger, or in the statement that writes the row; a `CHECK` may only look at its own row.
)md",
    .bad = R"sql(CREATE TABLE offers (ends date, CHECK (ends > current_date));)sql",
    .good = R"sql(CREATE TABLE offers (begins date, ends date, CHECK (ends > begins));)sql",
});

void Check(const ConstraintDef& def, const QualifiedName& table, const Statement& statement,
           SqlPass& pass) {
  if (def.kind != ConstraintKind::kCheck || def.expr == nullptr) return;
  std::string culprit;
  const Volatility volatility = VolatilityOf(*def.expr, pass.catalog(), &culprit);
  bool changes =
      volatility == Volatility::kVolatile && pass.catalog().FindFunctions({"", culprit}).empty();
  // Many stable functions have immutable variants; these have none.
  WalkExpr(*def.expr, [&](const Expr& inner) {
    const std::string_view name = inner.LastName();
    const bool clock =
        inner.kind == ExprKind::kFunction &&
        (name == "now" || name == "transaction_timestamp" || name == "statement_timestamp");
    if (inner.kind != ExprKind::kValueFunction && !clock) return;
    changes = true;
    if (culprit.empty()) culprit = clock ? std::string(name) : inner.value;
  });
  if (!changes) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("the CHECK of `%s` changes its answer though the row does not",
                              table.ToString()))
      .On(table.ToString())
      .Primary(culprit.empty() ? "depends on more than its row"
                               : absl::StrFormat("`%s` is not the same later", culprit))
      .Help("check it in a trigger or where the row is written");
}

void CheckCreateTable(const CreateTable& create, const Statement& statement, SqlPass& pass) {
  const QualifiedName table = pass.catalog().Resolve(create.relation.name);
  for (const ConstraintDef& constraint : create.constraints)
    Check(constraint, table, statement, pass);
  for (const ColumnDef& column : create.columns) {
    for (const ConstraintDef& constraint : column.constraints)
      Check(constraint, table, statement, pass);
  }
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action == AlterAction::kAddConstraint && command.constraint.has_value()) {
      Check(*command.constraint, table, statement, pass);
    }
  }
}

}  // namespace

extern constinit const Rule kUnstableCheck =
    MakeSqlRule<&CheckCreateTable, &CheckAlterTable>(kInfo);

}  // namespace pgsift::unstable_check
