// MIG048 lock-order-inversion: two migrations lock the same tables in opposite orders.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::lock_order_inversion {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG048",
    .name = "lock-order-inversion",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "two migrations lock two tables in opposite orders",
    .why = R"md(
Transactions that lock the same two tables in opposite orders wait for each other for ever when they run
at the same time: two deployments, two services with one database, a migration that is tried again while
the first try still hangs. One is cancelled as a deadlock.
)md",
    .instead = R"md(
Lock tables in one order everywhere, or change one table in each transaction.
)md",
    .bad = R"sql(BEGIN;
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE b ADD COLUMN x int;
COMMIT;
BEGIN;
ALTER TABLE b ADD COLUMN y int;
ALTER TABLE a ADD COLUMN y int;
COMMIT;)sql",
    .good = R"sql(BEGIN;
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE b ADD COLUMN x int;
COMMIT;
BEGIN;
ALTER TABLE a ADD COLUMN y int;
ALTER TABLE b ADD COLUMN y int;
COMMIT;)sql",
});

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (statement.transaction == kNoTransaction) return;
  const auto held = HeldInUse(statement, pass, LockMode::kShare);
  if (held.empty()) return;
  for (const LockEffect* lock : LocksInUse(statement, pass, LockMode::kShare)) {
    if (pass.locks().ModeOn(lock->name) >= LockMode::kShare) continue;
    for (const HeldLock* before : held) {
      const auto* other =
          pass.history().FindLockPair(lock->name, before->lock.name, statement.span);
      if (other == nullptr || !pass.Once(kInfo, statement.transaction)) continue;
      pass.Report(kInfo, statement.span,
                  absl::StrFormat(
                      "`%s` is locked while `%s` is held; another migration does it the other "
                      "way round",
                      lock->name.ToString(), before->lock.name.ToString()))
          .On(lock->name.ToString())
          .Primary("the second table here")
          .Also(pass.file().statements[before->statement].span, "the first table here")
          .Also(other->second, "locked second there")
          .Help("lock tables in one order everywhere, or change one table in each transaction");
    }
  }
}

}  // namespace

extern constinit const Rule kLockOrderInversion = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::lock_order_inversion
