// MIG011 renamed-in-use: a table or column renamed under a running application.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::renamed_in_use {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG011",
    .name = "renamed-in-use",
    .category = Category::kCompatibility,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "renaming a table or column breaks the application that uses the old name",
    .why = R"md(
The rename itself is instant, but for as long as the old and the new version of the application run
side by side, one of them uses a name that is not there.
)md",
    .instead = R"md(
For a column: add a new one, write both, fill the old rows, move the readers, drop the old one. For a
table: rename it and create a view with the old name in the same transaction; simple views are
updatable.
)md",
    .bad = "ALTER TABLE customers RENAME COLUMN phone TO phone_number;",
    .good = "ALTER INDEX customers_phone RENAME TO customers_phone_number;",
});

// The file makes a view of the old name after it: readers go on.
bool ViewFollows(const QualifiedName& old, const Statement& statement, SqlPass& pass) {
  for (const Statement& later : Later(statement, pass)) {
    const auto* view = later.As<CreateView>();
    if (view != nullptr && pass.catalog().Resolve(view->relation.name) == old) return true;
  }
  return false;
}

void CheckRename(const Rename& rename, const Statement& statement, SqlPass& pass) {
  const bool table = rename.object == ObjectKind::kTable || rename.object == ObjectKind::kView;
  const bool column = rename.object == ObjectKind::kColumn;
  if (rename.object == ObjectKind::kSchema) {
    pass.Report(kInfo, statement.span,
                absl::StrFormat("renaming schema `%s` to `%s` breaks code that uses the old name",
                                rename.sub_name.empty() ? rename.name.name : rename.sub_name,
                                rename.new_name))
        .Primary("the old version of the application fails from here on")
        .Help("create the new schema and move what is in it once nobody uses the old name");
    return;
  }
  if (!table && !column) return;
  if (pass.IsNew(statement, rename.relation.name)) return;
  const QualifiedName name = pass.catalog().Resolve(rename.relation.name);
  if (table && ViewFollows(name, statement, pass)) return;
  const std::string old = column ? name.ToString() + "." + rename.sub_name : name.ToString();
  pass.Report(kInfo, statement.span,
              absl::StrFormat("renaming `%s` to `%s` breaks code that uses the old name", old,
                              rename.new_name))
      .On(name.ToString())
      .Primary("the old version of the application fails from here on")
      .Help(column ? "add a new column, write both, move the readers, then drop the old one"
                   : absl::StrFormat("in the same transaction: CREATE VIEW %s AS SELECT * FROM %s;",
                                     QuoteName(name), QuoteName({name.schema, rename.new_name})));
}

// ALTER TYPE … RENAME VALUE.
void CheckAlterEnum(const AlterEnum& alter, const Statement& statement, SqlPass& pass) {
  if (alter.old_label.empty()) return;
  const CatalogType* type = pass.catalog().FindType(alter.name);
  if (type != nullptr && type->origin.span.file == statement.span.file) return;
  pass.Report(
          kInfo, statement.span,
          absl::StrFormat("renaming value `%s` of `%s` to `%s` breaks code that writes the old one",
                          alter.old_label, alter.name.ToString(), alter.new_label))
      .Primary("the old version of the application fails from here on")
      .Help(absl::StrFormat(
          "ALTER TYPE %s ADD VALUE %s; and change the rows once every reader knows both",
          QuoteName(alter.name), QuoteLiteral(alter.new_label)));
}

}  // namespace

extern constinit const Rule kRenamedInUse = MakeSqlRule<&CheckRename, &CheckAlterEnum>(kInfo);

}  // namespace pgsift::renamed_in_use
