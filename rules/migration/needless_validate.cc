// MIG021 needless-validate: VALIDATE of a constraint that is valid already.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::needless_validate {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG021",
    .name = "needless-validate",
    .category = Category::kCorrectness,
    .severity = Severity::kInfo,
    .since_pg = {9, 1},
    .summary = "VALIDATE CONSTRAINT of a constraint that is valid does nothing",
    .why = R"md(
The constraint was added without `NOT VALID`, or validated before: the statement does nothing. Often
`NOT VALID` was meant, and the table was read under the strong lock when the constraint was added.
)md",
    .instead = R"md(
Add the constraint `NOT VALID` in the earlier migration, or leave the statement out.
)md",
    .bad = R"sql(CREATE TABLE orders (total int, CONSTRAINT total_positive CHECK (total > 0));
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;)sql",
    .good = R"sql(CREATE TABLE orders (total int);
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;)sql",
});

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  const Relation* table = pass.catalog().Find(alter.relation.name);
  if (table == nullptr) return;
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kValidateConstraint) continue;
    const CatalogConstraint* constraint = table->FindConstraint(command.name);
    const bool kind = constraint != nullptr && (constraint->kind == ConstraintKind::kCheck ||
                                                constraint->kind == ConstraintKind::kForeignKey);
    if (!kind || !constraint->validated || constraint->inherited) continue;
    Finding& finding = pass.Report(kInfo, statement.span,
                                   absl::StrFormat("constraint `%s` of `%s` is valid already",
                                                   command.name, table->name.ToString()));
    finding.On(table->name.ToString()).Primary("does nothing");
    if (constraint->origin.span.known())
      finding.Also(constraint->origin.span, "added without NOT VALID");
    finding.Help("leave it out, or add the constraint NOT VALID");
  }
}

}  // namespace

extern constinit const Rule kNeedlessValidate = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::needless_validate
