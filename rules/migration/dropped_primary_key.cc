// MIG082 dropped-primary-key: a table in use loses its primary key.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::dropped_primary_key {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG082",
    .name = "dropped-primary-key",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "dropping a primary key takes the table's identity away",
    .why = R"md(
Until there is another one, duplicates may come in. In logical replication `UPDATE` and `DELETE` on the
published table fail without a replica identity, and upserts on the key fail.
)md",
    .instead = R"md(
Build the unique index of the new key `CONCURRENTLY`, then drop and add in one `ALTER TABLE`:
`DROP CONSTRAINT old, ADD CONSTRAINT new PRIMARY KEY USING INDEX …`.
)md",
    .bad = R"sql(BEGIN;
CREATE TABLE orders (id int, CONSTRAINT orders_pkey PRIMARY KEY (id));
COMMIT;
ALTER TABLE orders DROP CONSTRAINT orders_pkey;)sql",
    .good = R"sql(BEGIN;
CREATE TABLE orders (id int, CONSTRAINT orders_pkey PRIMARY KEY (id));
COMMIT;
ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD CONSTRAINT orders_key PRIMARY KEY USING INDEX orders_id;)sql",
});

bool Added(const AlterTable& alter) {
  return std::any_of(alter.subcommands.begin(), alter.subcommands.end(), [](const auto& command) {
    if (command.column.has_value() && command.column->Find(ConstraintKind::kPrimaryKey) != nullptr)
      return true;
    return command.action == AlterAction::kAddConstraint && command.constraint.has_value() &&
           command.constraint->kind == ConstraintKind::kPrimaryKey;
  });
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  const Relation* table = pass.catalog().Find(alter.relation.name);
  if (table == nullptr || !InUse(table, statement, pass) || Added(alter)) return;
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kDropConstraint) continue;
    const CatalogConstraint* key = table->FindConstraint(command.name);
    if (key == nullptr || key->kind != ConstraintKind::kPrimaryKey) continue;
    const TransactionBlock* block = pass.TransactionOf(statement);
    bool again = false;
    for (const Statement& later : Later(statement, pass)) {
      const auto* other = later.As<AlterTable>();
      const bool together = block != nullptr && later.index <= block->last;
      again = again || (together && other != nullptr &&
                        pass.catalog().Find(other->relation.name) == table && Added(*other));
    }
    if (again) continue;
    pass.Report(
            kInfo, statement.span,
            absl::StrFormat("`%s` is without a primary key from here on", table->name.ToString()))
        .On(table->name.ToString())
        .Primary("duplicates may come in; logical replication of changes fails")
        .Help(absl::StrFormat(
            "ALTER TABLE %s DROP CONSTRAINT %s, ADD CONSTRAINT … PRIMARY KEY USING INDEX …;",
            QuoteName(table->name), QuoteIdentifier(command.name)));
  }
}

}  // namespace

extern constinit const Rule kDroppedPrimaryKey = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::dropped_primary_key
