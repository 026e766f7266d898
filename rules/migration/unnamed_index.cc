// MIG113 unnamed-index: an index whose name PostgreSQL makes up.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::unnamed_index {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG113",
    .name = "unnamed-index",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "an index or constraint without a name of its own",
    .why = R"md(
PostgreSQL makes up a name and adds a number where it is taken: databases differ, and a later migration
does not know what to drop.
)md",
    .instead = R"md(
Give it a name.
)md",
    .bad = R"sql(CREATE INDEX ON orders (email);)sql",
    .good = R"sql(CREATE INDEX orders_email ON orders (email);)sql",
});

void CheckCreateIndex(const CreateIndex& create, const Statement& statement, SqlPass& pass) {
  if (!create.name.empty()) return;
  const QualifiedName table = pass.catalog().Resolve(create.relation.name);
  pass.Report(kInfo, statement.span,
              absl::StrFormat("the index on `%s` has no name of its own", table.ToString()))
      .On(table.ToString())
      .Primary("PostgreSQL makes one up")
      .Help(absl::StrFormat(
          "CREATE INDEX %s ON %s …;",
          QuoteIdentifier(MakeObjectName(
              table.name, create.elements.empty() ? "" : create.elements.front().column, "idx")),
          QuoteName(table)));
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAddConstraint || !command.constraint.has_value()) continue;
    if (!command.constraint->name.empty()) continue;
    const std::string table = pass.catalog().Resolve(alter.relation.name).ToString();
    pass.Report(kInfo, statement.span,
                absl::StrFormat("the constraint of `%s` has no name of its own", table))
        .On(table)
        .Primary("PostgreSQL makes one up")
        .Help("ADD CONSTRAINT name …");
  }
}

}  // namespace

extern constinit const Rule kUnnamedIndex = MakeSqlRule<&CheckCreateIndex, &CheckAlterTable>(kInfo);

}  // namespace pgsift::unnamed_index
