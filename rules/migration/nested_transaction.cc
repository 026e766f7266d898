// MIG049 nested-transaction: BEGIN inside a transaction, COMMIT outside of one.

#include "absl/strings/str_format.h"
#include "parser/routine_body.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::nested_transaction {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG049",
    .name = "nested-transaction",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "BEGIN inside a transaction, or a COMMIT that ends none or the migration tool's own",
    .why = R"md(
A second `BEGIN` does nothing, and the first `COMMIT` ends everything: what follows runs statement by
statement, and a failure leaves half of it behind. In a file that the tool runs in a transaction of its
own, `COMMIT` ends that one.
)md",
    .instead = R"md(
One `BEGIN` and one `COMMIT`, or none where the tool opens the transaction. For a part that may fail, use
`SAVEPOINT`.
)md",
    .bad = R"sql(BEGIN;
BEGIN;
ALTER TABLE orders ADD COLUMN channel text;
COMMIT;)sql",
    .good = R"sql(BEGIN;
SAVEPOINT before_channel;
ALTER TABLE orders ADD COLUMN channel text;
COMMIT;)sql",
});

using Kind = TransactionCommand::Kind;

void CheckCommand(const TransactionCommand& command, const Statement& statement, SqlPass& pass) {
  const TransactionBlock* block = pass.TransactionOf(statement);
  const bool ends = command.kind == Kind::kCommit || command.kind == Kind::kRollback;
  if (command.kind == Kind::kBegin && block != nullptr && block->begin.known() &&
      block->begin.begin != statement.span.begin) {
    pass.Report(kInfo, statement.span, "BEGIN inside a transaction does nothing")
        .Primary("PostgreSQL only warns")
        .Also(block->begin, "the transaction begins here")
        .Help("leave it out, or write SAVEPOINT for a part that may be undone");
  }
  if (!ends) return;
  if (block == nullptr) {
    pass.Report(kInfo, statement.span,
                absl::StrFormat("%s without a transaction does nothing", statement.tag))
        .Primary("PostgreSQL only warns")
        .Help("leave it out, or write BEGIN before what belongs together");
  } else if (block->implicit && !Later(statement, pass).empty()) {
    pass.Report(kInfo, statement.span,
                absl::StrFormat("%s ends the transaction that the migration tool opened",
                                statement.tag))
        .Primary("what follows is no part of it any more")
        .Help(
            "leave BEGIN and COMMIT to the tool, or tell it to open no transaction for this file");
  }
}

// COMMIT in a body works only where nobody else has a transaction open.
void CheckBodies(const Statement& statement, SqlPass& pass) {
  const TransactionBlock* block = pass.TransactionOf(statement);
  if (block == nullptr) return;
  for (const CalledRoutine& routine : RoutinesOf(statement, pass.catalog())) {
    for (const RoutineStatement& inner : routine.body->statements) {
      if (inner.statement.As<TransactionCommand>() == nullptr) continue;
      Finding& finding =
          pass.Report(kInfo, statement.span,
                      absl::StrFormat("%s in `%s` fails: a transaction is open around it",
                                      inner.statement.tag, routine.name));
      finding.Primary("PostgreSQL says: invalid transaction termination");
      if (block->begin.known()) finding.Also(block->begin, "the transaction begins here");
      finding.Help("run it in a migration of its own, outside a transaction");
      return;
    }
  }
}

void CheckDo(const DoBlock&, const Statement& statement, SqlPass& pass) {
  CheckBodies(statement, pass);
}
void CheckCall(const Call&, const Statement& statement, SqlPass& pass) {
  CheckBodies(statement, pass);
}

}  // namespace

extern constinit const Rule kNestedTransaction =
    MakeSqlRule<&CheckCommand, &CheckDo, &CheckCall>(kInfo);

}  // namespace pgsift::nested_transaction
