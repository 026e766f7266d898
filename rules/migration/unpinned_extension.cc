// MIG085 unpinned-extension: CREATE EXTENSION takes whatever version is installed.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::unpinned_extension {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG085",
    .name = "unpinned-extension",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {9, 1},
    .opt_in = true,
    .summary = "an extension is created without a version",
    .why = R"md(
Each server has the version that it happens to have: two databases with the same migrations differ.
)md",
    .instead = R"md(
`CREATE EXTENSION … VERSION '…'`, and `ALTER EXTENSION … UPDATE TO '…'` in migrations.
)md",
    .bad = R"sql(CREATE EXTENSION postgis;)sql",
    .good = R"sql(CREATE EXTENSION postgis VERSION '3.4.0';)sql",
});

void CheckExtension(const CreateExtension& extension, const Statement& statement, SqlPass& pass) {
  if (HasWords(statement.sql, {"VERSION"})) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("extension `%s` has no version here", extension.name))
      .Primary("takes what the server has")
      .Help(absl::StrFormat("CREATE EXTENSION IF NOT EXISTS %s VERSION '…';",
                            QuoteIdentifier(extension.name)));
}

}  // namespace

extern constinit const Rule kUnpinnedExtension = MakeSqlRule<&CheckExtension>(kInfo);

}  // namespace pgsift::unpinned_extension
