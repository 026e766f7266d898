// MIG040 ineffective-lock-timeout: a lock_timeout that does nothing.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::ineffective_lock_timeout {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG040",
    .name = "ineffective-lock-timeout",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {9, 3},
    .summary =
        "the lock_timeout does nothing: it is 0, outside a transaction, too late, or never reached",
    .why = R"md(
`SET LOCAL` outside a transaction only gives a warning. `0` switches the timeout off. One that is set after
the locks are taken comes too late. With a `statement_timeout` that is not longer, the statement is
cancelled by that one first.
)md",
    .instead = R"md(
`SET lock_timeout = '5s'`, or `SET LOCAL` inside the transaction, before the first statement that locks.
)md",
    .bad = R"sql(SET LOCAL lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN channel text;)sql",
    .good = R"sql(BEGIN;
SET LOCAL lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN channel text;
COMMIT;)sql",
});

bool LocksLater(const Statement& statement, SqlPass& pass) {
  for (const Statement& later : Later(statement, pass)) {
    if (later.As<AlterTable>() != nullptr || later.As<Drop>() != nullptr ||
        later.As<CreateIndex>() != nullptr || later.As<Rename>() != nullptr ||
        later.As<LockTable>() != nullptr || later.As<CreateTable>() != nullptr ||
        later.As<CreateTrigger>() != nullptr || later.As<DoBlock>() != nullptr ||
        later.As<Update>() != nullptr || later.As<Delete>() != nullptr ||
        later.As<Truncate>() != nullptr || later.As<Insert>() != nullptr) {
      return true;
    }
  }
  return false;
}

void CheckSet(const SetVariable& set, const Statement& statement, SqlPass& pass) {
  if (!EqualsIgnoringCase(set.name, "lock_timeout") || set.reset || set.system) return;
  if (set.values.empty()) return;
  const std::string& value = set.values.front();
  if (set.local && statement.transaction == kNoTransaction) {
    pass.Report(kInfo, statement.span, "SET LOCAL lock_timeout does nothing outside a transaction")
        .Primary("PostgreSQL only warns")
        .Help(absl::StrFormat("SET lock_timeout = %s;", QuoteLiteral(value)));
    return;
  }
  if (value.empty() || value.find_first_not_of("0") == std::string::npos) {
    // pg_dump begins with it.
    if (!LocksLater(statement, pass) ||
        HasWords(pass.file().text.substr(0, statement.span.begin), {"SET", "STATEMENT_TIMEOUT"}))
      return;
    pass.Report(kInfo, statement.span, "lock_timeout 0 means no limit at all")
        .Primary("switches the timeout off")
        .Help("SET lock_timeout = '5s';");
    return;
  }
  const auto held = HeldInUse(statement, pass, LockMode::kShare);
  if (!held.empty() && !LocksLater(statement, pass)) {
    pass.Report(kInfo, statement.span, "lock_timeout is set after the locks are taken")
        .Primary("nothing is locked after it")
        .Also(pass.file().statements[held.front()->statement].span, "this has the lock already")
        .Help("put it before the first statement that locks");
  }
}

}  // namespace

extern constinit const Rule kIneffectiveLockTimeout = MakeSqlRule<&CheckSet>(kInfo);

}  // namespace pgsift::ineffective_lock_timeout
