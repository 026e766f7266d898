// MIG045 work-under-strong-lock: slow work while the transaction holds a lock that stops others.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::work_under_strong_lock {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG045",
    .name = "work-under-strong-lock",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a table is read, rewritten or indexed while the transaction holds a strong lock of "
               "an earlier statement",
    .why = R"md(
Locks are held until the transaction ends. A quick `ALTER TABLE` followed by something slow in the same
transaction is not quick: its table stays locked for as long as the slow statement takes, even if that
is about another table. Reported once for each transaction.
)md",
    .instead = R"md(
Divide the migration: commit the quick change first, or do the slow work in a migration before it.
)md",
    .bad = R"sql(BEGIN;
ALTER TABLE orders ADD COLUMN channel text;
ALTER TABLE invoices ADD CONSTRAINT total_positive CHECK (total > 0);
COMMIT;)sql",
    .good = R"sql(ALTER TABLE orders ADD COLUMN channel text;
ALTER TABLE invoices ADD CONSTRAINT total_positive CHECK (total > 0);)sql",
});

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (statement.transaction == kNoTransaction) return;
  // Changes of rows are another rule's.
  if (statement.As<Update>() != nullptr || statement.As<Delete>() != nullptr ||
      statement.As<Insert>() != nullptr || statement.As<Merge>() != nullptr) {
    return;
  }
  // Refused here: another rule says so.
  if (pass.effects().block_use == BlockUse::kRefused) return;
  const auto held = HeldInUse(statement, pass, LockMode::kShare);
  if (held.empty()) return;
  const char* word = "";
  const WorkEffect* work = WorkInUse(statement, pass, &word);
  if (work == nullptr) return;
  const TransactionBlock* block = pass.TransactionOf(statement);
  if (block != nullptr && block->rolled_back) return;
  const HeldLock* strongest = *std::max_element(
      held.begin(), held.end(),
      [](const HeldLock* a, const HeldLock* b) { return a->lock.mode < b->lock.mode; });
  const std::string table = TableOf(*work, pass);
  // One that itself takes as strong a lock on the same table stops nobody more.
  const bool same = strongest->lock.name.ToString() == table &&
                    pass.effects().ModeOn(strongest->lock.name) >= strongest->lock.mode;
  if (same || !pass.Once(kInfo, statement.transaction)) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("%s %s `%s` while %s of `%s` wait for a lock taken before",
                              statement.tag, word, table, WaitingFor(strongest->lock.mode),
                              strongest->lock.name.ToString()))
      .On(strongest->lock.name.ToString())
      .Primary("takes as long as the table is large")
      .Also(
          pass.file().statements[strongest->statement].span,
          absl::StrFormat("locks `%s` until the transaction ends", strongest->lock.name.ToString()))
      .Note(work->why)
      .Help("COMMIT before it, or move it to a migration of its own");
}

}  // namespace

extern constinit const Rule kWorkUnderStrongLock = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::work_under_strong_lock
