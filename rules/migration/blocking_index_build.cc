// MIG001 blocking-index-build: a CREATE INDEX that stops writers until it ends.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "rules/rule.h"

namespace pgsift::blocking_index_build {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG001",
    .name = "blocking-index-build",
    .category = Category::kLocking,
    .severity = Severity::kError,
    .since_pg = {8, 2},  // The release that brought CONCURRENTLY.
    .fix = FixSafety::kUnsafe,
    .summary = "CREATE INDEX without CONCURRENTLY blocks writes to the table",
    .why = R"md(
A plain build takes a `SHARE` lock and keeps it until its transaction ends. Reads go on; every
`INSERT`, `UPDATE` and `DELETE` waits. On a large table that is minutes of queued writes, and of
connections held by them.
)md",
    .instead = R"md(
Build with `CONCURRENTLY`, in a migration of its own that runs outside a transaction. It reads the
table twice and waits for older transactions, so it is slower. If it fails it leaves an `INVALID`
index: drop that before trying again. A partitioned table cannot be indexed this way: create the
index `ON ONLY` the parent, build one on each partition concurrently, then attach them.
)md",
    .bad = "CREATE INDEX orders_email ON orders (email);",
    .good = "CREATE INDEX CONCURRENTLY orders_email ON orders (email);",
});

// The place behind the word INDEX, where CONCURRENTLY goes.
uint64_t AfterIndexWord(const Statement& statement) {
  const std::string_view sql = statement.sql;
  for (size_t at = 0; at + 5 <= sql.size(); ++at) {
    const std::string_view word = sql.substr(at, 5);
    if (word == "INDEX" || word == "index" || word == "Index") return statement.span.begin + at + 5;
  }
  return statement.span.begin;
}

bool DroppedBefore(const std::string& name, const Statement& statement, const SqlPass& pass) {
  const auto before = std::span(pass.file().statements).first(statement.index);
  return std::any_of(before.begin(), before.end(), [&](const Statement& earlier) {
    const auto* drop = earlier.As<Drop>();
    return drop != nullptr && drop->object == ObjectKind::kIndex &&
           std::any_of(drop->names.begin(), drop->names.end(),
                       [&](const QualifiedName& dropped) { return dropped.name == name; });
  });
}

void CheckCreateIndex(const CreateIndex& index, const Statement& statement, SqlPass& pass) {
  if (index.concurrently) return;
  // Until it commits, nobody else can see a table that this transaction created.
  if (pass.IsNew(statement, index.relation.name)) return;
  const QualifiedName table = pass.catalog().Resolve(index.relation.name);
  const Relation* known = pass.catalog().Find(index.relation.name);
  const bool partitioned = known != nullptr && known->kind == RelationKind::kPartitionedTable;
  // Nothing is built: ON ONLY a partitioned table makes an empty, invalid index, the first step of
  // the safe way; IF NOT EXISTS may find the index.
  if (pass.effects().builds.empty() && pass.effects().scans.empty()) return;

  Finding& finding =
      pass.Report(kInfo, statement.span,
                  absl::StrFormat("index build blocks writes to `%s`", table.ToString()));
  finding.On(table.ToString()).Primary("writes wait on its SHARE lock until it commits");
  if (partitioned) {
    finding.Note("the table is partitioned: all its partitions are locked and indexed at once");
    const std::string name = QuoteIdentifier(index.name.empty() ? table.name + "_idx" : index.name);
    finding.Help(
        absl::StrFormat("CREATE INDEX %s ON ONLY %s …; then for each partition: CREATE INDEX "
                        "CONCURRENTLY … ON …; ALTER "
                        "INDEX %s ATTACH PARTITION …;",
                        name, QuoteName(table), name));
    return;
  }
  if (const TransactionBlock* block = pass.TransactionOf(statement)) {
    // Inserting the keyword here would trade a slow migration for a failing one.
    if (block->begin.known())
      finding.Also(block->begin, "CONCURRENTLY cannot run in this transaction");
    finding.Help(absl::StrFormat(
        "in a migration outside a transaction: CREATE %sINDEX CONCURRENTLY %s ON %s …;",
        index.unique ? "UNIQUE " : "", QuoteIdentifier(index.name), QuoteName(table)));
    return;
  }
  // Unsafe, not safe: a concurrent build that fails leaves an INVALID index.
  Fix fix{.title = "build concurrently", .safety = FixSafety::kUnsafe, .edits = {}};
  // IF NOT EXISTS would keep it at the next try.
  if (index.if_not_exists && !index.name.empty() && !DroppedBefore(index.name, statement, pass)) {
    fix.edits.push_back(
        {.span = pass.At(statement.span.begin, 0),
         .text = absl::StrFormat("DROP INDEX CONCURRENTLY IF EXISTS %s;\n",
                                 QuoteName({index.relation.name.schema, index.name}))});
  }
  fix.edits.push_back({.span = pass.At(AfterIndexWord(statement), 0), .text = " CONCURRENTLY"});
  finding.Offer(std::move(fix));
}

}  // namespace

extern constinit const Rule kBlockingIndexBuild = MakeSqlRule<&CheckCreateIndex>(kInfo);

}  // namespace pgsift::blocking_index_build
