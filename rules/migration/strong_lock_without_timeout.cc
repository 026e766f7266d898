// MIG039 strong-lock-without-timeout: a lock that stops others is waited for without limit.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::strong_lock_without_timeout {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG039",
    .name = "strong-lock-without-timeout",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {9, 3},
    .opt_in = true,
    .summary = "no lock_timeout before a statement that locks out others",
    .why = R"md(
A statement that waits for a strong lock stops everyone who comes after it, readers too. If one long
query runs on the table, a change that takes a millisecond stops the application for as long as that
query takes. Reported once for each file.
)md",
    .instead = R"md(
Set a `lock_timeout` of a few seconds, in the migration, or for the role that runs migrations
(`ALTER ROLE migrator SET lock_timeout = '5s'`), and let the tool try again. If the role has one, switch
this rule off.
)md",
    .bad = R"sql(ALTER TABLE orders ADD COLUMN channel text;)sql",
    .good = R"sql(SET lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN channel text;)sql",
});

void CheckStatement(const Statement& statement, SqlPass& pass) {
  // LOCK TABLE has a rule of its own; what rewrites or reads a table has worse to say.
  if (statement.As<LockTable>() != nullptr || !pass.locks().lock_timeout().empty()) return;
  const auto locks = LocksInUse(statement, pass, LockMode::kShare);
  if (locks.empty()) return;
  const TransactionBlock* block = pass.TransactionOf(statement);
  if (block != nullptr && block->rolled_back) return;
  if (!pass.Once(kInfo)) return;
  const LockEffect* strongest =
      *std::max_element(locks.begin(), locks.end(),
                        [](const LockEffect* a, const LockEffect* b) { return a->mode < b->mode; });
  pass.Report(kInfo, statement.span,
              absl::StrFormat("%s waits for `%s` without a lock_timeout, and all others behind it",
                              statement.tag, strongest->name.ToString()))
      .On(strongest->name.ToString())
      .Primary(absl::StrFormat(
          "takes %s %s lock",
          strongest->mode == LockMode::kAccessExclusive || strongest->mode == LockMode::kExclusive
              ? "an"
              : "a",
          LockModeSql(strongest->mode)))
      .Help(block != nullptr ? "at the beginning: SET LOCAL lock_timeout = '5s';"
                             : "at the beginning: SET lock_timeout = '5s';");
}

}  // namespace

extern constinit const Rule kStrongLockWithoutTimeout = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::strong_lock_without_timeout
