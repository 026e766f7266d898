// MIG009 blocking-unique-constraint: UNIQUE or PRIMARY KEY added with the index built on the spot.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::blocking_unique_constraint {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG009",
    .name = "blocking-unique-constraint",
    .category = Category::kLocking,
    .severity = Severity::kError,
    .since_pg = {9, 1},  // The release that brought USING INDEX.
    .summary =
        "adding a UNIQUE or PRIMARY KEY constraint builds its index under an ACCESS EXCLUSIVE lock",
    .why = R"md(
The index behind the constraint is built while the table is locked against reads and writes. A primary
key also reads the table for nulls unless its columns are `NOT NULL` already.
)md",
    .instead = R"md(
Build a unique index `CONCURRENTLY`, outside a transaction; then
`ADD CONSTRAINT … UNIQUE USING INDEX …` (or `PRIMARY KEY USING INDEX`), which is instant.
)md",
    .bad = "ALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE (email);",
    .good = "ALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE USING INDEX "
            "customers_email;",
});

void Report(const ConstraintDef& key, const std::string& columns, const AlterTable& alter,
            const Statement& statement, SqlPass& pass) {
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  const bool primary = key.kind == ConstraintKind::kPrimaryKey;
  Finding& finding = pass.Report(
      kInfo, statement.span,
      absl::StrFormat("adding %s to `%s` builds an index while nobody can use the table",
                      primary ? "a primary key" : "a unique constraint", table.ToString()));
  finding.On(table.ToString()).Primary("reads and writes wait for the whole build");
  const Relation* known = pass.catalog().Find(alter.relation.name);
  if (known != nullptr && known->kind == RelationKind::kPartitionedTable) {
    finding.Note("a partitioned table cannot take over an index that was built concurrently")
        .Help(
            "give each partition the constraint first, from an index built CONCURRENTLY, then add "
            "it here");
    return;
  }
  const std::string name =
      QuoteIdentifier(!key.name.empty() ? key.name
                                        : MakeObjectName(table.name, primary ? "" : columns,
                                                         primary ? "pkey" : "key"));
  finding.Help(
      absl::StrFormat("outside a transaction: CREATE UNIQUE INDEX CONCURRENTLY %s ON %s (%s); "
                      "then: ALTER TABLE %s ADD "
                      "CONSTRAINT %s %s USING INDEX %s;",
                      name, QuoteName(table), columns, QuoteName(table), name,
                      primary ? "PRIMARY KEY" : "UNIQUE", name));
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (alter.object != ObjectKind::kTable || pass.IsNew(statement, alter.relation.name)) return;
  const auto is_key = [](const ConstraintDef& constraint) {
    return constraint.kind == ConstraintKind::kPrimaryKey ||
           constraint.kind == ConstraintKind::kUnique;
  };
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action == AlterAction::kAddConstraint && command.constraint.has_value() &&
        is_key(*command.constraint) && command.constraint->using_index.empty()) {
      std::string columns;
      for (const std::string& column : command.constraint->columns) {
        if (!columns.empty()) columns += ", ";
        columns += QuoteIdentifier(column);
      }
      Report(*command.constraint, columns, alter, statement, pass);
    }
    if (command.action != AlterAction::kAddColumn || !command.column.has_value()) continue;
    for (const ConstraintDef& constraint : command.column->constraints) {
      if (is_key(constraint))
        Report(constraint, QuoteIdentifier(command.name), alter, statement, pass);
    }
  }
}

}  // namespace

extern constinit const Rule kBlockingUniqueConstraint = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::blocking_unique_constraint
