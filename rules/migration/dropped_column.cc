// MIG010 dropped-column: a column that the running application may still use.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::dropped_column {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG010",
    .name = "dropped-column",
    .category = Category::kCompatibility,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "dropping a column breaks the application that still reads it, and loses its data",
    .why = R"md(
While a deployment rolls out, the old version still runs: its `SELECT *`, its column lists and its
ORM's cached columns name the dropped one, and fail. The data is gone at once; a down migration brings
back the column, not its values. Indexes and constraints that hold the column go with it silently.
)md",
    .instead = R"md(
Let the application stop reading and writing the column, deploy that everywhere, and drop the column
in a later release. Keep the values somewhere if they may be wanted.
)md",
    .bad = "ALTER TABLE orders DROP COLUMN note;",
    .good = "ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;",
});

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (alter.object != ObjectKind::kTable || pass.IsNew(statement, alter.relation.name)) return;
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  const Relation* known = pass.catalog().Find(alter.relation.name);
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kDropColumn) continue;
    if (command.missing_ok && known != nullptr && known->FindColumn(command.name) == nullptr)
      continue;
    Finding& finding =
        pass.Report(kInfo, statement.span,
                    absl::StrFormat("dropping column `%s.%s` breaks code that still names it",
                                    table.ToString(), command.name));
    finding.On(table.ToString()).Primary("the old version of the application fails from here on");
    if (known != nullptr) {
      for (const CatalogConstraint& constraint : known->constraints) {
        const auto& columns = constraint.columns;
        const bool holds = std::find(columns.begin(), columns.end(), command.name) != columns.end();
        if (!holds || columns.size() < 2 || constraint.index != RelationId::kNone) continue;
        finding.Note(
            absl::StrFormat("constraint `%s` names the column and goes with it", constraint.name));
      }
      for (const Relation* index : pass.catalog().IndexesOf(*known)) {
        for (const IndexElement& element : index->index->elements) {
          if (element.column != command.name) continue;
          finding.Note(absl::StrFormat("index `%s` holds the column and goes with it",
                                       index->name.ToString()));
        }
      }
    }
    finding.Help("deploy an application that no longer uses the column first, then drop it");
  }
}

}  // namespace

extern constinit const Rule kDroppedColumn = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::dropped_column
