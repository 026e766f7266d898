// MIG071 stale-statistics: statistics of a column or expression are missing until ANALYZE runs.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::stale_statistics {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG071",
    .name = "stale-statistics",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .opt_in = true,
    .summary = "changing a column's type, or an index on an expression, leaves the planner without "
               "statistics",
    .why = R"md(
`ALTER COLUMN … TYPE` removes the statistics of the column, and an index on an expression has none at
first. Until autovacuum analyzes the table, the planner guesses, and queries that were quick may be slow
right after the deployment.
)md",
    .instead = R"md(
`ANALYZE` the table at the end of the migration, or right after it.
)md",
    .bad = R"sql(BEGIN;
CREATE TABLE orders (total int);
COMMIT;
ALTER TABLE orders ALTER COLUMN total TYPE bigint;)sql",
    .good = R"sql(BEGIN;
CREATE TABLE orders (total int);
COMMIT;
ALTER TABLE orders ALTER COLUMN total TYPE bigint;
ANALYZE orders;)sql",
});

bool AnalyzedLater(const QualifiedName& table, const Statement& statement, SqlPass& pass) {
  for (const Statement& later : Later(statement, pass)) {
    const auto* vacuum = later.As<Vacuum>();
    if (vacuum == nullptr || !vacuum->analyze) continue;
    if (vacuum->relations.empty()) return true;
    for (const RelationRef& ref : vacuum->relations) {
      if (pass.catalog().Resolve(ref.name) == table) return true;
    }
  }
  return false;
}

void Report(const QualifiedName& table, const std::string& what, const Statement& statement,
            SqlPass& pass) {
  if (AnalyzedLater(table, statement, pass)) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("%s of `%s` has no statistics until the table is analyzed", what,
                              table.ToString()))
      .On(table.ToString())
      .Primary("the planner guesses until then")
      .Help(absl::StrFormat("at the end: ANALYZE %s;", QuoteName(table)));
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (alter.object != ObjectKind::kTable || !InUse(alter.relation.name, statement, pass)) return;
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAlterColumnType) continue;
    Report(table, absl::StrFormat("column `%s`", command.name), statement, pass);
    return;
  }
}

void CheckCreateIndex(const CreateIndex& create, const Statement& statement, SqlPass& pass) {
  if (!InUse(create.relation.name, statement, pass)) return;
  const bool computed =
      std::any_of(create.elements.begin(), create.elements.end(),
                  [](const IndexElement& element) { return element.expr != nullptr; });
  if (!computed) return;
  Report(pass.catalog().Resolve(create.relation.name), "the indexed expression", statement, pass);
}

}  // namespace

extern constinit const Rule kStaleStatistics =
    MakeSqlRule<&CheckAlterTable, &CheckCreateIndex>(kInfo);

}  // namespace pgsift::stale_statistics
