// MIG080 server-program: COPY … PROGRAM runs a command on the server.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::server_program {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG080",
    .name = "server-program",
    .category = Category::kOperations,
    .severity = Severity::kError,
    .since_pg = {9, 3},
    .summary = "COPY … PROGRAM runs a command on the database server",
    .why = R"md(
It needs a superuser, or a member of `pg_execute_server_program`, and does whatever the shell is told, as
the server's user.
)md",
    .instead = R"md(
`psql`'s `\copy`, which reads and writes where the client is.
)md",
    .bad = R"sql(COPY orders FROM PROGRAM 'curl http://example.com/orders.csv';)sql",
    .good = R"sql(COPY orders FROM STDIN;)sql",
});

void CheckCopy(const Copy&, const Statement& statement, SqlPass& pass) {
  if (!HasWords(statement.sql, {"PROGRAM"})) return;
  pass.Report(kInfo, statement.span, "COPY … PROGRAM runs a command on the server")
      .Primary("as the operating system's user of PostgreSQL")
      .Help("\\copy in psql, or COPY … FROM STDIN from the application");
}

}  // namespace

extern constinit const Rule kServerProgram = MakeSqlRule<&CheckCopy>(kInfo);

}  // namespace pgsift::server_program
