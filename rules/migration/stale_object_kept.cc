// MIG053 stale-object-kept: IF NOT EXISTS keeps an object that is not the same.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::stale_object_kept {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG053",
    .name = "stale-object-kept",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {9, 5},
    .summary = "IF NOT EXISTS finds an object of that name that is defined otherwise, and keeps it",
    .why = R"md(
PostgreSQL compares the name only. The statement succeeds, and the table or index is not what it says:
databases on which the object was there before differ from new ones.
)md",
    .instead = R"md(
Change the object that is there (`ALTER TABLE … ADD COLUMN`), or drop it first.
)md",
    .bad = R"sql(CREATE TABLE orders (id int);
CREATE TABLE IF NOT EXISTS orders (id int, total int);)sql",
    .good = R"sql(CREATE TABLE orders (id int, total int);
CREATE TABLE IF NOT EXISTS orders (id int, total int);)sql",
});

void Report(const Relation& known, const std::string& difference, const std::string& help,
            const Statement& statement, SqlPass& pass) {
  Finding& finding =
      pass.Report(kInfo, statement.span,
                  absl::StrFormat("IF NOT EXISTS keeps the `%s` that is there, which differs",
                                  known.name.ToString()));
  finding.On(known.name.ToString()).Primary("does nothing").Note(difference).Help(help);
  if (known.origin.span.known()) finding.Also(known.origin.span, "what is there");
}

void CheckCreateTable(const CreateTable& create, const Statement& statement, SqlPass& pass) {
  if (!create.if_not_exists || create.bound.has_value() || !create.likes.empty() ||
      !create.inherits.empty()) {
    return;
  }
  const Relation* known = pass.catalog().Find(create.relation.name);
  if (known == nullptr || !known->IsTable() || known->columns.empty()) return;
  if (!pass.history().SameProject(known->origin.span.file, statement.span.file)) return;
  for (const ColumnDef& column : create.columns) {
    const CatalogColumn* there = known->FindColumn(column.name);
    const std::string type = column.type.ToString();
    if (there == nullptr) {
      return Report(*known, absl::StrFormat("column `%s` is not there", column.name),
                    absl::StrFormat("ALTER TABLE %s ADD COLUMN %s %s;", QuoteName(known->name),
                                    QuoteIdentifier(column.name), type),
                    statement, pass);
    }
    const bool serial = type.find("serial") != std::string::npos;
    if (!serial && !there->serial && there->type.ToString() != type) {
      return Report(*known,
                    absl::StrFormat("column `%s` is `%s`, not `%s`", column.name,
                                    there->type.ToString(), type),
                    absl::StrFormat("ALTER TABLE %s ALTER COLUMN %s TYPE %s;",
                                    QuoteName(known->name), QuoteIdentifier(column.name), type),
                    statement, pass);
    }
  }
}

void CheckCreateIndex(const CreateIndex& create, const Statement& statement, SqlPass& pass) {
  if (!create.if_not_exists || create.name.empty()) return;
  const QualifiedName table = pass.catalog().Resolve(create.relation.name);
  const Relation* known = pass.catalog().Find({table.schema, create.name});
  if (known == nullptr || !known->index.has_value()) return;
  if (!pass.history().SameProject(known->origin.span.file, statement.span.file)) return;
  const std::string now = ColumnList(known->index->elements);
  const std::string wanted = ColumnList(create.elements);
  const bool same = now == wanted && known->index->unique == create.unique &&
                    (known->index->where == nullptr) == (create.where == nullptr);
  const Relation* indexed = pass.catalog().Find(known->table);
  if (same && (indexed == nullptr || indexed->name == table)) return;
  Report(*known, absl::StrFormat("it is on (%s)%s", now, known->index->unique ? ", unique" : ""),
         absl::StrFormat("first: DROP INDEX CONCURRENTLY %s;", QuoteName(known->name)), statement,
         pass);
}

}  // namespace

extern constinit const Rule kStaleObjectKept =
    MakeSqlRule<&CheckCreateTable, &CheckCreateIndex>(kInfo);

}  // namespace pgsift::stale_object_kept
