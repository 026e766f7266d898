// MIG095 foreign-key-without-unique-target: a foreign key to columns that are not unique.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::foreign_key_without_unique_target {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG095",
    .name = "foreign-key-without-unique-target",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "a foreign key refers to columns without a primary key or unique constraint",
    .why = R"md(
PostgreSQL answers "there is no unique constraint matching given keys for referenced table", and the
migration stops. A unique index with a predicate or an expression does not count.
)md",
    .instead = R"md(
Add the unique constraint first.
)md",
    .bad = R"sql(CREATE TABLE customers (id bigint PRIMARY KEY, email text);
CREATE TABLE orders (email text REFERENCES customers (email));)sql",
    .good = R"sql(CREATE TABLE customers (id bigint PRIMARY KEY, email text UNIQUE);
CREATE TABLE orders (email text REFERENCES customers (email));)sql",
});

bool SameColumns(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

bool HasUnique(const Relation& table, const std::vector<std::string>& columns,
               const Catalog& catalog) {
  for (const CatalogConstraint& constraint : table.constraints) {
    const bool unique = constraint.kind == ConstraintKind::kPrimaryKey ||
                        constraint.kind == ConstraintKind::kUnique;
    if (unique && SameColumns(constraint.columns, columns)) return true;
  }
  for (const Relation* index : catalog.IndexesOf(table)) {
    if (!index->index->unique || index->index->where != nullptr) continue;
    std::vector<std::string> own;
    for (const IndexElement& element : index->index->elements) own.push_back(element.column);
    if (SameColumns(own, columns)) return true;
  }
  return false;
}

void Check(const ConstraintDef& key, const RelationRef& self, const Statement& statement,
           SqlPass& pass) {
  if (key.kind != ConstraintKind::kForeignKey) return;
  const Relation* other = pass.catalog().Find(key.referenced.name);
  if (other == nullptr || !other->IsTable() || !other->origin.span.known() ||
      !other->parents.empty())
    return;
  if (pass.catalog().Resolve(self.name) == other->name && statement.As<CreateTable>() != nullptr)
    return;
  if (!pass.history().SameProject(other->origin.span.file, statement.span.file)) return;
  const bool primary = key.referenced_columns.empty();
  if (primary ? other->PrimaryKey() != nullptr
              : HasUnique(*other, key.referenced_columns, pass.catalog()))
    return;
  const std::string columns =
      primary ? "its primary key" : "(" + ColumnList(key.referenced_columns) + ")";
  Finding& finding = pass.Report(
      kInfo, statement.span,
      primary ? absl::StrFormat("`%s` has no primary key that a foreign key could refer to",
                                other->name.ToString())
              : absl::StrFormat("%s of `%s` is not unique: no foreign key can refer to it", columns,
                                other->name.ToString()));
  finding.On(other->name.ToString())
      .Primary("PostgreSQL refuses this")
      .Also(other->origin.span, "the table is made here");
  if (!primary) {
    finding.Help(
        absl::StrFormat("first: ALTER TABLE %s ADD UNIQUE %s;", QuoteName(other->name), columns));
  } else {
    finding.Help(
        absl::StrFormat("first: ALTER TABLE %s ADD PRIMARY KEY (…);", QuoteName(other->name)));
  }
}

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (const auto* create = statement.As<CreateTable>()) {
    for (const ConstraintDef& constraint : create->constraints)
      Check(constraint, create->relation, statement, pass);
    for (const ColumnDef& column : create->columns) {
      for (const ConstraintDef& constraint : column.constraints)
        Check(constraint, create->relation, statement, pass);
    }
  }
  const auto* alter = statement.As<AlterTable>();
  if (alter == nullptr) return;
  for (const AlterSubcommand& command : alter->subcommands) {
    if (command.action == AlterAction::kAddConstraint && command.constraint.has_value()) {
      Check(*command.constraint, alter->relation, statement, pass);
    }
    if (command.action != AlterAction::kAddColumn || !command.column.has_value()) continue;
    for (const ConstraintDef& constraint : command.column->constraints) {
      Check(constraint, alter->relation, statement, pass);
    }
  }
}

}  // namespace

extern constinit const Rule kForeignKeyWithoutUniqueTarget = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::foreign_key_without_unique_target
