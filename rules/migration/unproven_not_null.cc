// MIG003 unproven-not-null: SET NOT NULL that has to read the whole table.

#include "absl/strings/str_format.h"
#include "rules/facts/not_null_proof.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::unproven_not_null {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG003",
    .name = "unproven-not-null",
    .category = Category::kLocking,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "SET NOT NULL reads the whole table under an ACCESS EXCLUSIVE lock",
    .why = R"md(
`SET NOT NULL` looks at every row for a null, and nobody may read or write the table while it does.
Since PostgreSQL 12 it skips the look when a valid `CHECK (column IS NOT NULL)` proves the same.
)md",
    .instead = R"md(
1. `ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID`, which looks at no row;
2. in a later transaction `VALIDATE CONSTRAINT …`, which reads the table while others go on;
3. then `SET NOT NULL`, which is instant, and drop the check.

From PostgreSQL 18 on, `ADD CONSTRAINT … NOT NULL column NOT VALID` and `VALIDATE CONSTRAINT` do it in
two steps.
)md",
    .bad = "ALTER TABLE orders ALTER COLUMN email SET NOT NULL;",
    .good = R"sql(CREATE TABLE t (email text, CONSTRAINT email_there CHECK (email IS NOT NULL));
BEGIN;
ALTER TABLE t ALTER COLUMN email SET NOT NULL;
COMMIT;)sql",
});

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (pass.IsNew(statement, alter.relation.name)) return;
  const Relation* known = pass.catalog().Find(alter.relation.name);
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kSetNotNull) continue;
    if (known != nullptr) {
      const CatalogColumn* column = known->FindColumn(command.name);
      if (column != nullptr && column->not_null && column->not_null_valid) continue;
      if (pass.pg() >= PgVersion{12, 0} && NotNullProof(*known, command.name) != nullptr) continue;
    }
    Finding& finding = pass.Report(kInfo, statement.span,
                                   absl::StrFormat("SET NOT NULL on `%s.%s` reads the whole table",
                                                   table.ToString(), command.name));
    finding.On(table.ToString())
        .Primary("nobody reads or writes the table until every row was looked at");
    const CatalogConstraint* unproven =
        known != nullptr ? NotNullProof(*known, command.name, false) : nullptr;
    if (unproven != nullptr) {
      finding.Also(unproven->origin.span, "this check would prove it, but it is not validated");
      finding.Help(absl::StrFormat(
          "first, in a transaction of its own: ALTER TABLE %s VALIDATE CONSTRAINT %s",
          QuoteName(table), QuoteIdentifier(unproven->name)));
    } else {
      const std::string name =
          QuoteIdentifier(MakeObjectName(table.name, command.name, "not_null"));
      const std::string column = QuoteIdentifier(command.name);
      const std::string quoted = QuoteName(table);
      finding.Help(
          pass.pg() >= PgVersion{18, 0}
              ? absl::StrFormat(
                    "ALTER TABLE %s ADD CONSTRAINT %s NOT NULL %s NOT VALID; then, in a later "
                    "transaction: ALTER TABLE %s VALIDATE CONSTRAINT %s;",
                    quoted, name, column, quoted, name)
              : absl::StrFormat(
                    "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID; then, in "
                    "a later transaction: ALTER TABLE %s VALIDATE CONSTRAINT %s; ALTER TABLE %s "
                    "ALTER COLUMN %s SET NOT NULL; ALTER TABLE %s DROP CONSTRAINT %s;",
                    quoted, name, column, quoted, name, quoted, column, quoted, name));
    }
  }
}

}  // namespace

extern constinit const Rule kUnprovenNotNull = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::unproven_not_null
