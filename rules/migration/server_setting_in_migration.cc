// MIG079 server-setting-in-migration: ALTER SYSTEM in a migration.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::server_setting_in_migration {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG079",
    .name = "server-setting-in-migration",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 4},
    .summary = "a migration changes a setting of the whole server",
    .why = R"md(
`ALTER SYSTEM` writes a file that wins over `postgresql.conf`: it is in force for all databases, it is not
undone with the migration, and whoever looks after the server does not see where it comes from.
)md",
    .instead = R"md(
`ALTER DATABASE … SET` or `ALTER ROLE … SET` for what concerns the application; all else in the server's
own configuration.
)md",
    .bad = R"sql(ALTER SYSTEM SET work_mem = '1GB';)sql",
    .good = R"sql(ALTER ROLE app SET work_mem = '64MB';)sql",
});

void CheckSet(const SetVariable& set, const Statement& statement, SqlPass& pass) {
  if (!set.system) return;
  const std::string name = set.name.empty() ? "all settings" : set.name;
  pass.Report(kInfo, statement.span, absl::StrFormat("%s changes for the whole server", name))
      .Primary("written to postgresql.auto.conf")
      .Help(absl::StrFormat("ALTER DATABASE … SET %s = …;", set.name.empty() ? "name" : set.name));
}

}  // namespace

extern constinit const Rule kServerSettingInMigration = MakeSqlRule<&CheckSet>(kInfo);

}  // namespace pgsift::server_setting_in_migration
