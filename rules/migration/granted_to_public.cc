// MIG074 granted-to-public: a table that every role may use.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::granted_to_public {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG074",
    .name = "granted-to-public",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a privilege on a table or schema is granted to PUBLIC",
    .why = R"md(
`PUBLIC` is every role there is and every one to come, also those of other applications and of people who
may only read something else.
)md",
    .instead = R"md(
Grant to the role that needs it.
)md",
    .bad = R"sql(GRANT SELECT ON orders TO PUBLIC;)sql",
    .good = R"sql(GRANT SELECT ON orders TO reporting;)sql",
});

void CheckStatement(const Statement& statement, SqlPass& pass) {
  const auto* grant = statement.As<Grant>();
  const bool defaults = statement.tag == "ALTER DEFAULT PRIVILEGES";
  if (!defaults && (grant == nullptr || grant->revoke)) return;
  if (defaults && HasWords(statement.sql, {"REVOKE"})) return;
  // EXECUTE on functions and USAGE on types are PUBLIC's by default.
  const bool tables =
      defaults || grant->object == ObjectKind::kTable || grant->object == ObjectKind::kSchema;
  if (!tables || !HasWords(statement.sql, {"TO", "PUBLIC"})) return;
  if (grant != nullptr && grant->object == ObjectKind::kSchema &&
      !HasWords(statement.sql, {"CREATE"}) && !HasWords(statement.sql, {"ALL"})) {
    return;
  }
  pass.Report(kInfo, statement.span, "every role may use what is granted to PUBLIC")
      .Primary("PUBLIC is everyone")
      .Help("GRANT … TO the role that needs it");
}

}  // namespace

extern constinit const Rule kGrantedToPublic = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::granted_to_public
