// MIG042 work-without-statement-timeout: a long statement under a strong lock without a
// statement_timeout.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::work_without_statement_timeout {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG042",
    .name = "work-without-statement-timeout",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {9, 3},
    .opt_in = true,
    .summary =
        "no statement_timeout before a statement that reads or writes a table while others wait",
    .why = R"md(
Nobody knows how long the statement takes on the real table. A `statement_timeout` bounds the harm: the
migration fails, the application goes on.
)md",
    .instead = R"md(
Set a `statement_timeout` in the migration or for the role that runs migrations. Not for `CONCURRENTLY`,
which it would leave half done.
)md",
    .bad = R"sql(ALTER TABLE orders ALTER COLUMN email SET NOT NULL;)sql",
    .good = R"sql(SET statement_timeout = '10s';
ALTER TABLE orders ALTER COLUMN email SET NOT NULL;)sql",
});

bool TimeoutBefore(const Statement& statement, const SqlPass& pass) {
  const auto& all = pass.file().statements;
  return std::any_of(all.begin(), all.begin() + statement.index, [](const Statement& earlier) {
    const auto* set = earlier.As<SetVariable>();
    return set != nullptr && EqualsIgnoringCase(set->name, "statement_timeout") &&
           !set->values.empty() && set->values.front() != "0";
  });
}

void CheckStatement(const Statement& statement, SqlPass& pass) {
  if (LocksInUse(statement, pass, LockMode::kShare).empty()) return;
  const char* word = "";
  const WorkEffect* work = WorkInUse(statement, pass, &word);
  if (work == nullptr || TimeoutBefore(statement, pass) || !pass.Once(kInfo)) return;
  const std::string table = TableOf(*work, pass);
  pass.Report(kInfo, statement.span,
              absl::StrFormat("%s %s `%s` for as long as it takes, while others wait",
                              statement.tag, word, table))
      .On(table)
      .Primary("no statement_timeout bounds it")
      .Help("at the beginning: SET statement_timeout = '10s';");
}

}  // namespace

extern constinit const Rule kWorkWithoutStatementTimeout = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::work_without_statement_timeout
