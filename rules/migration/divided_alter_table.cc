// MIG037 divided-alter-table: several ALTER TABLE of one table where one would do.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::divided_alter_table {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG037",
    .name = "divided-alter-table",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "several ALTER TABLE of one table could be one",
    .why = R"md(
Each `ALTER TABLE` waits for its lock anew, and outside a transaction gives it back in between: readers
are stopped several times. One statement with several subcommands waits once and reads the table once.
)md",
    .instead = R"md(
Write the subcommands into one `ALTER TABLE`, with commas.
)md",
    .bad = R"sql(ALTER TABLE orders ADD COLUMN channel text;
ALTER TABLE orders ADD COLUMN medium text;)sql",
    .good = R"sql(ALTER TABLE orders ADD COLUMN channel text, ADD COLUMN medium text;)sql",
});

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (alter.object != ObjectKind::kTable || statement.index == 0) return;
  const Statement& before = pass.file().statements[statement.index - 1];
  const auto* other = before.As<AlterTable>();
  if (other == nullptr || other->object != ObjectKind::kTable) return;
  const QualifiedName table = pass.catalog().Resolve(alter.relation.name);
  if (pass.catalog().Resolve(other->relation.name) != table) return;
  if (before.transaction != statement.transaction || !InUse(alter.relation.name, statement, pass))
    return;
  // VALIDATE and partitions have weaker locks of their own.
  const auto combines = [](const AlterTable& each) {
    return std::all_of(each.subcommands.begin(), each.subcommands.end(), [](const auto& command) {
      return command.action != AlterAction::kValidateConstraint &&
             command.action != AlterAction::kAttachPartition &&
             command.action != AlterAction::kDetachPartition;
    });
  };
  if (!combines(alter) || !combines(*other)) return;
  pass.Report(
          kInfo, statement.span,
          absl::StrFormat("`%s` is altered twice where one ALTER TABLE would do", table.ToString()))
      .On(table.ToString())
      .Primary("could be a subcommand of the statement before it")
      .Also(before.span, "this one")
      .Help(absl::StrFormat("ALTER TABLE %s …, …;", QuoteName(table)));
}

}  // namespace

extern constinit const Rule kDividedAlterTable = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::divided_alter_table
