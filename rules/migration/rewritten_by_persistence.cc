// MIG025 rewritten-by-persistence: SET LOGGED, SET UNLOGGED, SET TABLESPACE, SET ACCESS METHOD of a
// table in use.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::rewritten_by_persistence {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG025",
    .name = "rewritten-by-persistence",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {9, 5},
    .summary = "moving a table to another persistence, tablespace or access method copies it while "
               "nobody can use it",
    .why = R"md(
`SET LOGGED`, `SET UNLOGGED`, `SET TABLESPACE` and `SET ACCESS METHOD` copy the whole table under an
`ACCESS EXCLUSIVE` lock. Going to `LOGGED` also writes all of it to the WAL, which replicas have to read;
an `UNLOGGED` table is emptied after a crash and is not replicated.
)md",
    .instead = R"md(
Decide it when the table is created. Later: create a new table, keep it in step by a trigger, copy the
rows in batches and swap the names; or do it while nobody needs the table.
)md",
    .bad = R"sql(ALTER TABLE orders SET UNLOGGED;)sql",
    .good = R"sql(CREATE UNLOGGED TABLE cache (key text PRIMARY KEY, value text);)sql",
});

const char* WordsOf(AlterAction action) {
  switch (action) {
    case AlterAction::kSetLogged:
      return "SET LOGGED";
    case AlterAction::kSetUnLogged:
      return "SET UNLOGGED";
    case AlterAction::kSetTableSpace:
      return "SET TABLESPACE";
    case AlterAction::kSetAccessMethod:
      return "SET ACCESS METHOD";
    default:
      return nullptr;
  }
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (alter.object != ObjectKind::kTable || !InUse(alter.relation.name, statement, pass)) return;
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  const Relation* known = pass.catalog().Find(alter.relation.name);
  for (const AlterSubcommand& command : alter.subcommands) {
    const char* words = WordsOf(command.action);
    if (words == nullptr) continue;
    const bool moves = command.action == AlterAction::kSetTableSpace;
    if (!moves && !pass.effects().Rewrites(table)) continue;
    if (moves && known != nullptr && known->tablespace == command.name) continue;
    if (known != nullptr && known->kind == RelationKind::kPartitionedTable) continue;
    pass.Report(kInfo, statement.span,
                absl::StrFormat("%s copies `%s` while nobody can use it", words, table.ToString()))
        .On(table.ToString())
        .Primary("reads and writes wait until the whole table is copied")
        .Help(absl::StrFormat(
            "do it while nobody needs %s, or copy it in batches to a new table and swap "
            "the names",
            QuoteName(table)));
  }
}

}  // namespace

extern constinit const Rule kRewrittenByPersistence = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::rewritten_by_persistence
