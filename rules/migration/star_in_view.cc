// MIG109 star-in-view: a view of all columns that there are today.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::star_in_view {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG109",
    .name = "star-in-view",
    .category = Category::kSchema,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "SELECT * in a view stands for the columns of today",
    .why = R"md(
The star is replaced by the columns when the view is made: later ones are missing, and none of them can be
dropped or change its type while the view is there.
)md",
    .instead = R"md(
Name the columns.
)md",
    .bad = R"sql(CREATE VIEW v AS SELECT * FROM orders;)sql",
    .good = R"sql(CREATE VIEW v AS SELECT id, total FROM orders;)sql",
});

void CheckView(const CreateView& view, const Statement& statement, SqlPass& pass) {
  if (view.query == nullptr) return;
  const auto* select = std::get_if<Select>(&view.query->node);
  if (select == nullptr) return;
  const bool star =
      std::any_of(select->targets.begin(), select->targets.end(), [](const Target& target) {
        return target.expr.kind == ExprKind::kColumn && target.expr.LastName() == "*";
      });
  if (!star) return;
  const std::string name = pass.catalog().Resolve(view.relation.name).ToString();
  pass.Report(kInfo, statement.span,
              absl::StrFormat("view `%s` has the columns that there are today", name))
      .On(name)
      .Primary("SELECT * is replaced when the view is made")
      .Help("name the columns");
}

}  // namespace

extern constinit const Rule kStarInView = MakeSqlRule<&CheckView>(kInfo);

}  // namespace pgsift::star_in_view
