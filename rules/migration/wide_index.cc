// MIG089 wide-index: an index over many columns.

#include "absl/strings/str_format.h"
#include "rules/migration/migration_rule.h"

namespace pgsift::wide_index {
namespace {

constexpr RuleOption kOptions[] = {
    {"columns_max", 3, "how many columns an index may have without being reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "MIG089",
    .name = "wide-index",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .opt_in = true,
    .summary = "an index that is not unique has many columns",
    .why = R"md(
Each column makes the index larger and the writes slower, and a search gains only from the columns up to
the first that it does not compare for equality. An update of any of the columns is never a HOT update.
)md",
    .instead = R"md(
The two or three columns that pick few rows; others with `INCLUDE`, if index-only scans are worth it.
)md",
    .bad = R"sql(CREATE INDEX CONCURRENTLY orders_many ON orders (a, b, c, d);)sql",
    .good = R"sql(CREATE INDEX CONCURRENTLY orders_some ON orders (a, b);)sql",
    .options = kOptions,
});

void CheckCreateIndex(const CreateIndex& create, const Statement& statement, SqlPass& pass) {
  if (create.unique || create.method == "brin" || create.method == "bloom") return;
  if (static_cast<double>(create.elements.size()) <= pass.option(kInfo, "columns_max")) return;
  const std::string table = pass.catalog().Resolve(create.relation.name).ToString();
  pass.Report(kInfo, statement.span,
              absl::StrFormat("the index on `%s` has %d columns", table, create.elements.size()))
      .On(table)
      .Primary("each makes it larger and writes slower")
      .Help("keep the columns that pick few rows");
}

}  // namespace

extern constinit const Rule kWideIndex = MakeSqlRule<&CheckCreateIndex>(kInfo);

}  // namespace pgsift::wide_index
