// MIG076 unsafe-security-definer: SECURITY DEFINER without a search_path of its own.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::unsafe_security_definer {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG076",
    .name = "unsafe-security-definer",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {8, 3},
    .summary =
        "a SECURITY DEFINER function without SET search_path runs what its caller puts in the way",
    .why = R"md(
The function runs with its owner's privileges, but names in it are looked up along the caller's
`search_path`: whoever may create a table or function in a schema of that path decides what runs.
)md",
    .instead = R"md(
`SET search_path = pg_catalog, pg_temp` in the function, and schemas written before all other names.
)md",
    .bad =
        R"sql(CREATE FUNCTION pay(n int) RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM debts';)sql",
    .good =
        R"sql(CREATE FUNCTION pay(n int) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = shop, pg_temp AS 'DELETE FROM debts';)sql",
});

void CheckFunction(const CreateFunction& function, const Statement& statement, SqlPass& pass) {
  if (!HasWords(statement.sql, {"SECURITY", "DEFINER"}) ||
      HasWords(statement.sql, {"SET", "SEARCH_PATH"})) {
    return;
  }
  // pg_dump and careful people add it by a statement of its own.
  for (const Statement& later : Later(statement, pass)) {
    if (later.sql.find(function.name.name) != std::string_view::npos &&
        HasWords(later.sql, {"SET", "SEARCH_PATH"}))
      return;
  }
  pass.Report(kInfo, statement.span,
              absl::StrFormat("`%s` runs as its owner, with names looked up as its caller likes",
                              function.name.ToString()))
      .Primary("SECURITY DEFINER without SET search_path")
      .Help(absl::StrFormat(
          "ALTER %s %s SET search_path = pg_catalog, pg_temp; and schemas before names in it",
          function.procedure ? "PROCEDURE" : "FUNCTION", QuoteName(function.name)));
}

}  // namespace

extern constinit const Rule kUnsafeSecurityDefiner = MakeSqlRule<&CheckFunction>(kInfo);

}  // namespace pgsift::unsafe_security_definer
