// PLN051 correlated-columns: conditions on columns that depend on each other were taken as
// independent.

#include "rules/plan/causes/misestimate.h"
#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::correlated_columns {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN051",
    .name = "correlated-columns",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {10, 0},
    .summary = "conditions on columns that depend on each other were taken as independent",
    .why = R"md(
The planner multiplies the selectivities of conditions. Where one column follows from another (city and
postcode, status and date) the product is far too small. Fires for the lowest misestimated scan (see
`row-misestimate`) with equalities on two columns and more, that gave more rows than expected.
)md",
    .instead = R"md(
`CREATE STATISTICS` on these columns, then `ANALYZE`: the finding prints both.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..4000.00 rows=12 width=8) (actual time=0.1..27.0 rows=5000 loops=1)
  Filter: ((a = 1) AND (b = 1))
  Rows Removed by Filter: 9000
Execution Time: 27.1 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..4000.00 rows=4900 width=8) (actual time=0.1..27.0 rows=5000 loops=1)
  Filter: ((a = 1) AND (b = 1))
  Rows Removed by Filter: 9000
Execution Time: 27.1 ms)text",
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  ReportMisestimates(kInfo, MisestimateCause::kCorrelatedColumns, plan, pass,
                     [&](const Misestimate& wrong, Finding& finding) {
                       std::vector<std::string> columns;
                       for (const std::string& column : wrong.columns)
                         columns.push_back(QuoteIdentifier(column));
                       const std::string table = TableSql(*wrong.node, pass.catalog());
                       std::string name = wrong.node->relation;
                       for (const std::string& column : wrong.columns) name += "_" + column;
                       finding.Help(absl::StrFormat(
                           "CREATE STATISTICS %s (dependencies, mcv) ON %s FROM %s; ANALYZE %s",
                           QuoteIdentifier(name.substr(0, 63)), Joined(columns), table, table));
                     });
}

}  // namespace

extern constinit const Rule kCorrelatedColumns = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::correlated_columns
