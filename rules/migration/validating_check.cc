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
every row is checked: nobody reads or writes the table meanwhile. So does a `CHECK` that comes with a new
column, though the column is NULL in every row.
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

void Report(const ConstraintDef& check, const AlterTable& alter, const Statement& statement,
            SqlPass& pass) {
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  Finding& finding =
      pass.Report(kInfo, statement.span,
                  absl::StrFormat("CHECK constraint on `%s` is checked for every row at once",
                                  table.ToString()));
  finding.On(table.ToString())
      .Primary("nobody reads or writes the table meanwhile")
      .Help("then, in a later transaction, ALTER TABLE … VALIDATE CONSTRAINT …");
  if (alter.subcommands.size() != 1) return;
  // Outside a transaction the next statement is the later one.
  const bool validate = pass.TransactionOf(statement) == nullptr && !check.name.empty();
  finding.Offer({.title = "add it NOT VALID, validate it later",
                 .safety = FixSafety::kUnsafe,
                 .edits = {InsertAfter(statement.span, validate ? NotValidThenValidate(alter, check)
                                                                : " NOT VALID")}});
}

// A column's own CHECK cannot be NOT VALID, and every row is read even if the column is NULL in
// all.
void ReportOfColumn(const AlterTable& alter, const std::string& column, const Statement& statement,
                    SqlPass& pass) {
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  pass.Report(kInfo, statement.span,
              absl::StrFormat("the CHECK of new column `%s.%s` is checked for every row at once",
                              table.ToString(), column))
      .On(table.ToString())
      .Primary("nobody reads or writes the table meanwhile")
      .Help(
          "add the column without it, then ADD CONSTRAINT … CHECK (…) NOT VALID, and VALIDATE "
          "CONSTRAINT in a later transaction");
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (alter.object != ObjectKind::kTable || pass.IsNew(statement, alter.relation.name)) return;
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  // Of a partitioned table its partitions are read.
  if (pass.effects().scans.empty()) return;
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action == AlterAction::kAddConstraint && command.constraint.has_value()) {
      const ConstraintDef& check = *command.constraint;
      if (check.kind != ConstraintKind::kCheck || check.not_valid || check.not_enforced) continue;
      Report(check, alter, statement, pass);
    }
    // Where the table is written anew the rows are read for that already.
    if (command.action != AlterAction::kAddColumn || !command.column.has_value()) continue;
    const ConstraintDef* check = command.column->Find(ConstraintKind::kCheck);
    if (check == nullptr || check->not_enforced || pass.effects().Rewrites(table)) continue;
    ReportOfColumn(alter, command.column->name, statement, pass);
  }
}

}  // namespace

extern constinit const Rule kValidatingCheck = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::validating_check
