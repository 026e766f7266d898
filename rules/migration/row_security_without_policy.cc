// MIG078 row-security-without-policy: row-level security that hides every row.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::row_security_without_policy {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG078",
    .name = "row-security-without-policy",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {9, 5},
    .summary = "row-level security is on for a table that has no policy",
    .why = R"md(
Without a policy nobody but the table's owner and roles with `BYPASSRLS` sees or changes any row: the
application gets empty results, not errors.
)md",
    .instead = R"md(
Create the policies in the same transaction that switches it on.
)md",
    .bad = R"sql(CREATE TABLE notes (id bigint PRIMARY KEY);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;)sql",
    .good = R"sql(CREATE TABLE notes (id bigint PRIMARY KEY);
CREATE POLICY notes_all ON notes USING (true);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;)sql",
});

void CheckSchema(SchemaPass& pass) {
  for (const Relation* table : pass.catalog().Relations()) {
    if (!table->row_security || !table->policies.empty()) continue;
    pass.Report(kInfo, table->origin.span,
                absl::StrFormat("`%s` hides every row: row-level security without a policy",
                                table->name.ToString()))
        .On(table->name.ToString())
        .Primary("no policy lets anybody see a row")
        .Help(absl::StrFormat("CREATE POLICY %s ON %s USING (…);",
                              QuoteIdentifier(table->name.name + "_visible"),
                              QuoteName(table->name)));
  }
}

}  // namespace

extern constinit const Rule kRowSecurityWithoutPolicy = MakeSchemaRule(kInfo, &CheckSchema);

}  // namespace pgsift::row_security_without_policy
