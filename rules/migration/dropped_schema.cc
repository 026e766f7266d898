// MIG058 dropped-schema: DROP SCHEMA … CASCADE and DROP DATABASE.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::dropped_schema {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG058",
    .name = "dropped-schema",
    .category = Category::kDataLoss,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "dropping a schema with all that is in it, or a database",
    .why = R"md(
Everything in it is gone at once: tables, rows, functions, types. Nothing short of a restore brings it
back.
)md",
    .instead = R"md(
Drop what is meant by name; `DROP SCHEMA` without `CASCADE` refuses while something is left in it.
)md",
    .bad = R"sql(DROP SCHEMA shop CASCADE;)sql",
    .good = R"sql(DROP SCHEMA shop;)sql",
});

void CheckStatement(const Statement& statement, SqlPass& pass) {
  const auto* drop = statement.As<Drop>();
  if (drop != nullptr && drop->object == ObjectKind::kSchema && drop->cascade) {
    for (const QualifiedName& name : drop->names) {
      std::string tables;
      size_t count = 0;
      for (const Relation* relation : pass.catalog().Relations()) {
        if (relation->name.schema != name.name || !relation->IsTable()) continue;
        if (++count <= 5) tables += (tables.empty() ? "`" : ", `") + relation->name.name + "`";
      }
      Finding& finding =
          pass.Report(kInfo, statement.span,
                      absl::StrFormat("schema `%s` is dropped with everything in it", name.name));
      finding.Primary("tables, rows, functions and types are gone");
      if (count > 0)
        finding.Note(absl::StrFormat("%d tables are known in it: %s%s", count, tables,
                                     count > 5 ? ", …" : ""));
      finding.Help(absl::StrFormat("drop what is meant by name, then: DROP SCHEMA %s;",
                                   QuoteIdentifier(name.name)));
    }
    return;
  }
  const auto* other = statement.As<OtherStatement>();
  if (other == nullptr || other->node != "DropdbStmt") return;
  pass.Report(kInfo, statement.span, "a database is dropped by a migration")
      .Primary("everything in it is gone")
      .Help("keep DROP DATABASE out of migrations");
}

}  // namespace

extern constinit const Rule kDroppedSchema = MakeSqlRule<&CheckStatement>(kInfo);

}  // namespace pgsift::dropped_schema
