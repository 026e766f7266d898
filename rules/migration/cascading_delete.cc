// MIG073 cascading-delete: ON DELETE CASCADE.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::cascading_delete {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG073",
    .name = "cascading-delete",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "deleting one row may delete any number of rows of another table",
    .why = R"md(
One `DELETE` of a parent deletes all its children in the same transaction, however many there are, and
theirs in turn. A mistake in one row empties tables.
)md",
    .instead = R"md(
`ON DELETE RESTRICT`, and delete the children first, in batches where they are many.
)md",
    .bad =
        R"sql(CREATE TABLE notes (order_id bigint REFERENCES orders (id) ON DELETE CASCADE);)sql",
    .good =
        R"sql(CREATE TABLE notes (order_id bigint REFERENCES orders (id) ON DELETE RESTRICT);)sql",
});

void CheckSchema(SchemaPass& pass) {
  for (const Relation* table : pass.catalog().Relations()) {
    if (!table->IsTable() || table->bound.has_value()) continue;
    for (const CatalogConstraint& key : table->constraints) {
      if (key.kind != ConstraintKind::kForeignKey || key.on_delete != 'c') continue;
      pass.Report(kInfo, key.origin.span,
                  absl::StrFormat("deleting a row of `%s` deletes all its rows of `%s`",
                                  key.referenced_name.ToString(), table->name.ToString()))
          .On(table->name.ToString())
          .Primary("ON DELETE CASCADE")
          .Help("ON DELETE RESTRICT");
    }
  }
}

}  // namespace

extern constinit const Rule kCascadingDelete = MakeSchemaRule(kInfo, &CheckSchema);

}  // namespace pgsift::cascading_delete
