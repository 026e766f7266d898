// MIG083 table-without-primary-key: a table whose rows cannot be told apart.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::table_without_primary_key {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG083",
    .name = "table-without-primary-key",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "a table has no primary key",
    .why = R"md(
Rows cannot be addressed: a duplicate cannot be deleted alone, `UPDATE` and `DELETE` cannot be replicated
logically, and tools that page through a table by its key cannot.
)md",
    .instead = R"md(
A primary key, from the columns that identify a row or an identity column.
)md",
    .bad = R"sql(CREATE TABLE events (at timestamptz, what text);)sql",
    .good =
        R"sql(CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, what text);)sql",
});

void CheckSchema(SchemaPass& pass) {
  for (const Relation* table : pass.catalog().Relations()) {
    const bool plain =
        table->kind == RelationKind::kTable || table->kind == RelationKind::kPartitionedTable;
    if (!plain || table->PrimaryKey() != nullptr || !table->parents.empty()) continue;
    if (table->persistence != Persistence::kPermanent) continue;
    pass.Report(kInfo, table->origin.span,
                absl::StrFormat("`%s` has no primary key", table->name.ToString()))
        .On(table->name.ToString())
        .Primary("its rows cannot be told apart")
        .Help(absl::StrFormat(
            "ALTER TABLE %s ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;",
            QuoteName(table->name)));
  }
}

}  // namespace

extern constinit const Rule kTableWithoutPrimaryKey = MakeSchemaRule(kInfo, &CheckSchema);

}  // namespace pgsift::table_without_primary_key
