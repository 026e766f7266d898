// MIG035 explicit-table-lock: LOCK TABLE in a mode that stops others.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::explicit_table_lock {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG035",
    .name = "explicit-table-lock",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "LOCK TABLE stops others until the transaction ends",
    .why = R"md(
The lock is held until `COMMIT`, whatever the transaction does meanwhile, and while it waits for its turn
all later statements on the table wait behind it.
)md",
    .instead = R"md(
Leave it out where each statement's own lock is enough. Else set a `lock_timeout`, take the weakest mode
that serves, and commit soon.
)md",
    .bad = R"sql(BEGIN;
LOCK TABLE orders IN EXCLUSIVE MODE;
COMMIT;)sql",
    .good = R"sql(BEGIN;
SET LOCAL lock_timeout = '2s';
LOCK TABLE orders IN EXCLUSIVE MODE;
COMMIT;)sql",
});

void CheckLock(const LockTable& lock, const Statement& statement, SqlPass& pass) {
  const LockMode mode = static_cast<LockMode>(std::clamp(lock.mode, 1, 8));
  if (mode < LockMode::kShare || lock.nowait || !pass.locks().lock_timeout().empty()) return;
  for (const RelationRef& ref : lock.relations) {
    if (!InUse(ref.name, statement, pass)) continue;
    const std::string table = pass.catalog().Resolve(ref.name).ToString();
    pass.Report(
            kInfo, statement.span,
            absl::StrFormat("%s of `%s` wait while LOCK TABLE waits and until the transaction ends",
                            WaitingFor(mode), table))
        .On(table)
        .Primary(absl::StrFormat("takes an %s lock", LockModeSql(mode)))
        .Help("before it: SET LOCAL lock_timeout = '2s';");
  }
}

}  // namespace

extern constinit const Rule kExplicitTableLock = MakeSqlRule<&CheckLock>(kInfo);

}  // namespace pgsift::explicit_table_lock
