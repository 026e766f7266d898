// MIG084 publication-of-all-tables: CREATE PUBLICATION … FOR ALL TABLES.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::publication_of_all_tables {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG084",
    .name = "publication-of-all-tables",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {10, 0},
    .summary = "FOR ALL TABLES publishes every table to come too",
    .why = R"md(
A table without a primary key or replica identity that is created later is published at once, and `UPDATE`
and `DELETE` on it fail. The subscriber must have each table as well.
)md",
    .instead = R"md(
Name the tables.
)md",
    .bad = R"sql(CREATE PUBLICATION everything FOR ALL TABLES;)sql",
    .good = R"sql(CREATE PUBLICATION sales FOR TABLE orders, invoices;)sql",
});

void CheckPublication(const CreatePublication& publication, const Statement& statement,
                      SqlPass& pass) {
  if (!publication.all_tables) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("`%s` publishes every table, also those to come", publication.name))
      .Primary("a new table without a key refuses UPDATE and DELETE")
      .Help(
          absl::StrFormat("CREATE PUBLICATION %s FOR TABLE …;", QuoteIdentifier(publication.name)));
}

}  // namespace

extern constinit const Rule kPublicationOfAllTables = MakeSqlRule<&CheckPublication>(kInfo);

}  // namespace pgsift::publication_of_all_tables
