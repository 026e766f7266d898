// MIG015 foreign-key-locks-both-tables: a new foreign key stops writes to the table that it points
// at.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::foreign_key_locks_both_tables {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG015",
    .name = "foreign-key-locks-both-tables",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {9, 5},
    .opt_in = true,
    .summary = "a new foreign key takes a lock on the table that it references",
    .why = R"md(
Adding a foreign key, also `NOT VALID` and also in `CREATE TABLE`, takes a `SHARE ROW EXCLUSIVE` lock on
the referenced table. It is short, but it waits behind every transaction that has written the table,
and all later writes wait behind it.
)md",
    .instead = R"md(
Set a `lock_timeout` and try again, and keep the transaction short: one foreign key to a busy table in
each.
)md",
    .bad =
        R"sql(CREATE TABLE notes (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id));)sql",
    .good = R"sql(CREATE TABLE notes (id bigint PRIMARY KEY, order_id bigint);)sql",
});

void Check(const RelationRef& referenced, const RelationRef& table, const Statement& statement,
           SqlPass& pass) {
  if (!InUse(referenced.name, statement, pass)) return;
  const QualifiedName other = pass.catalog().Resolve(referenced.name);
  if (other == pass.catalog().Resolve(table.name)) return;
  if (!pass.locks().lock_timeout().empty()) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("writes to `%s` wait while the foreign key from `%s` is added",
                              other.ToString(), pass.catalog().Resolve(table.name).ToString()))
      .On(other.ToString())
      .Primary(absl::StrFormat("takes a SHARE ROW EXCLUSIVE lock on `%s`", other.ToString()))
      .Help("before it: SET lock_timeout = '2s'; and let the migration be tried again");
}

void CheckCreateTable(const CreateTable& create, const Statement& statement, SqlPass& pass) {
  if (create.relation.temporary) return;
  for (const ConstraintDef& constraint : create.constraints) {
    if (constraint.kind != ConstraintKind::kForeignKey) continue;
    Check(constraint.referenced, create.relation, statement, pass);
  }
  for (const ColumnDef& column : create.columns) {
    const ConstraintDef* key = column.Find(ConstraintKind::kForeignKey);
    if (key != nullptr) Check(key->referenced, create.relation, statement, pass);
  }
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  for (const AlterSubcommand& command : alter.subcommands) {
    const ConstraintDef* key = nullptr;
    if (command.action == AlterAction::kAddConstraint && command.constraint.has_value() &&
        command.constraint->kind == ConstraintKind::kForeignKey) {
      key = &*command.constraint;
    }
    if (command.action == AlterAction::kAddColumn && command.column.has_value()) {
      key = command.column->Find(ConstraintKind::kForeignKey);
    }
    if (key != nullptr) Check(key->referenced, alter.relation, statement, pass);
  }
}

}  // namespace

extern constinit const Rule kForeignKeyLocksBothTables =
    MakeSqlRule<&CheckCreateTable, &CheckAlterTable>(kInfo);

}  // namespace pgsift::foreign_key_locks_both_tables
