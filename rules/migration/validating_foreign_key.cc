// MIG004 validating-foreign-key: a foreign key that is checked for all rows as it is added.

#include "absl/strings/str_format.h"
#include "rules/rule.h"

namespace pgsift::validating_foreign_key {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG004",
    .name = "validating-foreign-key",
    .category = Category::kLocking,
    .severity = Severity::kError,
    .since_pg = {9, 1},  // The release that brought NOT VALID.
    .fix = FixSafety::kUnsafe,
    .summary =
        "ADD FOREIGN KEY without NOT VALID checks every row while writes to both tables wait",
    .why = R"md(
Adding a foreign key takes a `SHARE ROW EXCLUSIVE` lock on both tables: writes to either wait, reads
go on. Without `NOT VALID` the lock is held while every row of the referencing table is looked up in
the other one.
)md",
    .instead = R"md(
Add the constraint `NOT VALID`, which looks at no row and holds the lock for an instant; then, in a
later transaction, `VALIDATE CONSTRAINT`, which reads the table while both stay writable.
)md",
    .bad = "ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) "
           "REFERENCES customers (id);",
    .good = "ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) "
            "REFERENCES customers (id) NOT VALID;",
});

std::string NotValidThenValidate(const AlterTable& alter, const ConstraintDef& key) {
  return absl::StrFormat(" NOT VALID;\nALTER TABLE %s VALIDATE CONSTRAINT %s",
                         QuoteName(alter.relation.name), QuoteIdentifier(key.name));
}

void Report(const ConstraintDef& key, const AlterTable& alter, const Statement& statement,
            SqlPass& pass) {
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  const QualifiedName other = pass.catalog().Resolve(key.referenced.name);
  Finding& finding =
      pass.Report(kInfo, statement.span,
                  absl::StrFormat("foreign key from `%s` to `%s` is checked for every row at once",
                                  table.ToString(), other.ToString()));
  finding.On(table.ToString())
      .Primary(
          absl::StrFormat("writes to `%s` and to `%s` wait meanwhile", table.name, other.name));
  const Relation* known = pass.catalog().Find(alter.relation.name);
  if (known != nullptr && known->kind == RelationKind::kPartitionedTable &&
      pass.pg() < PgVersion{18, 0}) {
    finding.Note(
        "NOT VALID is not allowed for foreign keys of partitioned tables before PostgreSQL 18");
    finding.Help(
        "add the key NOT VALID to each partition, validate those, then add it to the parent");
    return;
  }
  finding.Help("then, in a later transaction, ALTER TABLE … VALIDATE CONSTRAINT …");
  if (alter.subcommands.size() != 1) return;
  // Outside a transaction the next statement is the later one.
  const bool validate = pass.TransactionOf(statement) == nullptr && !key.name.empty();
  finding.Offer({.title = "add it NOT VALID, validate it later",
                 .safety = FixSafety::kUnsafe,
                 .edits = {InsertAfter(
                     statement.span, validate ? NotValidThenValidate(alter, key) : " NOT VALID")}});
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (pass.IsNew(statement, alter.relation.name)) return;
  // A new column that is NULL in all rows has nothing to check.
  if (pass.effects().scans.empty()) return;
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action == AlterAction::kAddConstraint && command.constraint.has_value()) {
      const ConstraintDef& key = *command.constraint;
      if (key.kind != ConstraintKind::kForeignKey || key.not_valid || key.not_enforced) continue;
      Report(key, alter, statement, pass);
    }
    if (command.action == AlterAction::kAddColumn && command.column.has_value()) {
      const ConstraintDef* key = command.column->Find(ConstraintKind::kForeignKey);
      const ConstraintDef* value = command.column->Find(ConstraintKind::kDefault);
      if (key == nullptr || key->not_enforced || value == nullptr) continue;
      if (value->expr == nullptr || value->expr->IsNullConstant()) continue;
      Report(*key, alter, statement, pass);
    }
  }
}

}  // namespace

extern constinit const Rule kValidatingForeignKey = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::validating_foreign_key
