// MIG065 edited-system-catalog: PostgreSQL's own tables changed by hand.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::edited_system_catalog {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG065",
    .name = "edited-system-catalog",
    .category = Category::kDataLoss,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "a system catalog is changed by hand",
    .why = R"md(
`pg_catalog` tables depend on each other in ways that nothing checks: a value deleted from `pg_enum` may
still stand in a table or an index, a changed `pg_attribute` may make rows unreadable. Damage shows later.
)md",
    .instead = R"md(
The command that does it: `ALTER TABLE`, `ALTER TYPE`. To take a value out of an enum type, create a new
type and change the columns to it.
)md",
    .bad = R"sql(DELETE FROM pg_enum WHERE enumlabel = 'lost';)sql",
    .good = R"sql(SELECT enumlabel FROM pg_enum;)sql",
});

void Check(const RelationRef& ref, const Statement& statement, SqlPass& pass) {
  const bool schema = ref.name.schema == "pg_catalog" ||
                      (ref.name.schema.empty() && ref.name.name.starts_with("pg_"));
  if (!schema || ref.name.name == "pg_settings" || pass.catalog().Find(ref.name) != nullptr) return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("system catalog `%s` is changed by hand", ref.name.name))
      .Primary("nothing checks what depends on it")
      .Help(ref.name.name == "pg_enum"
                ? "create a new type without the value, and ALTER COLUMN … TYPE to it"
                : "use the ALTER command that does it");
}

void CheckInsert(const Insert& s, const Statement& statement, SqlPass& pass) {
  Check(s.relation, statement, pass);
}
void CheckUpdate(const Update& s, const Statement& statement, SqlPass& pass) {
  Check(s.relation, statement, pass);
}
void CheckDelete(const Delete& s, const Statement& statement, SqlPass& pass) {
  Check(s.relation, statement, pass);
}

}  // namespace

extern constinit const Rule kEditedSystemCatalog =
    MakeSqlRule<&CheckInsert, &CheckUpdate, &CheckDelete>(kInfo);

}  // namespace pgsift::edited_system_catalog
