// MIG051 rolled-back-migration: a migration that undoes itself.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::rolled_back_migration {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG051",
    .name = "rolled-back-migration",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "the transaction ends in ROLLBACK: nothing of it stays",
    .why = R"md(
The statements run and are undone, and the migration tool records the migration as applied. Often it is
left over from trying it out.
)md",
    .instead = R"md(
`COMMIT`, or delete the file.
)md",
    .bad = R"sql(BEGIN;
ALTER TABLE orders ADD COLUMN channel text;
ROLLBACK;)sql",
    .good = R"sql(BEGIN;
ALTER TABLE orders ADD COLUMN channel text;
COMMIT;)sql",
});

void CheckCommand(const TransactionCommand& command, const Statement& statement, SqlPass& pass) {
  const TransactionBlock* block = pass.TransactionOf(statement);
  if (command.kind != TransactionCommand::Kind::kRollback || block == nullptr) return;
  if (block->last != statement.index || statement.index == block->first) return;
  Finding& finding = pass.Report(kInfo, statement.span, "ROLLBACK undoes the whole migration");
  finding.Primary("nothing of this transaction stays");
  if (block->begin.known()) finding.Also(block->begin, "it begins here");
  finding.Help("COMMIT;");
}

}  // namespace

extern constinit const Rule kRolledBackMigration = MakeSqlRule<&CheckCommand>(kInfo);

}  // namespace pgsift::rolled_back_migration
