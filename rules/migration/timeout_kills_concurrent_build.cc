// MIG043 timeout-kills-concurrent-build: a statement_timeout over CREATE INDEX CONCURRENTLY.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::timeout_kills_concurrent_build {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG043",
    .name = "timeout-kills-concurrent-build",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {9, 3},
    .summary =
        "a statement_timeout stops the concurrent build half-way and leaves an invalid index",
    .why = R"md(
A concurrent build takes long and waits for other transactions. When the `statement_timeout` that the file
has set stops it, an `INVALID` index stays: it is kept up to date on every write and used by no query.
)md",
    .instead = R"md(
`SET statement_timeout = 0` before the concurrent statement. A `lock_timeout` may stay.
)md",
    .bad = R"sql(SET statement_timeout = '30s';
CREATE INDEX CONCURRENTLY orders_email ON orders (email);)sql",
    .good = R"sql(SET statement_timeout = 0;
CREATE INDEX CONCURRENTLY orders_email ON orders (email);)sql",
});

// The statement that set the timeout in force, or null.
const Statement* TimeoutOf(const Statement& statement, const SqlPass& pass) {
  const Statement* found = nullptr;
  for (uint32_t i = 0; i < statement.index; ++i) {
    const Statement& earlier = pass.file().statements[i];
    const auto* set = earlier.As<SetVariable>();
    if (set == nullptr || set->system || set->local) continue;
    if (set->name.empty() && set->reset) found = nullptr;
    if (!EqualsIgnoringCase(set->name, "statement_timeout")) continue;
    const bool off = set->reset || set->values.empty() ||
                     set->values.front().find_first_not_of("0") == std::string::npos ||
                     set->values.front() == "0s" || set->values.front() == "0ms";
    found = off ? nullptr : &earlier;
  }
  return found;
}

void Check(const std::string& what, const Statement& statement, SqlPass& pass) {
  const Statement* timeout = TimeoutOf(statement, pass);
  if (timeout == nullptr) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("%s under a statement_timeout may leave an invalid index", what))
      .Primary("stopped half-way when the time is over")
      .Also(timeout->span, "the timeout is set here")
      .Help("before it: SET statement_timeout = 0;");
}

void CheckCreateIndex(const CreateIndex& index, const Statement& statement, SqlPass& pass) {
  if (index.concurrently) Check("CREATE INDEX CONCURRENTLY", statement, pass);
}
void CheckReindex(const Reindex& reindex, const Statement& statement, SqlPass& pass) {
  if (reindex.concurrently) Check("REINDEX CONCURRENTLY", statement, pass);
}

}  // namespace

extern constinit const Rule kTimeoutKillsConcurrentBuild =
    MakeSqlRule<&CheckCreateIndex, &CheckReindex>(kInfo);

}  // namespace pgsift::timeout_kills_concurrent_build
