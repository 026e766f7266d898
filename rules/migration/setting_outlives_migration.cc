// MIG044 setting-outlives-migration: a session setting that later migrations inherit.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::setting_outlives_migration {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG044",
    .name = "setting-outlives-migration",
    .category = Category::kCorrectness,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "a SET without LOCAL stays in force for later migrations of the session",
    .why = R"md(
Most tools run all migrations over one connection. `SET search_path`, `SET ROLE` or a timeout stay in
force after the file: later migrations create tables in another schema or as another owner.
)md",
    .instead = R"md(
`SET LOCAL` inside the transaction, or `RESET` at the end of the file.
)md",
    .bad = R"sql(SET search_path = app;
CREATE TABLE t (id int PRIMARY KEY);)sql",
    .good = R"sql(SET search_path = app;
CREATE TABLE t (id int PRIMARY KEY);
RESET search_path;)sql",
});

void CheckSet(const SetVariable& set, const Statement& statement, SqlPass& pass) {
  if (set.local || set.reset || set.system || set.values.empty()) return;
  const std::string name = Lower(set.name);
  if (name != "search_path" && name != "role" && name != "session_authorization" &&
      name != "session_replication_role" && name != "statement_timeout" && name != "row_security") {
    return;
  }
  for (const Statement& later : Later(statement, pass)) {
    if (const auto* other = later.As<SetVariable>(); other != nullptr && !other->local) {
      if (other->name.empty() || EqualsIgnoringCase(other->name, name)) return;
    }
  }
  // pg_dump sets what it needs for a session of its own.
  if (HasWords(pass.file().text.substr(0, 4096), {"SET", "CLIENT_ENCODING"})) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("%s stays set for the migrations after this one", name))
      .Primary("in force until the session ends")
      .Help(statement.transaction != kNoTransaction
                ? absl::StrFormat("SET LOCAL %s = …;", name)
                : absl::StrFormat("at the end of the file: RESET %s;", name));
}

}  // namespace

extern constinit const Rule kSettingOutlivesMigration = MakeSqlRule<&CheckSet>(kInfo);

}  // namespace pgsift::setting_outlives_migration
