// MIG068 unbatched-backfill: one UPDATE over all rows of a table in use.

#include "absl/strings/str_format.h"
#include "parser/query_walk.h"
#include "rules/migration/migration_rule.h"
#include "rules/version_mark.h"

namespace pgsift::unbatched_backfill {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG068",
    .name = "unbatched-backfill",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "one statement changes very many rows of a table in use",
    .why = R"md(
Each changed row is locked until the transaction ends, so writers of these rows wait; each leaves a dead
row, an entry in every index, and WAL that replicas have to read. It cannot be stopped without losing all
of it. Without a `WHERE` it is a warning, with one that does not pick rows by a key it is for information.
)md",
    .instead = R"md(
Change a few thousand rows at a time by ranges of the key, each in a transaction of its own, with a pause;
then check that none is left.
)md",
    .bad = R"sql(UPDATE orders SET channel = 'web';)sql",
    .good =
        R"sql(UPDATE orders SET channel = 'web' WHERE id BETWEEN 1 AND 5000 AND id IN (1, 2);)sql",
});

bool HasLimit(const Statement& statement) {
  return HasWords(statement.sql, {"LIMIT"}) || HasWords(statement.sql, {"CTID"}) ||
         HasWords(statement.sql, {"BETWEEN"});
}

void Report(const RelationRef& ref, const Expr* where, const Statement& statement, SqlPass& pass) {
  if (!InUse(ref.name, statement, pass) || HasLimit(statement)) return;
  const Relation* table = pass.catalog().Find(ref.name);
  if (PicksByKey(where, table)) return;
  // With a strong lock held it is worse, and another rule's.
  if (!HeldInUse(statement, pass, LockMode::kShare).empty()) return;
  const QualifiedName name = pass.catalog().Resolve(ref.name);
  const bool all = where == nullptr || AlwaysTrue(*where);
  std::string key = "id";
  if (table != nullptr && table->PrimaryKey() != nullptr && !table->PrimaryKey()->columns.empty()) {
    key = table->PrimaryKey()->columns.front();
  }
  Finding& finding = pass.Report(
      kInfo, statement.span,
      absl::StrFormat("%s changes %s `%s` in one transaction", statement.tag,
                      all ? "every row of" : "an unknown number of rows of", name.ToString()));
  if (!all) finding.severity = std::min(finding.severity, Severity::kInfo);
  finding.On(name.ToString())
      .Primary("each row is locked until it ends")
      .Help(absl::StrFormat("in batches: %s … WHERE %s%s >= $1 AND %s < $1 + 5000;",
                            statement.tag == "DELETE" ? "DELETE FROM " + QuoteName(name)
                                                      : "UPDATE " + QuoteName(name) + " SET",
                            all ? "" : "(" + ToSql(*where) + ") AND ", QuoteIdentifier(key),
                            QuoteIdentifier(key)));
}

void CheckUpdate(const Update& update, const Statement& statement, SqlPass& pass) {
  if (MarksVersion(update, pass.catalog().Find(update.relation.name))) return;
  Report(update.relation, update.where.has_value() ? &*update.where : nullptr, statement, pass);
}

void CheckDelete(const Delete& del, const Statement& statement, SqlPass& pass) {
  if (!del.where.has_value() || AlwaysTrue(*del.where)) return;  // Another rule's.
  if (del.relation.name.name.starts_with("pg_")) return;
  Report(del.relation, &*del.where, statement, pass);
}

}  // namespace

extern constinit const Rule kUnbatchedBackfill = MakeSqlRule<&CheckUpdate, &CheckDelete>(kInfo);

}  // namespace pgsift::unbatched_backfill
