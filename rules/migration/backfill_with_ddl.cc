// MIG012 backfill-with-ddl: rows rewritten in the transaction that holds a strong lock.

#include "absl/strings/str_format.h"
#include "rules/rule.h"

namespace pgsift {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG012",
    .name = "backfill-with-ddl",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "an UPDATE or DELETE of many rows in the transaction of an ALTER TABLE",
    .why = R"md(
`ALTER TABLE` takes an `ACCESS EXCLUSIVE` lock that is held until the transaction ends. An `UPDATE` or
`DELETE` in the same transaction makes that as long as the rows take: nobody reads or writes the table
meanwhile.
)md",
    .instead = R"md(
Commit the `ALTER TABLE` first. Then change the rows in batches, each in a transaction of its own.
)md",
    .bad = "BEGIN;\nALTER TABLE orders ADD COLUMN channel text;\n"
           "UPDATE orders SET channel = 'web';\nCOMMIT;",
    .good = "ALTER TABLE orders ADD COLUMN channel text;\nUPDATE orders SET channel = 'web';",
});

// The ALTER TABLE before the statement, in its transaction, on the same table.
const Statement* AlteredBefore(const Statement& statement, const QualifiedName& table,
                               SqlPass& pass) {
  const TransactionBlock* block = pass.TransactionOf(statement);
  if (block == nullptr) return nullptr;
  for (uint32_t i = block->first; i < statement.index; ++i) {
    const Statement& earlier = pass.file().statements[i];
    const auto* alter = earlier.As<AlterTable>();
    if (alter != nullptr && pass.catalog().Resolve(alter->relation.name) == table) return &earlier;
  }
  return nullptr;
}

void Check(const RelationRef& relation, const Statement& statement, SqlPass& pass) {
  if (pass.IsNew(statement, relation.name)) return;
  const QualifiedName table = pass.catalog().Resolve(relation.name);
  const Statement* alter = AlteredBefore(statement, table, pass);
  if (alter == nullptr) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("rows of `%s` are changed while the table is locked by ALTER TABLE",
                              table.ToString()))
      .On(table.ToString())
      .Primary("the lock is held until this has ended")
      .Also(alter->span, "takes an ACCESS EXCLUSIVE lock until COMMIT")
      .Help("commit the ALTER TABLE first, then change the rows in batches");
}

void CheckUpdate(const Update& update, const Statement& statement, SqlPass& pass) {
  Check(update.relation, statement, pass);
}
void CheckDelete(const Delete& del, const Statement& statement, SqlPass& pass) {
  Check(del.relation, statement, pass);
}

}  // namespace

extern constinit const Rule kBackfillWithDdl = MakeSqlRule<&CheckUpdate, &CheckDelete>(kInfo);

}  // namespace pgsift
