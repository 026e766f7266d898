// MIG020 never-validated-constraint: a NOT VALID constraint that no migration validates.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::never_validated_constraint {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG020",
    .name = "never-validated-constraint",
    .category = Category::kCorrectness,
    .severity = Severity::kInfo,
    .since_pg = {9, 1},
    .summary = "a constraint was added NOT VALID and is never validated",
    .why = R"md(
New rows are checked, old rows never were: they may break the constraint, the planner does not use it,
and the first `UPDATE` of an old row that breaks it fails.
)md",
    .instead = R"md(
Correct the rows, then `VALIDATE CONSTRAINT` in a later migration. It reads the table while others go on
reading and writing it.
)md",
    .bad = R"sql(CREATE TABLE orders (total int);
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;)sql",
    .good = R"sql(CREATE TABLE orders (total int);
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;)sql",
});

void CheckSchema(SchemaPass& pass) {
  for (const Relation* table : pass.catalog().Relations()) {
    if (!table->IsTable() || !table->parents.empty()) continue;
    for (const CatalogConstraint& constraint : table->constraints) {
      if (constraint.validated || !constraint.enforced || constraint.inherited) continue;
      pass.Report(kInfo, constraint.origin.span,
                  absl::StrFormat("constraint `%s` of `%s` is never validated", constraint.name,
                                  table->name.ToString()))
          .On(table->name.ToString())
          .Primary("added NOT VALID; no later migration validates it")
          .Help(absl::StrFormat("in the next migration: ALTER TABLE %s VALIDATE CONSTRAINT %s;",
                                QuoteName(table->name), QuoteIdentifier(constraint.name)));
    }
  }
}

}  // namespace

extern constinit const Rule kNeverValidatedConstraint = MakeSchemaRule(kInfo, &CheckSchema);

}  // namespace pgsift::never_validated_constraint
