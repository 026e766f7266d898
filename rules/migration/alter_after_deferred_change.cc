// MIG056 alter-after-deferred-change: ALTER TABLE while checks of a deferred constraint are still
// to run.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::alter_after_deferred_change {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG056",
    .name = "alter-after-deferred-change",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 3},
    .summary = "a table is altered after rows of it were changed under a deferred constraint",
    .why = R"md(
A constraint that is `INITIALLY DEFERRED` is checked at `COMMIT`. Until then PostgreSQL refuses to alter
the table: "cannot ALTER TABLE because it has pending trigger events".
)md",
    .instead = R"md(
`SET CONSTRAINTS ALL IMMEDIATE` before the `ALTER TABLE`, or a transaction of its own for the rows.
)md",
    .bad = R"sql(BEGIN;
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a_id int REFERENCES a DEFERRABLE INITIALLY DEFERRED);
COMMIT;
BEGIN;
UPDATE b SET a_id = 1;
ALTER TABLE b ADD COLUMN c int;
COMMIT;)sql",
    .good = R"sql(BEGIN;
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a_id int REFERENCES a DEFERRABLE INITIALLY DEFERRED);
COMMIT;
BEGIN;
UPDATE b SET a_id = 1;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE b ADD COLUMN c int;
COMMIT;)sql",
});

// The change leaves checks for later: new or other values of the deferred columns.
bool LeavesChecks(const Statement& statement, const Relation& table, const SqlPass& pass) {
  const RelationRef* changed = nullptr;
  const auto* update = statement.As<Update>();
  if (const auto* insert = statement.As<Insert>()) changed = &insert->relation;
  if (update != nullptr) changed = &update->relation;
  if (changed == nullptr || pass.catalog().Find(changed->name) != &table) return false;
  for (const CatalogConstraint& constraint : table.constraints) {
    if (constraint.kind != ConstraintKind::kForeignKey || !constraint.initially_deferred) continue;
    if (update == nullptr) return true;
    for (const Target& target : update->assignments) {
      const auto& columns = constraint.columns;
      if (std::find(columns.begin(), columns.end(), target.alias) != columns.end()) return true;
    }
  }
  return false;
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  const TransactionBlock* block = pass.TransactionOf(statement);
  const Relation* table = pass.catalog().Find(alter.relation.name);
  if (block == nullptr || table == nullptr) return;
  const Statement* change = nullptr;
  for (uint32_t i = block->first; i < statement.index; ++i) {
    const Statement& earlier = pass.file().statements[i];
    const auto* set = earlier.As<SetConstraints>();
    if (set != nullptr && !set->deferred) change = nullptr;
    if (LeavesChecks(earlier, *table, pass)) change = &earlier;
  }
  if (change == nullptr) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("`%s` cannot be altered: checks of a deferred constraint are pending",
                              table->name.ToString()))
      .On(table->name.ToString())
      .Primary("PostgreSQL refuses this: pending trigger events")
      .Also(change->span, "the change that is still to be checked")
      .Help("before it: SET CONSTRAINTS ALL IMMEDIATE;");
}

}  // namespace

extern constinit const Rule kAlterAfterDeferredChange = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::alter_after_deferred_change
