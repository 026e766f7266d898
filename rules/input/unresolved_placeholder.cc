// CFG004 unresolved-placeholder: a statement that could not be read for want of a value.

#include "rules/rule.h"

namespace pgsift::unresolved_placeholder {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "CFG004",
    .name = "unresolved-placeholder",
    .category = Category::kInput,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "a placeholder without a value keeps a statement from being analyzed",
    .why = R"md(
A placeholder in the place of a name or a value is read as if an identifier stood there, and its statement
is analyzed. One that stands for a clause or a whole statement leaves nothing that PostgreSQL's grammar
accepts: pgsift does not know what will run there, so it says nothing about it.
)md",
    .instead = R"md(
Give the value in `pgsift.toml`, under `[migrations.placeholders]`. Values in `flyway.conf`, in
`flyway.toml`, in Liquibase's `--property` lines and in psql's `\set` are found without it.
)md",
    .bad = "CREATE TABLE readings (at timestamptz) ${storage};",
    .good = "CREATE TABLE ${schema}.readings (at timestamptz DEFAULT ${start});",
});

void Check(const UnparsedStatement& unparsed, const Statement& statement, SqlPass& pass) {
  if (!unparsed.placeholder) return;
  pass.Report(kInfo, pass.At(unparsed.error_offset, 1), unparsed.error)
      .Primary("no statement fits around it")
      .Help("give its value in pgsift.toml, under [migrations.placeholders]")
      .statement = std::string(statement.sql);
}

}  // namespace

extern constinit const Rule kUnresolvedPlaceholder = MakeSqlRule<&Check>(kInfo);

}  // namespace pgsift::unresolved_placeholder
