// MIG047 lock-upgrade: a weaker lock first, a stronger one on the same table later.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::lock_upgrade {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG047",
    .name = "lock-upgrade",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "a transaction takes a stronger lock on a table that it has locked already",
    .why = R"md(
Two sessions that both hold a lock on a table and both want more wait for each other for ever: one of
them is cancelled as a deadlock. An application transaction that reads the table and then writes it is
such a session, once the migration holds a lock that stops writers and asks for one that stops readers.
)md",
    .instead = R"md(
Take the strongest lock first: put the statement that needs it at the beginning, or divide the
transaction.
)md",
    .bad = R"sql(BEGIN;
CREATE INDEX orders_email ON orders (email);
ALTER TABLE orders ADD COLUMN channel text;
COMMIT;)sql",
    .good = R"sql(BEGIN;
ALTER TABLE orders ADD COLUMN channel text;
CREATE INDEX orders_email ON orders (email);
COMMIT;)sql",
});

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (statement.transaction == kNoTransaction || statement.As<LockTable>() != nullptr) return;
  for (const LockEffect* lock : LocksInUse(statement, pass, LockMode::kShare)) {
    const LockMode before = pass.locks().ModeOn(lock->name);
    // Only what stops writers is sure to meet them.
    if (before < LockMode::kShare || before >= lock->mode) continue;
    const HeldLock* first = nullptr;
    for (const HeldLock& held : pass.locks().held()) {
      if (held.lock.name == lock->name && held.lock.mode == before) first = &held;
    }
    const uint64_t key = StableHash(lock->name.ToString(), statement.transaction);
    if (first == nullptr || first->statement == statement.index || !pass.Once(kInfo, key)) continue;
    pass.Report(
            kInfo, statement.span,
            absl::StrFormat("the lock on `%s` grows from %s to %s: this can deadlock",
                            lock->name.ToString(), LockModeSql(before), LockModeSql(lock->mode)))
        .On(lock->name.ToString())
        .Primary("waits for readers that may wait for this transaction")
        .Also(pass.file().statements[first->statement].span, "the weaker lock is taken here")
        .Help("put this statement before that one, or COMMIT between them");
  }
}

}  // namespace

extern constinit const Rule kLockUpgrade = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::lock_upgrade
