// MIG018 primary-key-over-nullable: a primary key made from an index still reads the table for
// nulls.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::primary_key_over_nullable {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG018",
    .name = "primary-key-over-nullable",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {9, 1},
    .summary = "PRIMARY KEY USING INDEX over a nullable column reads the whole table",
    .why = R"md(
The index is there already, but a primary key's columns are `NOT NULL`. Where a column is not yet,
PostgreSQL looks at every row for a null, and nobody reads or writes the table while it does.
)md",
    .instead = R"md(
Prove `NOT NULL` first: a `CHECK (column IS NOT NULL) NOT VALID`, `VALIDATE CONSTRAINT` in a later
transaction, then `SET NOT NULL`, which is instant; then the primary key.
)md",
    .bad = R"sql(BEGIN;
CREATE TABLE orders (id bigint);
CREATE UNIQUE INDEX orders_id_key ON orders (id);
COMMIT;
ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_id_key;)sql",
    .good =
        R"sql(ALTER TABLE orders ADD CONSTRAINT orders_id_unique UNIQUE USING INDEX orders_id_key;)sql",
});

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  const Relation* table = pass.catalog().Find(alter.relation.name);
  if (table == nullptr || !InUse(table, statement, pass)) return;
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAddConstraint || !command.constraint.has_value()) continue;
    const ConstraintDef& key = *command.constraint;
    if (key.kind != ConstraintKind::kPrimaryKey || key.using_index.empty()) continue;
    if (!pass.effects().Scans(table->name)) continue;
    const Relation* index = pass.catalog().Find({table->name.schema, key.using_index});
    if (index == nullptr || !index->index.has_value()) continue;
    Finding& finding = pass.Report(
        kInfo, statement.span,
        absl::StrFormat("the primary key reads all of `%s` for nulls", table->name.ToString()));
    finding.On(table->name.ToString())
        .Primary("nobody reads or writes the table until every row was looked at")
        .Note(std::string(ReasonIn(pass.effects().scans, table->name)));
    for (const IndexElement& element : index->index->elements) {
      const CatalogColumn* column = table->FindColumn(element.column);
      if (column == nullptr || column->not_null) continue;
      const std::string name =
          QuoteIdentifier(MakeObjectName(table->name.name, column->name, "not_null"));
      finding.Help(absl::StrFormat(
          "first: ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID; then, in a "
          "later "
          "transaction: ALTER TABLE %s VALIDATE CONSTRAINT %s; ALTER TABLE %s ALTER COLUMN %s SET "
          "NOT NULL;",
          QuoteName(table->name), name, QuoteIdentifier(column->name), QuoteName(table->name), name,
          QuoteName(table->name), QuoteIdentifier(column->name)));
    }
  }
}

}  // namespace

extern constinit const Rule kPrimaryKeyOverNullable = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::primary_key_over_nullable
