// MIG061 dropped-not-null: readers meet nulls that they did not expect.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::dropped_not_null {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG061",
    .name = "dropped-not-null",
    .category = Category::kCompatibility,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "DROP NOT NULL lets nulls in that code which still runs does not expect",
    .why = R"md(
The application that still runs reads the column as required: a null breaks it as soon as the new version
writes one.
)md",
    .instead = R"md(
Deploy readers that cope with nulls first.
)md",
    .bad = R"sql(ALTER TABLE orders ALTER COLUMN email DROP NOT NULL;)sql",
    .good = R"sql(ALTER TABLE orders ALTER COLUMN email SET DEFAULT '';)sql",
});

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (!InUse(alter.relation.name, statement, pass)) return;
  const std::string table = pass.catalog().Resolve(alter.relation.name).ToString();
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kDropNotNull) continue;
    pass.Report(kInfo, statement.span,
                absl::StrFormat("`%s.%s` may be null from here on", table, command.name))
        .On(table)
        .Primary("readers that rely on a value break")
        .Help("deploy readers that cope with nulls first");
  }
}

}  // namespace

extern constinit const Rule kDroppedNotNull = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::dropped_not_null
