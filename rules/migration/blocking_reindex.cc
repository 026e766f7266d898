// MIG013 blocking-reindex: an index built anew while writers, and queries that would use it, wait.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::blocking_reindex {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG013",
    .name = "blocking-reindex",
    .category = Category::kLocking,
    .severity = Severity::kError,
    .since_pg = {12, 0},
    .summary =
        "REINDEX without CONCURRENTLY blocks writes and every query that would use the index",
    .why = R"md(
`REINDEX` locks the table against writes (`SHARE`) and each index against everything. Planning a query
locks all indexes of its tables, so in practice reads of the table wait as well, until the build ends.
)md",
    .instead = R"md(
`REINDEX … CONCURRENTLY` (PostgreSQL 12 and later), outside a transaction. If it fails, an invalid index
whose name ends in `_ccnew` is left: drop that before trying again.
)md",
    .bad = R"sql(REINDEX TABLE orders;)sql",
    .good = R"sql(REINDEX TABLE CONCURRENTLY orders;)sql",
});

void CheckReindex(const Reindex& reindex, const Statement& statement, SqlPass& pass) {
  if (reindex.concurrently || reindex.kind == "SYSTEM") return;
  const bool one = reindex.kind == "INDEX" || reindex.kind == "TABLE";
  if (one && !InUse(reindex.relation.name, statement, pass)) return;
  const std::string name = one ? QuoteName(reindex.relation.name) : QuoteIdentifier(reindex.name);
  Finding& finding = pass.Report(
      kInfo, statement.span,
      absl::StrFormat("REINDEX %s %s blocks writes, and queries that would use what it rebuilds",
                      reindex.kind, name));
  if (one) finding.On(pass.catalog().Resolve(reindex.relation.name).ToString());
  finding.Primary("they wait until the build has ended");
  if (const TransactionBlock* block = pass.TransactionOf(statement); block != nullptr) {
    if (block->begin.known())
      finding.Also(block->begin, "CONCURRENTLY cannot run in this transaction");
    finding.Note("CONCURRENTLY cannot run in a transaction: give it a migration of its own");
  }
  finding.Help(absl::StrFormat("REINDEX %s CONCURRENTLY %s;", reindex.kind, name));
}

}  // namespace

extern constinit const Rule kBlockingReindex = MakeSqlRule<&CheckReindex>(kInfo);

}  // namespace pgsift::blocking_reindex
