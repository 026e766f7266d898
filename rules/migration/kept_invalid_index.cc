// MIG054 kept-invalid-index: IF NOT EXISTS takes the invalid index of a failed build for the index.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::kept_invalid_index {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG054",
    .name = "kept-invalid-index",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {9, 5},
    .summary = "CREATE INDEX CONCURRENTLY IF NOT EXISTS keeps an invalid index of an earlier try",
    .why = R"md(
A concurrent build that fails leaves an `INVALID` index of that name: kept up to date on every write,
used by no query. When the migration is tried again, `IF NOT EXISTS` finds it and does nothing, and the
migration counts as applied.
)md",
    .instead = R"md(
`DROP INDEX CONCURRENTLY IF EXISTS` of the same name first.
)md",
    .bad = R"sql(CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_email ON orders (email);)sql",
    .good = R"sql(DROP INDEX CONCURRENTLY IF EXISTS orders_email;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_email ON orders (email);)sql",
});

void CheckCreateIndex(const CreateIndex& create, const Statement& statement, SqlPass& pass) {
  if (!create.concurrently || !create.if_not_exists || create.name.empty()) return;
  for (uint32_t i = 0; i < statement.index; ++i) {
    const auto* drop = pass.file().statements[i].As<Drop>();
    if (drop == nullptr || drop->object != ObjectKind::kIndex) continue;
    for (const QualifiedName& name : drop->names) {
      if (name.name == create.name) return;
    }
  }
  const QualifiedName table = pass.catalog().Resolve(create.relation.name);
  pass.Report(kInfo, statement.span,
              absl::StrFormat("a failed build leaves `%s` invalid, and the next try keeps it",
                              create.name))
      .On(table.ToString())
      .Primary("IF NOT EXISTS does not look whether the index is valid")
      .Help(absl::StrFormat("before it: DROP INDEX CONCURRENTLY IF EXISTS %s;",
                            QuoteName({create.relation.name.schema, create.name})));
}

}  // namespace

extern constinit const Rule kKeptInvalidIndex = MakeSqlRule<&CheckCreateIndex>(kInfo);

}  // namespace pgsift::kept_invalid_index
