// MIG019 validated-in-same-transaction: NOT VALID and VALIDATE in one transaction gain nothing.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::validated_in_same_transaction {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG019",
    .name = "validated-in-same-transaction",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {9, 1},
    .summary =
        "VALIDATE CONSTRAINT in the transaction that added the constraint keeps its strong lock",
    .why = R"md(
`NOT VALID` makes adding the constraint quick so that its strong lock is given back at once, and
`VALIDATE CONSTRAINT` then reads the table under a weak one. In one transaction the strong lock is held
until the end, while every row is read: it is as if `NOT VALID` had not been written.
)md",
    .instead = R"md(
Commit between the two, or put `VALIDATE CONSTRAINT` in the next migration.
)md",
    .bad = R"sql(BEGIN;
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;
COMMIT;)sql",
    .good = R"sql(ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;)sql",
});

// The ALTER TABLE that added the constraint in the transaction, or null.
const Statement* AddedIn(const TransactionBlock& block, const Statement& statement,
                         const QualifiedName& table, const std::string& constraint, SqlPass& pass) {
  for (uint32_t i = block.first; i < statement.index; ++i) {
    const Statement& earlier = pass.file().statements[i];
    const auto* alter = earlier.As<AlterTable>();
    if (alter == nullptr || pass.catalog().Resolve(alter->relation.name) != table) continue;
    for (const AlterSubcommand& command : alter->subcommands) {
      if (command.action == AlterAction::kAddConstraint && command.constraint.has_value() &&
          command.constraint->name == constraint) {
        return &earlier;
      }
    }
  }
  return nullptr;
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  const TransactionBlock* block = pass.TransactionOf(statement);
  if (block == nullptr || !InUse(alter.relation.name, statement, pass)) return;
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kValidateConstraint) continue;
    const Statement* added = AddedIn(*block, statement, table, command.name, pass);
    if (added == nullptr) continue;
    pass.Report(kInfo, statement.span,
                absl::StrFormat("`%s` is validated while the lock that added it is still held",
                                command.name))
        .On(table.ToString())
        .Primary(absl::StrFormat("every row of `%s` is read under that lock", table.ToString()))
        .Also(added->span, "takes the lock until COMMIT")
        .Help(absl::StrFormat("in the next migration: ALTER TABLE %s VALIDATE CONSTRAINT %s;",
                              QuoteName(table), QuoteIdentifier(command.name)));
  }
}

}  // namespace

extern constinit const Rule kValidatedInSameTransaction = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::validated_in_same_transaction
