// MIG114 unenforced-constraint: a constraint that nothing checks.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::unenforced_constraint {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG114",
    .name = "unenforced-constraint",
    .category = Category::kCorrectness,
    .severity = Severity::kInfo,
    .since_pg = {18, 0},
    .summary = "a NOT ENFORCED constraint is not checked for any row",
    .why = R"md(
Since PostgreSQL 18 a `CHECK` or foreign key may be `NOT ENFORCED`: it stands in the schema, and rows that
break it come in all the same.
)md",
    .instead = R"md(
`NOT VALID` where only the rows that are there may break it; then `VALIDATE CONSTRAINT`.
)md",
    .bad =
        R"sql(ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT ENFORCED;)sql",
    .good =
        R"sql(ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;)sql",
});

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAddConstraint || !command.constraint.has_value()) continue;
    if (!command.constraint->not_enforced) continue;
    const std::string table = pass.catalog().Resolve(alter.relation.name).ToString();
    pass.Report(kInfo, statement.span,
                absl::StrFormat("constraint `%s` of `%s` is checked for no row",
                                command.constraint->name, table))
        .On(table)
        .Primary("NOT ENFORCED")
        .Help("NOT VALID, then VALIDATE CONSTRAINT");
  }
}

}  // namespace

extern constinit const Rule kUnenforcedConstraint = MakeSqlRule<&CheckAlterTable>(kInfo);

}  // namespace pgsift::unenforced_constraint
