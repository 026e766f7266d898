// MIG081 untrusted-language: functions that may do anything on the server.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::untrusted_language {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG081",
    .name = "untrusted-language",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "a procedural language whose functions are not held back by the database",
    .why = R"md(
`plpython3u`, `plperlu` and other languages whose names end in `u` run as the server's operating system user:
a function may read and write its files. Only superusers may create such functions.
)md",
    .instead = R"md(
`plpgsql`, or the trusted variant of the language; code that needs the system belongs outside of the
database.
)md",
    .bad = R"sql(CREATE EXTENSION plpython3u;)sql",
    .good = R"sql(CREATE EXTENSION plperl;)sql",
});

bool Untrusted(const std::string& name) {
  return name == "plpython3u" || name == "plpython2u" || name == "plpythonu" || name == "plperlu" ||
         name == "pltclu";
}

void CheckExtension(const CreateExtension& extension, const Statement& statement, SqlPass& pass) {
  if (!Untrusted(extension.name)) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("functions in `%s` may do anything on the server", extension.name))
      .Primary("an untrusted language")
      .Help("plpgsql, or the trusted variant of the language");
}

}  // namespace

extern constinit const Rule kUntrustedLanguage = MakeSqlRule<&CheckExtension>(kInfo);

}  // namespace pgsift::untrusted_language
