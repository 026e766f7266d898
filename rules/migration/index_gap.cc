// MIG088 index-gap: an index is dropped before the one that replaces it is there.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::index_gap {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG088",
    .name = "index-gap",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 2},
    .summary = "an index is dropped before its replacement is built",
    .why = R"md(
While the new index is built, queries that used the old one read the whole table; if the old one was
unique, duplicates come in meanwhile, and the new one cannot be built.
)md",
    .instead = R"md(
Build the new index first, under another name; then drop the old one.
)md",
    .bad = R"sql(CREATE TABLE orders (email text, id int);
CREATE INDEX orders_city ON orders (email);
DROP INDEX CONCURRENTLY orders_city;
CREATE INDEX CONCURRENTLY orders_city_2 ON orders (email, id);)sql",
    .good = R"sql(CREATE TABLE orders (email text, id int);
CREATE INDEX orders_email ON orders (email);
CREATE INDEX CONCURRENTLY orders_email_2 ON orders (email, id);
DROP INDEX CONCURRENTLY orders_email;)sql",
});

void CheckDrop(const Drop& drop, const Statement& statement, SqlPass& pass) {
  if (drop.object != ObjectKind::kIndex) return;
  for (const QualifiedName& name : drop.names) {
    const Relation* index = pass.catalog().Find(name);
    if (index == nullptr || !index->index.has_value() || index->index->elements.empty()) continue;
    if (!index->index->valid) continue;
    const Relation* table = pass.catalog().Find(index->table);
    if (table == nullptr) continue;
    for (const Statement& later : Later(statement, pass)) {
      const auto* create = later.As<CreateIndex>();
      if (create == nullptr || create->elements.empty()) continue;
      if (pass.catalog().Resolve(create->relation.name) != table->name) continue;
      if (create->elements.front().column != index->index->elements.front().column) continue;
      // IF EXISTS and the same definition: what a failed build left is cleared away.
      if (create->name == name.name && drop.if_exists) break;
      // In one transaction nobody sees the gap.
      if (later.transaction == statement.transaction && later.transaction != kNoTransaction) break;
      pass.Report(
              kInfo, statement.span,
              absl::StrFormat("`%s` is gone before `%s` is there", name.ToString(), create->name))
          .On(table->name.ToString())
          .Primary(index->index->unique
                       ? "duplicates may come in until the new index is there"
                       : "queries read the whole table until the new index is there")
          .Also(later.span, "the replacement")
          .Help(
              absl::StrFormat("after the new index: DROP INDEX CONCURRENTLY %s;", QuoteName(name)));
      break;
    }
  }
}

}  // namespace

extern constinit const Rule kIndexGap = MakeSqlRule<&CheckDrop>(kInfo);

}  // namespace pgsift::index_gap
