// MIG024 type-change-under-dependents: ALTER COLUMN TYPE of a column that a view, generated column
// or trigger uses.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::type_change_under_dependents {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG024",
    .name = "type-change-under-dependents",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "the column's type cannot change while a view, generated column or trigger uses it",
    .why = R"md(
PostgreSQL refuses to change the type of a column that a view, a generated column, or a trigger's
`UPDATE OF` uses: "cannot alter type of a column used by a view or rule". The migration stops there.
)md",
    .instead = R"md(
Drop what uses the column, change the type, and create it again, in one transaction.
)md",
    .bad = R"sql(CREATE TABLE orders (id int, total int);
CREATE VIEW totals AS SELECT total FROM orders;
ALTER TABLE orders ALTER COLUMN total TYPE bigint;)sql",
    .good = R"sql(CREATE TABLE orders (id int, total int);
CREATE VIEW ids AS SELECT id FROM orders;
ALTER TABLE orders ALTER COLUMN total TYPE bigint;)sql",
});

bool Names(const Expr* expr, std::string_view column) {
  bool names = false;
  if (expr == nullptr) return false;
  WalkExpr(*expr, [&](const Expr& inner) {
    names = names || (inner.IsColumn() && inner.LastName() == column);
  });
  return names;
}

void Report(const Relation& table, const std::string& column, const std::string& user,
            const std::string& drop, Span origin, const Statement& statement, SqlPass& pass) {
  Finding& finding =
      pass.Report(kInfo, statement.span,
                  absl::StrFormat("the type of `%s.%s` cannot change while %s uses it",
                                  table.name.ToString(), column, user));
  finding.On(table.name.ToString()).Primary("PostgreSQL refuses this");
  if (origin.known()) finding.Also(origin, "uses the column");
  finding.Help(
      absl::StrFormat("before it, in the same transaction: %s; after it, create it again", drop));
}

void CheckColumn(const Relation& table, const std::string& name, const Statement& statement,
                 SqlPass& pass) {
  for (const Relation* view : pass.catalog().ViewsOn(table.id, name)) {
    // A column of another table of that name would count too.
    if (view->depends_on.size() != 1) continue;
    const bool materialized = view->kind == RelationKind::kMaterializedView;
    Report(table, name, absl::StrFormat("view `%s`", view->name.ToString()),
           absl::StrFormat("DROP %sVIEW %s", materialized ? "MATERIALIZED " : "",
                           QuoteName(view->name)),
           view->origin.span, statement, pass);
  }
  for (const CatalogColumn& other : table.columns) {
    if (!other.generated_stored && !other.generated_virtual) continue;
    if (other.name == name || !Names(other.default_expr.get(), name)) continue;
    Report(table, name, absl::StrFormat("generated column `%s`", other.name),
           absl::StrFormat("ALTER TABLE %s DROP COLUMN %s", QuoteName(table.name),
                           QuoteIdentifier(other.name)),
           other.origin.span, statement, pass);
  }
  for (const CatalogTrigger& trigger : table.triggers) {
    const auto& columns = trigger.update_columns;
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) continue;
    Report(table, name, absl::StrFormat("trigger `%s`", trigger.name),
           absl::StrFormat("DROP TRIGGER %s ON %s", QuoteIdentifier(trigger.name),
                           QuoteName(table.name)),
           {}, statement, pass);
  }
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  const Relation* table = pass.catalog().Find(alter.relation.name);
  if (table == nullptr || alter.object != ObjectKind::kTable) return;
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action == AlterAction::kAlterColumnType) {
      CheckColumn(*table, command.name, statement, pass);
    }
  }
}

}  // namespace

extern constinit const Rule kTypeChangeUnderDependents = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::type_change_under_dependents
