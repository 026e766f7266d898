// MIG115 constraint-index-dropped: DROP INDEX of an index that belongs to a constraint.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::constraint_index_dropped {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG115",
    .name = "constraint-index-dropped",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "the index of a constraint cannot be dropped by DROP INDEX",
    .why = R"md(
PostgreSQL refuses it: "cannot drop index because constraint requires it". The migration stops there.
)md",
    .instead = R"md(
`ALTER TABLE … DROP CONSTRAINT`, which drops the index too.
)md",
    .bad = R"sql(CREATE TABLE orders (id int PRIMARY KEY);
DROP INDEX orders_pkey;)sql",
    .good = R"sql(CREATE TABLE orders (id int PRIMARY KEY);
ALTER TABLE orders DROP CONSTRAINT orders_pkey;)sql",
});

void CheckDrop(const Drop& drop, const Statement& statement, SqlPass& pass) {
  if (drop.object != ObjectKind::kIndex) return;
  for (const QualifiedName& name : drop.names) {
    const Relation* index = pass.catalog().Find(name);
    if (index == nullptr || !index->index.has_value() || !index->index->constraint) continue;
    const Relation* table = pass.catalog().Find(index->table);
    if (table == nullptr) continue;
    pass.Report(kInfo, statement.span,
                absl::StrFormat("index `%s` belongs to a constraint of `%s`", name.ToString(),
                                table->name.ToString()))
        .On(table->name.ToString())
        .Primary("PostgreSQL refuses this")
        .Help(absl::StrFormat("ALTER TABLE %s DROP CONSTRAINT %s;", QuoteName(table->name),
                              QuoteIdentifier(index->name.name)));
  }
}

}  // namespace

extern constinit const Rule kConstraintIndexDropped = MakeSqlRule<&CheckDrop>(kInfo);

}  // namespace pgsift::constraint_index_dropped
