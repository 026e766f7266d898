// MIG005 validating-check: a CHECK constraint that is checked for all rows as it is added.

#include "absl/strings/str_format.h"
#include "rules/rule.h"

namespace pgsift::validating_check {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG005",
    .name = "validating-check",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {9, 2},  // The release that brought NOT VALID for CHECK.
    .fix = FixSafety::kUnsafe,
    .summary = "ADD CHECK without NOT VALID reads the whole table under an ACCESS EXCLUSIVE lock",
    .why = R"md(
`ADD CONSTRAINT … CHECK` takes an `ACCESS EXCLUSIVE` lock and, without `NOT VALID`, keeps it while
every row is checked: nobody reads or writes the table meanwhile.
)md",
    .instead = R"md(
Add the constraint `NOT VALID`, which looks at no row; then, in a later transaction,
`VALIDATE CONSTRAINT`, which takes only a `SHARE UPDATE EXCLUSIVE` lock: reads and writes go on.
)md",
    .bad = "ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0);",
    .good = "ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;",
});

std::string NotValidThenValidate(const AlterTable& alter, const ConstraintDef& check) {
  return absl::StrFormat(" NOT VALID;\nALTER TABLE %s VALIDATE CONSTRAINT %s",
                         QuoteName(alter.relation.name), QuoteIdentifier(check.name));
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (alter.object != ObjectKind::kTable || pass.IsNew(statement, alter.relation.name)) return;
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAddConstraint || !command.constraint.has_value()) continue;
    const ConstraintDef& check = *command.constraint;
    if (check.kind != ConstraintKind::kCheck || check.not_valid || check.not_enforced) continue;
    Finding& finding =
        pass.Report(kInfo, statement.span,
                    absl::StrFormat("CHECK constraint on `%s` is checked for every row at once",
                                    table.ToString()));
    finding.On(table.ToString())
        .Primary("nobody reads or writes the table meanwhile")
        .Help("then, in a later transaction, ALTER TABLE … VALIDATE CONSTRAINT …");
    if (alter.subcommands.size() != 1) continue;
    // Outside a transaction the next statement is the later one.
    const bool validate = pass.TransactionOf(statement) == nullptr && !check.name.empty();
    finding.Offer(
        {.title = "add it NOT VALID, validate it later",
         .safety = FixSafety::kUnsafe,
         .edits = {InsertAfter(statement.span,
                               validate ? NotValidThenValidate(alter, check) : " NOT VALID")}});
  }
}

}  // namespace

extern constinit const Rule kValidatingCheck = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::validating_check
