// MIG067 unfiltered-delete: DELETE of all rows of a table in use.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::unfiltered_delete {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG067",
    .name = "unfiltered-delete",
    .category = Category::kDataLoss,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "DELETE without WHERE deletes every row of a table in use",
    .why = R"md(
Every row is gone when the transaction commits. The WHERE may have been forgotten; where it was not,
deleting row by row is slow, leaves dead rows for vacuum, and writes each to the WAL.
)md",
    .instead = R"md(
Say which rows. If all are meant and nobody reads the table, `TRUNCATE` is quick.
)md",
    .bad = R"sql(DELETE FROM orders;)sql",
    .good = R"sql(DELETE FROM orders WHERE id = 17;)sql",
});

void CheckDelete(const Delete& del, const Statement& statement, SqlPass& pass) {
  const bool all = !del.where.has_value() || AlwaysTrue(*del.where);
  if (!all || !del.using_items.empty() || !InUse(del.relation.name, statement, pass)) return;
  const std::string table = pass.catalog().Resolve(del.relation.name).ToString();
  if (del.relation.name.name.starts_with("pg_")) return;
  pass.Report(kInfo, statement.span, absl::StrFormat("DELETE takes every row of `%s`", table))
      .On(table)
      .Primary("no WHERE says which rows")
      .Help(absl::StrFormat("keep a copy: CREATE TABLE %s AS TABLE %s;",
                            QuoteIdentifier(del.relation.name.name + "_before"),
                            QuoteName(del.relation.name)));
}

}  // namespace

extern constinit const Rule kUnfilteredDelete = MakeSqlRule<&CheckDelete>(kInfo);

}  // namespace pgsift::unfiltered_delete
