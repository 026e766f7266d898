// MIG060 drop-cascade: DROP … CASCADE takes along what it does not name.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::drop_cascade {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG060",
    .name = "drop-cascade",
    .category = Category::kDataLoss,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "DROP … CASCADE drops objects that it does not name",
    .why = R"md(
Views, foreign keys of other tables, columns of a dropped type, policies: all that depends on the object
goes with it, and only a `NOTICE` says what it was.
)md",
    .instead = R"md(
Drop what depends on it by name first, so that PostgreSQL refuses when something else does.
)md",
    .bad = R"sql(DROP TABLE customers CASCADE;)sql",
    .good = R"sql(CREATE TABLE customers (id int);
DROP TABLE customers CASCADE;)sql",
});

std::vector<std::string> Dependents(const Relation& relation, const Catalog& catalog) {
  std::vector<std::string> found;
  for (const Relation* view : catalog.ViewsOn(relation.id)) {
    found.push_back(absl::StrFormat("view `%s`", view->name.ToString()));
  }
  for (const auto& [table, key] : catalog.ReferencesTo(relation.id)) {
    if (table->id == relation.id) continue;
    found.push_back(absl::StrFormat("foreign key `%s` of `%s`", key->name, table->name.ToString()));
  }
  return found;
}

std::vector<std::string> Dependents(const Drop& drop, const QualifiedName& name,
                                    const Catalog& catalog, bool* known) {
  if (const Relation* relation = catalog.Find(name)) return Dependents(*relation, catalog);
  const CatalogType* type = catalog.FindType(name);
  *known = type != nullptr;
  std::vector<std::string> found;
  if (type == nullptr || drop.object == ObjectKind::kFunction) return found;
  for (const auto& [relation, column] : catalog.ColumnsOfType(type->name)) {
    found.push_back(absl::StrFormat("column `%s.%s`", relation->name.ToString(), column->name));
  }
  return found;
}

void CheckDrop(const Drop& drop, const Statement& statement, SqlPass& pass) {
  if (!drop.cascade || drop.object == ObjectKind::kSchema || drop.object == ObjectKind::kExtension)
    return;
  for (const QualifiedName& name : drop.names) {
    bool known = true;
    const std::vector<std::string> dependents = Dependents(drop, name, pass.catalog(), &known);
    // What is known has nothing that depends on it.
    if (known && dependents.empty()) continue;
    if (!known && drop.if_exists) continue;
    std::string list;
    for (const std::string& each : dependents) list += (list.empty() ? "" : ", ") + each;
    Finding& finding = pass.Report(
        kInfo, statement.span,
        list.empty() ? absl::StrFormat("DROP %s %s CASCADE drops whatever depends on it",
                                       ObjectKindSql(drop.object), name.ToString())
                     : absl::StrFormat("DROP %s %s CASCADE also drops %s",
                                       ObjectKindSql(drop.object), name.ToString(), list));
    finding.Primary("only a NOTICE says what went")
        .Help(absl::StrFormat("drop what depends on it by name, then: DROP %s %s;",
                              ObjectKindSql(drop.object), QuoteName(name)));
  }
}

}  // namespace

extern constinit const Rule kDropCascade = MakeSqlRule<&CheckDrop>(kInfo);

}  // namespace pgsift::drop_cascade
