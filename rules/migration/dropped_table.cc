// MIG057 dropped-table: a table that the running application may still use, and its rows.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::dropped_table {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG057",
    .name = "dropped-table",
    .category = Category::kDataLoss,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "dropping a table loses its rows and breaks the application that still uses it",
    .why = R"md(
While a deployment rolls out, the old version still runs and still names the table. The rows are gone at
once; a down migration brings back an empty table.
)md",
    .instead = R"md(
Let the application stop using the table, deploy that everywhere, rename the table and wait, keep a
copy, and drop it in a later release.
)md",
    .bad = R"sql(DROP TABLE orders;)sql",
    .good = R"sql(CREATE TEMP TABLE scratch (a int);
DROP TABLE scratch;)sql",
});

// Made again by the same file: what was there before is replaced.
bool MadeAgain(const QualifiedName& name, const Statement& statement, SqlPass& pass) {
  for (const Statement& later : Later(statement, pass)) {
    if (const auto* create = later.As<CreateTable>()) {
      if (create->relation.name.name == name.name) return true;
    }
    const auto* rename = later.As<Rename>();
    if (rename != nullptr && rename->new_name == name.name) return true;
  }
  return false;
}

void CheckDrop(const Drop& drop, const Statement& statement, SqlPass& pass) {
  if (drop.object != ObjectKind::kTable) return;
  for (const QualifiedName& name : drop.names) {
    const Relation* known = pass.catalog().Find(name);
    if (!InUse(known, statement, pass)) continue;
    // DROP TABLE IF EXISTS before CREATE TABLE: nothing is known to be lost.
    if (known == nullptr && drop.if_exists && MadeAgain(name, statement, pass)) continue;
    // Detached or not, a partition goes by a rule of its own.
    if (known != nullptr && known->bound.has_value()) continue;
    const std::string table = pass.catalog().Resolve(name).ToString();
    Finding& finding = pass.Report(kInfo, statement.span,
                                   absl::StrFormat("dropping `%s` loses its rows for good", table));
    finding.On(table)
        .Primary("an application that still names it fails from here on")
        .Help(absl::StrFormat("first, and a release earlier: ALTER TABLE %s RENAME TO %s;",
                              QuoteName(name), QuoteIdentifier(name.name + "_unused")));
  }
}

}  // namespace

extern constinit const Rule kDroppedTable = MakeSqlRule<&CheckDrop>(kInfo);

}  // namespace pgsift::dropped_table
