// MIG027 truncated-table: TRUNCATE of a table that an earlier migration made.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::truncated_table {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG027",
    .name = "truncated-table",
    .category = Category::kDataLoss,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "TRUNCATE deletes all rows of a table in use",
    .why = R"md(
All rows are gone when the transaction commits, also for those that would still see them: `TRUNCATE` is
not safe for older snapshots. It takes an `ACCESS EXCLUSIVE` lock, so readers wait, and a down migration
cannot bring the rows back.
)md",
    .instead = R"md(
Delete what is not needed in batches, and keep a copy of what may be wanted. If the table only holds
what can be computed again, suppress the finding and say so.
)md",
    .bad = R"sql(TRUNCATE orders;)sql",
    .good = R"sql(CREATE TEMP TABLE scratch (a int);
TRUNCATE scratch;)sql",
});

void CheckTruncate(const Truncate& truncate, const Statement& statement, SqlPass& pass) {
  if (truncate.cascade) return;  // Another rule's, which says what else goes.
  for (const RelationRef& ref : truncate.relations) {
    if (!InUse(ref.name, statement, pass)) continue;
    const QualifiedName table = pass.catalog().Resolve(ref.name);
    pass.Report(kInfo, statement.span,
                absl::StrFormat("TRUNCATE deletes all rows of `%s`", table.ToString()))
        .On(table.ToString())
        .Primary("the rows cannot be brought back; readers wait for its lock")
        .Help(absl::StrFormat("keep a copy: CREATE TABLE %s AS TABLE %s;",
                              QuoteIdentifier(table.name + "_before"), QuoteName(table)));
  }
}

}  // namespace

extern constinit const Rule kTruncatedTable = MakeSqlRule<&CheckTruncate>(kInfo);

}  // namespace pgsift::truncated_table
