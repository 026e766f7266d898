// MIG012 backfill-with-ddl: rows rewritten in the transaction that holds a strong lock.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"
#include "rules/version_mark.h"

namespace pgsift::backfill_with_ddl {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG012",
    .name = "backfill-with-ddl",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary =
        "many rows are changed in a transaction that holds the strong lock of an earlier statement",
    .why = R"md(
`ALTER TABLE`, `CREATE INDEX` and others take strong locks that are held until the transaction ends. An
`UPDATE`, `DELETE` or `INSERT … SELECT` in the same transaction makes that as long as the rows take: nobody
writes, or even reads, the locked table meanwhile.
)md",
    .instead = R"md(
Commit the `ALTER TABLE` first. Then change the rows in batches, each in a transaction of its own.
)md",
    .bad = "BEGIN;\nALTER TABLE orders ADD COLUMN channel text;\n"
           "UPDATE orders SET channel = 'web';\nCOMMIT;",
    .good = "ALTER TABLE orders ADD COLUMN channel text;\nUPDATE orders SET channel = 'web';",
});

void Check(const RelationRef& relation, const Expr* where, const Statement& statement,
           SqlPass& pass) {
  if (statement.transaction == kNoTransaction || !InUse(relation.name, statement, pass)) return;
  if (PicksByKey(where, pass.catalog().Find(relation.name))) return;
  const auto held = HeldInUse(statement, pass, LockMode::kShare);
  if (held.empty()) return;
  const HeldLock* strongest = *std::max_element(
      held.begin(), held.end(),
      [](const HeldLock* a, const HeldLock* b) { return a->lock.mode < b->lock.mode; });
  const TransactionBlock* block = pass.TransactionOf(statement);
  if (block != nullptr && block->rolled_back) return;
  const QualifiedName table = pass.catalog().Resolve(relation.name);
  const std::string locked = strongest->lock.name.ToString();
  const Statement& first = pass.file().statements[strongest->statement];
  pass.Report(
          kInfo, statement.span,
          absl::StrFormat("rows of `%s` are changed while %s of `%s` wait for the lock of %s",
                          table.ToString(), WaitingFor(strongest->lock.mode), locked, first.tag))
      .On(table.ToString())
      .Primary("the lock is held until this has ended")
      .Also(first.span, absl::StrFormat("takes %s %s lock until COMMIT",
                                        strongest->lock.mode >= LockMode::kExclusive ? "an" : "a",
                                        LockModeSql(strongest->lock.mode)))
      .Help(absl::StrFormat("commit the %s first, then change the rows in batches", first.tag));
}

void CheckUpdate(const Update& update, const Statement& statement, SqlPass& pass) {
  if (MarksVersion(update, pass.catalog().Find(update.relation.name))) return;
  Check(update.relation, update.where.has_value() ? &*update.where : nullptr, statement, pass);
}
void CheckDelete(const Delete& del, const Statement& statement, SqlPass& pass) {
  Check(del.relation, del.where.has_value() ? &*del.where : nullptr, statement, pass);
}
void CheckInsert(const Insert& insert, const Statement& statement, SqlPass& pass) {
  // Rows that are written out are few.
  if (insert.source == nullptr || insert.source->from.empty()) return;
  Check(insert.relation, nullptr, statement, pass);
}

}  // namespace

extern constinit const Rule kBackfillWithDdl =
    MakeSqlRule<&CheckUpdate, &CheckDelete, &CheckInsert>(kInfo);

}  // namespace pgsift::backfill_with_ddl
