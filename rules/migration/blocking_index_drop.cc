// MIG008 blocking-index-drop: a DROP INDEX that waits for, and then stops, everyone on the table.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/rule.h"

namespace pgsift::blocking_index_drop {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG008",
    .name = "blocking-index-drop",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {9, 2},  // The release that brought DROP INDEX CONCURRENTLY.
    .fix = FixSafety::kUnsafe,
    .summary = "DROP INDEX without CONCURRENTLY locks the table against reads and writes",
    .why = R"md(
Dropping an index takes an `ACCESS EXCLUSIVE` lock on its table. The drop itself is quick, but it
waits behind every query that runs on the table, and every query that comes later waits behind it.
)md",
    .instead = R"md(
`DROP INDEX CONCURRENTLY`, outside a transaction: it waits without holding others up. An index that
backs a constraint, or one of a partitioned table, cannot be dropped this way.
)md",
    .bad = "DROP INDEX orders_email;",
    .good = "DROP INDEX CONCURRENTLY orders_email;",
});

// DROP INDEX IF EXISTS i before CREATE INDEX i ON t: a script that can be run again. Where all of
// t's indexes are known, or t itself is new, there is no i yet.
bool IsOnlyMade(const QualifiedName& name, const SqlPass& pass) {
  const std::vector<Statement>& statements = pass.file().statements;
  return std::any_of(statements.begin(), statements.end(), [&](const Statement& later) {
    const auto* create = later.As<CreateIndex>();
    if (create == nullptr || create->name != name.name) return false;
    const Relation* table = pass.catalog().Find(create->relation.name);
    if (table != nullptr) return table->origin.span.known();
    return std::any_of(statements.begin(), statements.end(), [&](const Statement& other) {
      const auto* made = other.As<CreateTable>();
      return made != nullptr && !made->if_not_exists &&
             made->relation.name.name == create->relation.name.name;
    });
  });
}

// Whether the index can be dropped CONCURRENTLY, and its table is one that others wait for.
bool Concerns(const Relation& index, const Statement& statement, const SqlPass& pass) {
  if (index.kind == RelationKind::kPartitionedIndex) return false;
  if (pass.catalog().CreatedTogether(pass.file(), statement, index)) return false;
  const Relation* table = pass.catalog().Find(index.table);
  if (table == nullptr) return true;
  return pass.effects().ModeOn(table->id) >= LockMode::kAccessExclusive &&
         !pass.catalog().CreatedTogether(pass.file(), statement, *table);
}

void CheckDrop(const Drop& drop, const Statement& statement, SqlPass& pass) {
  if (drop.object != ObjectKind::kIndex || drop.concurrently) return;
  for (const QualifiedName& name : drop.names) {
    const Relation* index = pass.catalog().Find(name);
    if (index != nullptr && !Concerns(*index, statement, pass)) continue;
    if (index == nullptr && drop.if_exists && IsOnlyMade(name, pass)) continue;
    const Relation* table = index != nullptr ? pass.catalog().Find(index->table) : nullptr;
    const std::string of = table != nullptr ? "`" + table->name.ToString() + "`" : "its table";
    Finding& finding =
        pass.Report(kInfo, statement.span,
                    absl::StrFormat("dropping index `%s` locks %s against reads and writes",
                                    name.ToString(), of));
    if (table != nullptr) finding.On(table->name.ToString());
    finding.Primary("waits for every running query, and all later ones wait behind it");
    if (const TransactionBlock* block = pass.TransactionOf(statement)) {
      if (block->begin.known())
        finding.Also(block->begin, "CONCURRENTLY cannot run in this transaction");
      finding.Help("drop it CONCURRENTLY in a migration of its own outside a transaction");
    } else {
      finding.Help(absl::StrFormat("DROP INDEX CONCURRENTLY %s", QuoteName(name)));
      // PostgreSQL drops one index at a time this way, and nothing that depends on it.
      const size_t word = Lower(statement.sql).find("index");
      if (drop.names.size() > 1 || drop.cascade || word == std::string::npos) continue;
      finding.Offer({.title = "drop concurrently",
                     .safety = FixSafety::kUnsafe,
                     .edits = {{.span = pass.At(statement.span.begin + word + 5, 0),
                                .text = " CONCURRENTLY"}}});
    }
  }
}

}  // namespace

extern constinit const Rule kBlockingIndexDrop = MakeSqlRule<&CheckDrop>(kInfo);

}  // namespace pgsift::blocking_index_drop
