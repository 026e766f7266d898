// MIG116 autovacuum-disabled: autovacuum switched off for a table.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::autovacuum_disabled {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG116",
    .name = "autovacuum-disabled",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {8, 4},
    .summary = "autovacuum is switched off for a table",
    .why = R"md(
Dead rows are never cleared away and statistics never renewed: the table grows, queries get slower, until
the server starts a vacuum of its own against wraparound, at a time that nobody chose.
)md",
    .instead = R"md(
Leave it on, and make it run more often where a table needs it.
)md",
    .bad = R"sql(ALTER TABLE orders SET (autovacuum_enabled = false);)sql",
    .good = R"sql(ALTER TABLE orders SET (autovacuum_vacuum_scale_factor = 0.02);)sql",
});

void Check(const std::vector<Option>& options, const RelationRef& ref, const Statement& statement,
           SqlPass& pass) {
  for (const Option& option : options) {
    if (!option.name.ends_with("autovacuum_enabled")) continue;
    const std::string value = Lower(option.value);
    if (value != "false" && value != "off" && value != "0" && value != "no") continue;
    const std::string table = pass.catalog().Resolve(ref.name).ToString();
    pass.Report(kInfo, statement.span,
                absl::StrFormat("autovacuum is switched off for `%s`", table))
        .On(table)
        .Primary("dead rows stay, statistics get old")
        .Help(absl::StrFormat("ALTER TABLE %s RESET (autovacuum_enabled);", QuoteName(ref.name)));
  }
}

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (const auto* create = statement.As<CreateTable>();
      create != nullptr && !create->relation.temporary) {
    Check(create->options, create->relation, statement, pass);
  }
  const auto* alter = statement.As<AlterTable>();
  if (alter == nullptr) return;
  for (const AlterSubcommand& command : alter->subcommands) {
    if (command.action == AlterAction::kSetRelOptions)
      Check(command.options, alter->relation, statement, pass);
  }
}

}  // namespace

extern constinit const Rule kAutovacuumDisabled = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::autovacuum_disabled
