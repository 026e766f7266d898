// MIG007 concurrently-in-transaction: a CONCURRENTLY that PostgreSQL will refuse.

#include "absl/strings/str_format.h"
#include "rules/rule.h"

namespace pgsift::concurrently_in_transaction {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG007",
    .name = "concurrently-in-transaction",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 2},
    .fix = FixSafety::kUnsafe,
    .summary = "CONCURRENTLY inside a transaction block fails",
    .why = R"md(
`CREATE INDEX CONCURRENTLY`, `DROP INDEX CONCURRENTLY` and `REINDEX CONCURRENTLY` commit several times
on their way, so PostgreSQL refuses them inside `BEGIN … COMMIT`: the migration fails half-way.
`DETACH PARTITION CONCURRENTLY` is refused as well.
)md",
    .instead = R"md(
Move the statement to a migration of its own, and tell the migration tool to run that one outside a
transaction.
)md",
    .bad = "BEGIN;\nCREATE INDEX CONCURRENTLY orders_email ON orders (email);\nCOMMIT;",
    .good = "CREATE INDEX CONCURRENTLY orders_email ON orders (email);",
});

// Takes a statement away, with its semicolon and the rest of its line if that is empty.
Edit Without(Span statement, const SqlPass& pass) {
  const std::string_view text = pass.file().text;
  uint64_t end = statement.end();
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
  if (end < text.size() && text[end] == ';') ++end;
  if (end < text.size() && text[end] == '\r') ++end;
  const bool starts_line = statement.begin == 0 || text[statement.begin - 1] == '\n';
  if (starts_line && end < text.size() && text[end] == '\n') ++end;
  return {.span = pass.At(statement.begin, end - statement.begin)};
}

void Check(std::string_view what, const Statement& statement, SqlPass& pass) {
  const TransactionBlock* block = pass.TransactionOf(statement);
  if (block == nullptr || pass.effects().block_use != BlockUse::kRefused) return;
  Finding& finding =
      pass.Report(kInfo, statement.span, absl::StrFormat("%s cannot run in a transaction", what));
  finding.Primary("PostgreSQL refuses this statement here");
  if (block->begin.known()) finding.Also(block->begin, "the transaction begins here");
  finding.Help("move it to a migration of its own that runs outside a transaction");
  // BEGIN, this statement, COMMIT: nothing else needs the transaction.
  if (!block->begin.known() || block->last != block->first + 2 || block->rolled_back) return;
  finding.Offer({.title = "take BEGIN and COMMIT away",
                 .safety = FixSafety::kUnsafe,
                 .edits = {Without(block->begin, pass),
                           Without(pass.file().statements[block->last].span, pass)}});
}

void CheckCreateIndex(const CreateIndex& index, const Statement& statement, SqlPass& pass) {
  if (index.concurrently) Check("CREATE INDEX CONCURRENTLY", statement, pass);
}
void CheckDrop(const Drop& drop, const Statement& statement, SqlPass& pass) {
  if (drop.concurrently) Check("DROP INDEX CONCURRENTLY", statement, pass);
}
void CheckReindex(const Reindex& reindex, const Statement& statement, SqlPass& pass) {
  if (reindex.concurrently) Check("REINDEX CONCURRENTLY", statement, pass);
}
void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.concurrently) Check("DETACH PARTITION CONCURRENTLY", statement, pass);
  }
}

}  // namespace

extern constinit const Rule kConcurrentlyInTransaction =
    MakeSqlRule<&CheckCreateIndex, &CheckDrop, &CheckReindex, &CheckAlterTable>(kInfo);

}  // namespace pgsift::concurrently_in_transaction
