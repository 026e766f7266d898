// MIG046 many-strong-locks: one transaction locks many tables against everyone.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::many_strong_locks {
namespace {

constexpr RuleOption kOptions[] = {
    {"tables_max", 3, "how many tables a transaction may lock without being reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "MIG046",
    .name = "many-strong-locks",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "one transaction holds ACCESS EXCLUSIVE locks on many tables at once",
    .why = R"md(
The locks are taken one after the other and all held until the end: while the transaction waits for the
last table, the first ones are already closed. An application that uses them in another order
deadlocks with it.
)md",
    .instead = R"md(
Divide the migration: what is about different tables into transactions of their own, each with a
`lock_timeout`.
)md",
    .bad = R"sql(BEGIN;
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE b ADD COLUMN x int;
ALTER TABLE c ADD COLUMN x int;
ALTER TABLE d ADD COLUMN x int;
COMMIT;)sql",
    .good = R"sql(ALTER TABLE a ADD COLUMN x int;
ALTER TABLE b ADD COLUMN x int;
ALTER TABLE c ADD COLUMN x int;
ALTER TABLE d ADD COLUMN x int;)sql",
    .options = kOptions,
});

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (statement.transaction == kNoTransaction) return;
  std::vector<std::string> tables;
  const auto add = [&](const std::string& name) {
    if (std::find(tables.begin(), tables.end(), name) == tables.end()) tables.push_back(name);
  };
  const auto held = HeldInUse(statement, pass, LockMode::kAccessExclusive);
  for (const HeldLock* lock : held) add(lock->lock.name.ToString());
  const size_t before = tables.size();
  for (const LockEffect* lock : LocksInUse(statement, pass, LockMode::kAccessExclusive)) {
    add(lock->name.ToString());
  }
  const double most = pass.option(kInfo, "tables_max");
  if (tables.size() == before || static_cast<double>(tables.size()) <= most) return;
  const TransactionBlock* block = pass.TransactionOf(statement);
  if ((block != nullptr && block->rolled_back) || !pass.Once(kInfo, statement.transaction)) return;
  std::string names;
  for (const std::string& table : tables) names += (names.empty() ? "`" : ", `") + table + "`";
  Finding& finding = pass.Report(
      kInfo, statement.span,
      absl::StrFormat("the transaction now keeps %s locked against reads and writes at once",
                      names));
  finding.On(tables.back()).Primary("waits for its lock while the others are held");
  if (!held.empty()) {
    finding.Also(pass.file().statements[held.front()->statement].span, "the first of them");
  }
  finding.Help("divide the migration: a transaction of its own for each table");
}

}  // namespace

extern constinit const Rule kManyStrongLocks = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::many_strong_locks
