// MIG110 unqualified-table-name: a table without its schema.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::unqualified_table_name {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG110",
    .name = "unqualified-table-name",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "a table name without a schema depends on the search_path",
    .why = R"md(
Where the table is made, or which one is changed, depends on the `search_path` of whoever runs the
migration.
)md",
    .instead = R"md(
Write the schema.
)md",
    .bad = R"sql(CREATE TABLE orders (id int);)sql",
    .good = R"sql(CREATE TABLE shop.orders (id int);)sql",
});

void Check(const QualifiedName& name, bool temporary, const Statement& statement, SqlPass& pass) {
  if (!name.schema.empty() || temporary || name.name.empty()) return;
  pass.Report(kInfo, statement.span, absl::StrFormat("`%s` depends on the search_path", name.name))
      .Primary("no schema is written")
      .Help(QuoteName(pass.catalog().Resolve(name)));
}

void CheckCreateTable(const CreateTable& s, const Statement& statement, SqlPass& pass) {
  Check(s.relation.name, s.relation.temporary, statement, pass);
}
void CheckAlterTable(const AlterTable& s, const Statement& statement, SqlPass& pass) {
  const Relation* known = pass.catalog().Find(s.relation.name);
  Check(s.relation.name, known != nullptr && known->persistence == Persistence::kTemporary,
        statement, pass);
}
void CheckDrop(const Drop& s, const Statement& statement, SqlPass& pass) {
  if (s.object != ObjectKind::kTable) return;
  for (const QualifiedName& name : s.names) {
    const Relation* known = pass.catalog().Find(name);
    Check(name, known != nullptr && known->persistence == Persistence::kTemporary, statement, pass);
  }
}

}  // namespace

extern constinit const Rule kUnqualifiedTableName =
    MakeSqlRule<&CheckCreateTable, &CheckAlterTable, &CheckDrop>(kInfo);

}  // namespace pgsift::unqualified_table_name
