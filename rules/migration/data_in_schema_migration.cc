// MIG069 data-in-schema-migration: rows changed in a migration that changes the schema.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::data_in_schema_migration {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG069",
    .name = "data-in-schema-migration",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "a migration changes both the schema and rows",
    .why = R"md(
Schema changes are quick and hold strong locks, changes of rows are slow and hold weak ones: together
they are slow and hold strong locks. And data migrations are tried, repeated and undone in other ways.
)md",
    .instead = R"md(
A migration for the schema, another for the rows.
)md",
    .bad = R"sql(ALTER TABLE orders ADD COLUMN channel text;
UPDATE orders SET channel = 'web' WHERE id = 1;)sql",
    .good = R"sql(UPDATE orders SET channel = 'web' WHERE id = 1;)sql",
});

void CheckStatement(const Statement& statement, SqlPass& pass) {
  const RelationRef* ref = nullptr;
  if (const auto* s = statement.As<Update>()) ref = &s->relation;
  if (const auto* s = statement.As<Delete>()) ref = &s->relation;
  if (const auto* s = statement.As<Insert>()) ref = &s->relation;
  if (ref == nullptr || !InUse(ref->name, statement, pass)) return;
  for (const Statement& other : pass.file().statements) {
    if (other.As<AlterTable>() == nullptr && other.As<CreateIndex>() == nullptr) continue;
    if (!pass.Once(kInfo)) return;
    pass.Report(kInfo, statement.span, "the migration changes rows as well as the schema")
        .On(pass.catalog().Resolve(ref->name).ToString())
        .Primary("changes rows")
        .Also(other.span, "changes the schema")
        .Help("put the rows into a migration of their own");
    return;
  }
}

}  // namespace

extern constinit const Rule kDataInSchemaMigration = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::data_in_schema_migration
