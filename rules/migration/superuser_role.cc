// MIG075 superuser-role: a role that no rule holds for.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::superuser_role {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG075",
    .name = "superuser-role",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {8, 1},
    .summary = "a migration makes a role a superuser, or lets it bypass row-level security",
    .why = R"md(
A superuser is not held back by any privilege, may read files of the server and run programs on it. A role
with `BYPASSRLS` sees every row whatever the policies say.
)md",
    .instead = R"md(
Grant what the role needs; `pg_read_all_data`, `pg_monitor` and their like serve most purposes.
)md",
    .bad = R"sql(CREATE ROLE reporting SUPERUSER LOGIN;)sql",
    .good = R"sql(CREATE ROLE reporting LOGIN;)sql",
});

void CheckRole(const OtherStatement& other, const Statement& statement, SqlPass& pass) {
  if (other.node != "CreateRoleStmt" && other.node != "AlterRoleStmt") return;
  const bool superuser = HasWords(statement.sql, {"SUPERUSER"});
  if (!superuser && !HasWords(statement.sql, {"BYPASSRLS"})) return;
  pass.Report(kInfo, statement.span,
              superuser ? "the role may do everything: it is a superuser"
                        : "the role sees every row, whatever the policies say")
      .Primary(superuser ? "no privilege holds it back" : "BYPASSRLS")
      .Help("grant what the role needs instead");
}

}  // namespace

extern constinit const Rule kSuperuserRole = MakeSqlRule<&CheckRole>(kInfo);

}  // namespace pgsift::superuser_role
