// MIG059 dropped-object: a view, function, type or sequence that the running application may still
// use.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::dropped_object {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG059",
    .name = "dropped-object",
    .category = Category::kCompatibility,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary =
        "dropping a view, function, type or sequence breaks the application that still uses it",
    .why = R"md(
While a deployment rolls out, the old version still runs and still names it.
)md",
    .instead = R"md(
Drop it in a release after the one that stopped using it.
)md",
    .bad = R"sql(DROP VIEW sales;)sql",
    .good = R"sql(DROP VIEW sales;
CREATE VIEW sales AS SELECT 1 AS a;)sql",
});

// A later statement of the file makes something of that name.
bool MadeAgain(const QualifiedName& name, const Statement& statement, SqlPass& pass) {
  for (const Statement& later : Later(statement, pass)) {
    if (const auto* s = later.As<CreateView>(); s != nullptr && s->relation.name.name == name.name)
      return true;
    if (const auto* s = later.As<CreateTableAs>();
        s != nullptr && s->relation.name.name == name.name)
      return true;
    if (const auto* s = later.As<CreateTable>(); s != nullptr && s->relation.name.name == name.name)
      return true;
    if (const auto* s = later.As<CreateFunction>(); s != nullptr && s->name.name == name.name)
      return true;
    if (const auto* s = later.As<CreateEnum>(); s != nullptr && s->name.name == name.name)
      return true;
    if (const auto* s = later.As<CreateDomain>(); s != nullptr && s->name.name == name.name)
      return true;
    if (const auto* s = later.As<CreateSequence>();
        s != nullptr && s->relation.name.name == name.name)
      return true;
    if (const auto* s = later.As<Rename>(); s != nullptr && s->new_name == name.name) return true;
    // CREATE AGGREGATE and others that are not read in full.
    if (later.As<OtherStatement>() != nullptr &&
        later.sql.find(name.name) != std::string_view::npos)
      return true;
  }
  return false;
}

// An earlier statement of the file gave it that name, so that only the old copy goes, or made it as
// a helper of its own.
bool NamedHere(const QualifiedName& name, const Statement& statement, const SqlPass& pass) {
  for (uint32_t i = 0; i < statement.index; ++i) {
    const auto* function = pass.file().statements[i].As<CreateFunction>();
    if (function != nullptr && function->name.name == name.name) return true;
    const auto* rename = pass.file().statements[i].As<Rename>();
    if (rename != nullptr && rename->new_name == name.name) return true;
  }
  return false;
}

void CheckDrop(const Drop& drop, const Statement& statement, SqlPass& pass) {
  switch (drop.object) {
    case ObjectKind::kView:
    case ObjectKind::kMaterializedView:
    case ObjectKind::kSequence:
    case ObjectKind::kFunction:
    case ObjectKind::kProcedure:
    case ObjectKind::kType:
    case ObjectKind::kDomain:
      break;
    default:
      return;
  }
  for (const QualifiedName& name : drop.names) {
    const Relation* known = pass.catalog().Find(name);
    if (known != nullptr && !InUse(known, statement, pass)) continue;
    const CatalogType* type = pass.catalog().FindType(name);
    if (type != nullptr && type->origin.span.file == statement.span.file) continue;
    // IF EXISTS without anything known: tidying up before making it.
    if (known == nullptr && type == nullptr && drop.if_exists) continue;
    if (MadeAgain(name, statement, pass) || NamedHere(name, statement, pass)) continue;
    pass.Report(kInfo, statement.span,
                absl::StrFormat("dropping %s `%s` breaks code that still uses it",
                                ObjectKindSql(drop.object), name.ToString()))
        .Primary("the old version of the application fails from here on")
        .Help("drop it in a release after the one that stopped using it");
  }
}

}  // namespace

extern constinit const Rule kDroppedObject = MakeSqlRule<&CheckDrop>(kInfo);

}  // namespace pgsift::dropped_object
