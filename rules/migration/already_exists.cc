// MIG091 already-exists: a table, index, column or constraint that an earlier migration has made.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::already_exists {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG091",
    .name = "already-exists",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "the statement makes what is there already, and fails",
    .why = R"md(
PostgreSQL answers "already exists", and the migration stops. Tables, indexes, views and sequences of a
schema share one set of names.
)md",
    .instead = R"md(
Another name, or `IF NOT EXISTS` where the same object is meant.
)md",
    .bad = R"sql(CREATE TABLE orders (id int);
CREATE TABLE orders (id int);)sql",
    .good = R"sql(CREATE TABLE orders (id int);
CREATE TABLE IF NOT EXISTS orders (id int);)sql",
});

void Report(const std::string& what, Span origin, const Statement& statement, SqlPass& pass) {
  // Another folder's migrations are another database's.
  if (!origin.known() || !pass.history().SameProject(origin.file, statement.span.file)) return;
  pass.Report(kInfo, statement.span, absl::StrFormat("%s is there already", what))
      .Primary("PostgreSQL refuses this: already exists")
      .Also(origin, "made here")
      .Help("another name, or IF NOT EXISTS where the same is meant");
}

void CheckRelation(const RelationRef& ref, bool if_not_exists, const Statement& statement,
                   SqlPass& pass) {
  if (if_not_exists || ref.temporary || ref.name.name.empty()) return;
  const QualifiedName name = pass.catalog().Resolve(ref.name);
  const Relation* known = pass.catalog().Find(name);
  if (known == nullptr || known->persistence == Persistence::kTemporary) return;
  Report(absl::StrFormat("%s `%s`", RelationKindName(known->kind), name.ToString()),
         known->origin.span, statement, pass);
}

void CheckTable(const CreateTable& s, const Statement& statement, SqlPass& pass) {
  CheckRelation(s.relation, s.if_not_exists, statement, pass);
}
void CheckTableAs(const CreateTableAs& s, const Statement& statement, SqlPass& pass) {
  CheckRelation(s.relation, s.if_not_exists, statement, pass);
}
void CheckView(const CreateView& s, const Statement& statement, SqlPass& pass) {
  CheckRelation(s.relation, s.replace, statement, pass);
}
void CheckIndex(const CreateIndex& s, const Statement& statement, SqlPass& pass) {
  if (s.name.empty() || s.if_not_exists) return;
  const QualifiedName table = pass.catalog().Resolve(s.relation.name);
  const Relation* known = pass.catalog().Find({table.schema, s.name});
  if (known == nullptr || pass.catalog().Find(s.relation.name) == nullptr) return;
  Report(absl::StrFormat("%s `%s`", RelationKindName(known->kind), known->name.ToString()),
         known->origin.span, statement, pass);
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  const Relation* table = pass.catalog().Find(alter.relation.name);
  if (table == nullptr || alter.object != ObjectKind::kTable || !table->parents.empty()) return;
  const auto dropped_here = [&](const std::string& name) {
    return std::any_of(alter.subcommands.begin(), alter.subcommands.end(), [&](const auto& other) {
      return other.name == name && (other.action == AlterAction::kDropColumn ||
                                    other.action == AlterAction::kDropConstraint);
    });
  };
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action == AlterAction::kAddColumn && command.column.has_value() &&
        !command.missing_ok) {
      const CatalogColumn* column = table->FindColumn(command.column->name);
      if (column == nullptr || dropped_here(column->name)) continue;
      Report(absl::StrFormat("column `%s.%s`", table->name.ToString(), column->name),
             column->origin.span, statement, pass);
    }
    if (command.action == AlterAction::kAddConstraint && command.constraint.has_value()) {
      const std::string& name = command.constraint->name;
      const CatalogConstraint* known = name.empty() ? nullptr : table->FindConstraint(name);
      if (known == nullptr || dropped_here(name)) continue;
      Report(absl::StrFormat("constraint `%s` of `%s`", name, table->name.ToString()),
             known->origin.span, statement, pass);
    }
  }
}

}  // namespace

extern constinit const Rule kAlreadyExists =
    MakeSqlRule<&CheckTable, &CheckTableAs, &CheckView, &CheckIndex, &CheckAlterTable>(kInfo);

}  // namespace pgsift::already_exists
