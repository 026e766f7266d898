// PLN054 never-analyzed: a table has no statistics: its size was guessed.

#include "rules/plan/causes/misestimate.h"
#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::never_analyzed {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN054",
    .name = "never-analyzed",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a table has no statistics: its size was guessed",
    .why = R"md(
A table that was never analyzed counts as ten pages full of rows, whatever it holds. Fires for the lowest
misestimated scan whose estimate is that guess, or whose table was never analyzed by the statistics export.
)md",
    .instead = R"md(
`ANALYZE` after each bulk load and in each migration that fills a table; temporary tables are never
analyzed by autovacuum.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..35.50 rows=2550 width=4) (actual time=0.1..27.0 rows=90000 loops=1)
Execution Time: 27.1 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..35.50 rows=89550 width=4) (actual time=0.1..27.0 rows=90000 loops=1)
Execution Time: 27.1 ms)text",
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  ReportMisestimates(kInfo, MisestimateCause::kNeverAnalyzed, plan, pass,
                     [&](const Misestimate& wrong, Finding& finding) {
                       finding.Help("ANALYZE " + TableSql(*wrong.node, pass.catalog()));
                     });
}

}  // namespace

extern constinit const Rule kNeverAnalyzed = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::never_analyzed
