// MIG090 boolean-index: an index on a boolean column.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::boolean_index {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG090",
    .name = "boolean-index",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "an index that begins with a boolean column picks too many rows",
    .why = R"md(
Half of the table on each side: the planner reads the whole table instead. Where one value is rare, an
index of the rare rows alone is small and used.
)md",
    .instead = R"md(
A partial index: `CREATE INDEX … ON t (other_column) WHERE flag`.
)md",
    .bad = R"sql(CREATE TABLE orders (id int, paid boolean);
CREATE INDEX orders_paid ON orders (paid);)sql",
    .good = R"sql(CREATE TABLE orders (id int, paid boolean);
CREATE INDEX orders_unpaid ON orders (id) WHERE NOT paid;)sql",
});

void CheckCreateIndex(const CreateIndex& create, const Statement& statement, SqlPass& pass) {
  const Relation* table = pass.catalog().Find(create.relation.name);
  if (table == nullptr || create.elements.size() != 1 || create.where != nullptr) return;
  const CatalogColumn* column = table->FindColumn(create.elements.front().column);
  if (column == nullptr || column->type.name.name != "bool") return;
  pass.Report(kInfo, statement.span,
              absl::StrFormat("an index on boolean `%s.%s` picks too many rows",
                              table->name.ToString(), column->name))
      .On(table->name.ToString())
      .Primary("the planner will rarely use it")
      .Help(absl::StrFormat("CREATE INDEX CONCURRENTLY ON %s (…) WHERE %s;", QuoteName(table->name),
                            QuoteIdentifier(column->name)));
}

}  // namespace

extern constinit const Rule kBooleanIndex = MakeSqlRule<&CheckCreateIndex>(kInfo);

}  // namespace pgsift::boolean_index
