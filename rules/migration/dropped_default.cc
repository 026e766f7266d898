// MIG062 dropped-default: a required column loses the default that old inserts rely on.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::dropped_default {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG062",
    .name = "dropped-default",
    .category = Category::kCompatibility,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "dropping the default of a NOT NULL column breaks inserts that leave it out",
    .why = R"md(
The application that still runs leaves the column out of its `INSERT`s. Without a default they fail: "null
value in column violates not-null constraint".
)md",
    .instead = R"md(
Deploy an application that always gives the value first; or drop `NOT NULL` along with the default.
)md",
    .bad = R"sql(BEGIN;
CREATE TABLE orders (channel text NOT NULL DEFAULT 'web');
COMMIT;
ALTER TABLE orders ALTER COLUMN channel DROP DEFAULT;)sql",
    .good = R"sql(BEGIN;
CREATE TABLE orders (channel text DEFAULT 'web');
COMMIT;
ALTER TABLE orders ALTER COLUMN channel DROP DEFAULT;)sql",
});

// The column existed with its default before this file: others insert with it.
bool DefaultIsOld(const CatalogColumn& column, const Statement& statement) {
  return column.origin.span.file != statement.span.file ||
         (column.origin.transaction != kNoTransaction &&
          column.origin.transaction != statement.transaction);
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  const Relation* table = pass.catalog().Find(alter.relation.name);
  if (table == nullptr || !InUse(table, statement, pass)) return;
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kColumnDefault || command.expr != nullptr) continue;
    const CatalogColumn* column = table->FindColumn(command.name);
    if (column == nullptr || !column->not_null || column->default_expr == nullptr) continue;
    if (!DefaultIsOld(*column, *&statement)) continue;
    // Another default, or an identity, follows.
    const bool replaced =
        std::any_of(alter.subcommands.begin(), alter.subcommands.end(), [&](const auto& other) {
          return &other != &command && other.name == command.name &&
                 (other.action == AlterAction::kColumnDefault ||
                  other.action == AlterAction::kAddIdentity ||
                  other.action == AlterAction::kDropNotNull ||
                  other.action == AlterAction::kAlterColumnType);
        });
    if (replaced) continue;
    bool later = false;
    for (const Statement& next : Later(statement, pass)) {
      const auto* other = next.As<AlterTable>();
      if (other == nullptr || pass.catalog().Find(other->relation.name) != table) continue;
      for (const AlterSubcommand& each : other->subcommands)
        later = later || each.name == command.name;
    }
    if (later) continue;
    pass.Report(kInfo, statement.span,
                absl::StrFormat("inserts that leave out `%s.%s` fail from here on",
                                table->name.ToString(), command.name))
        .On(table->name.ToString())
        .Primary("NOT NULL stays, its default goes")
        .Note(absl::StrFormat("the default was %s", ToSql(*column->default_expr)))
        .Help("deploy an application that always gives the value first");
  }
}

}  // namespace

extern constinit const Rule kDroppedDefault = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::dropped_default
