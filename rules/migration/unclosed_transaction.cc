// MIG050 unclosed-transaction: a BEGIN that no COMMIT follows.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::unclosed_transaction {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG050",
    .name = "unclosed-transaction",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a transaction is opened and not committed",
    .why = R"md(
When the session ends, PostgreSQL rolls back what was not committed: the migration did nothing, or its
locks stay until the tool closes the connection.
)md",
    .instead = R"md(
End it with `COMMIT`.
)md",
    .bad = R"sql(BEGIN;
ALTER TABLE orders ADD COLUMN channel text;)sql",
    .good = R"sql(BEGIN;
ALTER TABLE orders ADD COLUMN channel text;
COMMIT;)sql",
});

using Kind = TransactionCommand::Kind;

void CheckCommand(const TransactionCommand& command, const Statement& statement, SqlPass& pass) {
  const TransactionBlock* block = pass.TransactionOf(statement);
  if (command.kind != Kind::kBegin || block == nullptr || block->first != statement.index) return;
  const auto* last = pass.file().statements[block->last].As<TransactionCommand>();
  const bool ended =
      last != nullptr && (last->kind == Kind::kCommit || last->kind == Kind::kRollback ||
                          last->kind == Kind::kPrepare);
  if (ended) return;
  pass.Report(kInfo, statement.span, "the transaction is never committed")
      .Primary("no COMMIT follows in this file")
      .Help("at the end: COMMIT;");
}

}  // namespace

extern constinit const Rule kUnclosedTransaction = MakeSqlRule<&CheckCommand>(kInfo);

}  // namespace pgsift::unclosed_transaction
