// MIG011 renamed-in-use: a table or column renamed under a running application.

#include "absl/strings/str_format.h"
#include "rules/rule.h"

namespace pgsift {
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

void CheckRename(const Rename& rename, const Statement& statement, SqlPass& pass) {
  const bool table = rename.object == ObjectKind::kTable || rename.object == ObjectKind::kView;
  const bool column = rename.object == ObjectKind::kColumn;
  if (!table && !column) return;
  if (pass.IsNew(statement, rename.relation.name)) return;
  const QualifiedName name = pass.catalog().Resolve(rename.relation.name);
  const std::string old = column ? name.ToString() + "." + rename.sub_name : name.ToString();
  pass.Report(kInfo, statement.span,
              absl::StrFormat("renaming `%s` to `%s` breaks code that uses the old name", old,
                              rename.new_name))
      .On(name.ToString())
      .Primary("the old version of the application fails from here on")
      .Help(column ? "add a new column, write both, move the readers, then drop the old one"
                   : "create a view with the old name in the same transaction");
}

}  // namespace

extern constinit const Rule kRenamedInUse = MakeSqlRule<&CheckRename>(kInfo);

}  // namespace pgsift
