// MIG016 foreign-key-drop-locks-both-tables: dropping a foreign key stops readers of the table that
// it points at.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::foreign_key_drop_locks_both_tables {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG016",
    .name = "foreign-key-drop-locks-both-tables",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "dropping a foreign key locks the table that it references against reads too",
    .why = R"md(
Dropping a foreign key, or the table or column that has it, removes triggers from both tables: the
referenced table is locked `ACCESS EXCLUSIVE` as well. It is short, but it waits behind every query on
that table, and all later ones wait behind it.
)md",
    .instead = R"md(
Drop foreign keys first, each in a transaction of its own with a `lock_timeout`; then the column or
table.
)md",
    .bad = R"sql(BEGIN;
CREATE TABLE customers (id int PRIMARY KEY);
CREATE TABLE orders (customer_id int CONSTRAINT orders_customer REFERENCES customers);
COMMIT;
ALTER TABLE orders DROP CONSTRAINT orders_customer;)sql",
    .good = R"sql(ALTER TABLE orders DROP CONSTRAINT orders_total_check;)sql",
});

void CheckStatement(const Statement& statement, SqlPass& pass) {
  const auto* drop = statement.As<Drop>();
  const auto* alter = statement.As<AlterTable>();
  if (drop != nullptr && drop->object != ObjectKind::kTable) return;
  if (drop == nullptr && alter == nullptr) return;
  if (!pass.locks().lock_timeout().empty()) return;
  const auto named = [&](const QualifiedName& name) {
    if (alter != nullptr) return pass.catalog().Resolve(alter->relation.name) == name;
    return std::any_of(drop->names.begin(), drop->names.end(), [&](const QualifiedName& each) {
      return pass.catalog().Resolve(each) == name;
    });
  };
  const auto drops_key = [&] {
    if (drop != nullptr) return true;
    return std::any_of(alter->subcommands.begin(), alter->subcommands.end(),
                       [](const AlterSubcommand& command) {
                         return command.action == AlterAction::kDropConstraint ||
                                command.action == AlterAction::kDropColumn;
                       });
  };
  if (!drops_key()) return;
  for (const LockEffect* lock : LocksInUse(statement, pass, LockMode::kAccessExclusive)) {
    const Relation* other = pass.catalog().Find(lock->id);
    // Partitions of the table itself, and its own parent, go another way.
    if (other == nullptr || !other->parents.empty() || !other->children.empty()) continue;
    if (named(lock->name) || lock->kind == RelationKind::kMaterializedView) continue;
    pass.Report(kInfo, statement.span,
                absl::StrFormat("dropping the foreign key locks `%s` against reads and writes too",
                                lock->name.ToString()))
        .On(lock->name.ToString())
        .Primary("waits for every running query on it, and all later ones wait behind it")
        .Help("before it: SET lock_timeout = '2s'; and let the migration be tried again");
  }
}

}  // namespace

extern constinit const Rule kForeignKeyDropLocksBothTables = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::foreign_key_drop_locks_both_tables
