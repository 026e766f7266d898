// MIG077 password-in-migration: a password that stands in a file.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::password_in_migration {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG077",
    .name = "password-in-migration",
    .category = Category::kOperations,
    .severity = Severity::kError,
    .since_pg = {8, 1},
    .summary = "a role's password stands in the migration",
    .why = R"md(
Migrations are kept for ever, in version control, in images and in the server's log: everyone who may
read one of them has the password.
)md",
    .instead = R"md(
Create the role without a password and give it one outside of migrations, or pass a SCRAM verifier.
)md",
    .bad = R"sql(CREATE ROLE app LOGIN PASSWORD 'hunter2';)sql",
    .good = R"sql(CREATE ROLE app LOGIN;)sql",
});

void CheckRole(const OtherStatement& other, const Statement& statement, SqlPass& pass) {
  if (other.node != "CreateRoleStmt" && other.node != "AlterRoleStmt" &&
      other.node != "CreateUserMappingStmt") {
    return;
  }
  if (!HasWords(statement.sql, {"PASSWORD"}) || HasWords(statement.sql, {"PASSWORD", "NULL"}))
    return;
  // A verifier is not the password; a placeholder is not one either.
  const std::string_view sql = statement.sql;
  if (sql.find("SCRAM-SHA-256$") != sql.npos || sql.find("'$") != sql.npos ||
      sql.find("'{") != sql.npos || sql.find('\'') == sql.npos) {
    return;
  }
  Finding& finding = pass.Report(kInfo, statement.span, "a password stands in the migration");
  finding.Primary("everyone who may read the file has it")
      .Help("leave it out here; give the role its password with psql's \\password");
  finding.statement = statement.tag;  // Not to be repeated in reports.
}

}  // namespace

extern constinit const Rule kPasswordInMigration = MakeSqlRule<&CheckRole>(kInfo);

}  // namespace pgsift::password_in_migration
