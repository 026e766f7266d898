// MIG066 unique-over-existing-rows: a unique index over rows that may not be unique.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::unique_over_existing_rows {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG066",
    .name = "unique-over-existing-rows",
    .category = Category::kCorrectness,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "a unique index or constraint fails if rows that are there are not unique",
    .why = R"md(
If two rows have the same values, the build fails, and a concurrent one leaves an `INVALID` index behind.
)md",
    .instead = R"md(
Look for duplicates before, and decide what becomes of them.
)md",
    .bad = R"sql(CREATE UNIQUE INDEX CONCURRENTLY orders_number ON orders (number);)sql",
    .good = R"sql(CREATE INDEX CONCURRENTLY orders_number ON orders (number);)sql",
});

void Report(const QualifiedName& table, const std::string& columns, const Statement& statement,
            SqlPass& pass) {
  pass.Report(
          kInfo, statement.span,
          absl::StrFormat("fails if rows of `%s` have the same (%s)", table.ToString(), columns))
      .On(table.ToString())
      .Primary("the rows that are there are checked now")
      .Help(absl::StrFormat(
          "look first: SELECT %s, count(*) FROM %s GROUP BY %s HAVING count(*) > 1;", columns,
          QuoteName(table), columns));
}

void CheckCreateIndex(const CreateIndex& create, const Statement& statement, SqlPass& pass) {
  if (!create.unique || !InUse(create.relation.name, statement, pass)) return;
  Report(pass.catalog().Resolve(create.relation.name), ColumnList(create.elements), statement,
         pass);
}

void CheckAlterTable(const AlterTable& alter, const Statement& statement, SqlPass& pass) {
  if (!InUse(alter.relation.name, statement, pass)) return;
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action != AlterAction::kAddConstraint || !command.constraint.has_value()) continue;
    const ConstraintDef& key = *command.constraint;
    if (key.kind != ConstraintKind::kUnique || !key.using_index.empty()) continue;
    Report(pass.catalog().Resolve(alter.relation.name), ColumnList(key.columns), statement, pass);
  }
}

}  // namespace

extern constinit const Rule kUniqueOverExistingRows =
    MakeSqlRule<&CheckCreateIndex, &CheckAlterTable>(kInfo);

}  // namespace pgsift::unique_over_existing_rows
