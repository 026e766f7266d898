// MIG093 missing-object: a table that was dropped or renamed before, a column that is not there.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::missing_object {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG093",
    .name = "missing-object",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "the statement is about a table or column that is not there",
    .why = R"md(
PostgreSQL answers "does not exist", and the migration stops. Reported for tables that an earlier statement
dropped or renamed, and for columns of tables whose creation is among the migrations.
)md",
    .instead = R"md(
Correct the name or the order of the migrations; `IF EXISTS` where it may be either.
)md",
    .bad = R"sql(CREATE TABLE orders (id int);
ALTER TABLE orders DROP COLUMN total;)sql",
    .good = R"sql(CREATE TABLE orders (id int);
ALTER TABLE orders DROP COLUMN IF EXISTS total;)sql",
});

bool ReportGone(const RelationRef& ref, bool missing_ok, const Statement& statement,
                SqlPass& pass) {
  if (pass.catalog().Find(ref.name) != nullptr || missing_ok) return false;
  const QualifiedName name = pass.catalog().Resolve(ref.name);
  const auto* gone = pass.history().FindGone(name);
  if (gone == nullptr || !pass.history().SameProject(gone->span.file, statement.span.file))
    return false;
  Finding& finding = pass.Report(
      kInfo, statement.span,
      absl::StrFormat("`%s` is not there any more: it was %s", name.ToString(),
                      gone->new_name.empty() ? "dropped" : "renamed to `" + gone->new_name + "`"));
  finding.On(name.ToString())
      .Primary("PostgreSQL refuses this: does not exist")
      .Also(gone->span, "here");
  finding.Help(gone->new_name.empty()
                   ? "put this statement before that one, or leave it out"
                   : absl::StrFormat("write %s", QuoteIdentifier(gone->new_name)));
  return true;
}

void ReportColumn(const Relation& table, const std::string& column, const Statement& statement,
                  SqlPass& pass) {
  pass.Report(kInfo, statement.span,
              absl::StrFormat("`%s` has no column `%s`", table.name.ToString(), column))
      .On(table.name.ToString())
      .Primary("PostgreSQL refuses this: does not exist")
      .Also(table.origin.span, "the table is made here")
      .Help("correct the name, or IF EXISTS where it may be either");
}

// Its columns are all known.
bool IsKnown(const Relation* table, const Statement& statement, const SqlPass& pass) {
  if (table == nullptr || !table->IsTable() || table->columns.empty()) return false;
  if (!table->parents.empty() || !table->of_type.empty() || !table->origin.span.known())
    return false;
  const std::string_view made = pass.file().text;
  (void)made;
  return pass.history().SameProject(table->origin.span.file, statement.span.file);
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (alter.object != ObjectKind::kTable) return;
  if (ReportGone(alter.relation, alter.if_exists, statement, pass)) return;
  const Relation* table = pass.catalog().Find(alter.relation.name);
  if (!IsKnown(table, statement, pass)) return;
  std::vector<std::string> added;
  for (const AlterSubcommand& command : alter.subcommands) {
    switch (command.action) {
      case AlterAction::kAddColumn:
        if (command.column.has_value()) added.push_back(command.column->name);
        break;
      case AlterAction::kDropColumn:
      case AlterAction::kSetNotNull:
      case AlterAction::kDropNotNull:
      case AlterAction::kColumnDefault:
      case AlterAction::kAlterColumnType: {
        const bool here = std::find(added.begin(), added.end(), command.name) != added.end();
        if (here || command.missing_ok || table->FindColumn(command.name) != nullptr) break;
        ReportColumn(*table, command.name, statement, pass);
        break;
      }
      default:
        break;
    }
  }
}

void CheckCreateIndex(const CreateIndex& create, const Statement& statement, SqlPass& pass) {
  if (ReportGone(create.relation, false, statement, pass)) return;
  const Relation* table = pass.catalog().Find(create.relation.name);
  if (!IsKnown(table, statement, pass)) return;
  for (const IndexElement& element : create.elements) {
    if (element.column.empty() || table->FindColumn(element.column) != nullptr) continue;
    ReportColumn(*table, element.column, statement, pass);
  }
}

void CheckRename(const Rename& rename, const Statement& statement, SqlPass& pass) {
  if (rename.object != ObjectKind::kTable && rename.object != ObjectKind::kColumn) return;
  if (ReportGone(rename.relation, rename.if_exists, statement, pass)) return;
  const Relation* table = pass.catalog().Find(rename.relation.name);
  if (rename.object != ObjectKind::kColumn || !IsKnown(table, statement, pass)) return;
  if (table->FindColumn(rename.sub_name) == nullptr)
    ReportColumn(*table, rename.sub_name, statement, pass);
}

void CheckDrop(const Drop& drop, const Statement& statement, SqlPass& pass) {
  if (drop.object != ObjectKind::kTable) return;
  for (const QualifiedName& name : drop.names) {
    RelationRef ref;
    ref.name = name;
    ReportGone(ref, drop.if_exists, statement, pass);
  }
}

}  // namespace

extern constinit const Rule kMissingObject =
    MakeSqlRule<&CheckAlterTable, &CheckCreateIndex, &CheckRename, &CheckDrop>(kInfo);

}  // namespace pgsift::missing_object
