// MIG112 duplicate-assignment: one column given twice.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::duplicate_assignment {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "MIG112",
    .name = "duplicate-assignment",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "a column is named twice in one statement",
    .why = R"md(
PostgreSQL refuses it: "multiple assignments to same column", "column specified more than once". The
migration stops there.
)md",
    .instead = R"md(
Give each column once.
)md",
    .bad = R"sql(UPDATE orders SET total = 1, total = 2 WHERE id = 1;)sql",
    .good = R"sql(UPDATE orders SET total = 1 WHERE id = 1;)sql",
});

void Check(std::vector<std::string> names, const Statement& statement, SqlPass& pass) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  pass.Report(kInfo, statement.span, absl::StrFormat("column `%s` is named twice", *twice))
      .Primary("PostgreSQL refuses this")
      .Help("give each column once");
}

void CheckUpdate(const Update& update, const Statement& statement, SqlPass& pass) {
  // Fields and elements of one column may be set one by one.
  if (statement.sql.find('[') != std::string_view::npos) return;
  std::vector<std::string> names;
  for (const Target& target : update.assignments) {
    if (!target.alias.empty()) names.push_back(target.alias);
  }
  const std::string_view set =
      statement.sql.substr(0, std::min<size_t>(statement.sql.size(), 4096));
  for (const std::string& name : names) {
    if (set.find(name + ".") != std::string_view::npos) return;
  }
  Check(std::move(names), statement, pass);
}

void CheckCreateTable(const CreateTable& create, const Statement& statement, SqlPass& pass) {
  std::vector<std::string> names;
  for (const ColumnDef& column : create.columns) names.push_back(column.name);
  Check(std::move(names), statement, pass);
}

void CheckInsert(const Insert& insert, const Statement& statement, SqlPass& pass) {
  if (statement.sql.find('[') != std::string_view::npos) return;
  Check(insert.columns, statement, pass);
}

}  // namespace

extern constinit const Rule kDuplicateAssignment =
    MakeSqlRule<&CheckUpdate, &CheckCreateTable, &CheckInsert>(kInfo);

}  // namespace pgsift::duplicate_assignment
