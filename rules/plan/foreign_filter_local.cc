// PLN021 foreign-filter-local: rows are fetched from another server and thrown away here.

#include "rules/plan/plan_rule.h"

namespace pgsift::foreign_filter_local {
namespace {

constexpr RuleOption kOptions[] = {
    {"factor_min", 10, "times as many rows removed as kept, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN021",
    .name = "foreign-filter-local",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 1},
    .summary = "rows are fetched from another server and thrown away here",
    .why = R"md(
The condition is not sent to the other server, so all rows come over. Fires when the local filter of a
Foreign Scan removes `factor_min` times as many rows as it keeps and at least 1000.
)md",
    .instead = R"md(
Only immutable built-in functions and operators are sent. Put extensions that both sides have into the
server's `extensions` option; move the rest into a view on the other side.
)md",
    .bad =
        R"text(Foreign Scan on t  (cost=100.00..900.00 rows=9 width=8) (actual time=0.1..90.0 rows=9 loops=1)
  Filter: (f(a) = 1)
  Rows Removed by Filter: 20000
Execution Time: 91.0 ms)text",
    .good =
        R"text(Foreign Scan on t  (cost=100.00..900.00 rows=9 width=8) (actual time=0.1..90.0 rows=20000 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Foreign Scan" || !Ran(node) || node.filter.empty()) return;
  const double removed = node.TotalRemovedByFilter();
  if (removed < 1000 || removed < pass.option(kInfo, "factor_min") * node.TotalRows()) return;
  ReportNode(kInfo, plan, node, node.exclusive_ms * removed / (removed + node.TotalRows()), pass,
             absl::StrFormat("%s rows of foreign table `%s` are fetched and thrown away",
                             Count(removed), node.relation))
      .Primary("checked here, not there: " + OneLine(node.filter, 200))
      .Measure("rows_removed", removed, "rows")
      .Help(
          "use immutable built-in functions and operators only, or the server's `extensions` "
          "option");
}

}  // namespace

extern constinit const Rule kForeignFilterLocal = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::foreign_filter_local
