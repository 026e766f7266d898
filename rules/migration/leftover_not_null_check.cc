// MIG022 leftover-not-null-check: the CHECK that proved NOT NULL is still there.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::leftover_not_null_check {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG022",
    .name = "leftover-not-null-check",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {12, 0},
    .summary = "a CHECK (column IS NOT NULL) repeats the column's NOT NULL",
    .why = R"md(
The check was a step on the way to `SET NOT NULL`. Since the column is `NOT NULL`, it is evaluated on
every `INSERT` and `UPDATE` for nothing.
)md",
    .instead = R"md(
Drop it once the column is `NOT NULL`.
)md",
    .bad =
        R"sql(CREATE TABLE orders (email text NOT NULL, CONSTRAINT email_there CHECK (email IS NOT NULL));)sql",
    .good =
        R"sql(CREATE TABLE orders (email text, CONSTRAINT email_there CHECK (email IS NOT NULL));)sql",
});

void CheckSchema(SchemaPass& pass) {
  for (const Relation* table : pass.catalog().Relations()) {
    if (!table->IsTable()) continue;
    for (const CatalogConstraint& constraint : table->constraints) {
      if (constraint.kind != ConstraintKind::kCheck || constraint.check == nullptr) continue;
      const Expr& check = *constraint.check;
      if (check.kind != ExprKind::kNullTest || !check.negated || !check.args[0].IsColumn())
        continue;
      const CatalogColumn* column = table->FindColumn(check.args[0].LastName());
      const bool proven = column != nullptr && column->not_null && column->not_null_valid;
      if (!proven || !constraint.validated || constraint.inherited) continue;
      pass.Report(kInfo, constraint.origin.span,
                  absl::StrFormat("check `%s` repeats NOT NULL of `%s.%s`", constraint.name,
                                  table->name.ToString(), column->name))
          .On(table->name.ToString())
          .Primary("evaluated on every write for nothing")
          .Help(absl::StrFormat("ALTER TABLE %s DROP CONSTRAINT %s;", QuoteName(table->name),
                                QuoteIdentifier(constraint.name)));
    }
  }
}

}  // namespace

extern constinit const Rule kLeftoverNotNullCheck = MakeSchemaRule(kInfo, &CheckSchema);

}  // namespace pgsift::leftover_not_null_check
