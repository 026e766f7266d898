// PLN056 generic-plan: a prepared statement was planned without its values.

#include "rules/plan/causes/misestimate.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::generic_plan {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN056",
    .name = "generic-plan",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {12, 0},
    .summary = "a prepared statement was planned without its values",
    .why = R"md(
After five executions PostgreSQL may plan a prepared statement once for all values, as an average. For a
value that is far from it the plan is wrong. Fires for the lowest misestimated scan whose condition compares
with `$n`.
)md",
    .instead = R"md(
`SET plan_cache_mode = force_custom_plan` for this statement, role or session; or a partial index for
the values that are special.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..4000.00 rows=12 width=8) (actual time=0.1..27.0 rows=5000 loops=1)
  Filter: (a = $1)
  Rows Removed by Filter: 9000
Execution Time: 27.1 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..4000.00 rows=4100 width=8) (actual time=0.1..27.0 rows=5000 loops=1)
  Filter: (a = $1)
  Rows Removed by Filter: 9000
Execution Time: 27.1 ms)text",
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  ReportMisestimates(
      kInfo, MisestimateCause::kGenericPlan, plan, pass,
      [&](const Misestimate& wrong, Finding& finding) {
        finding.Note("planned for any value: " + OneLine(wrong.detail, 200));
        finding.Help("SET plan_cache_mode = force_custom_plan, for this statement or role");
      });
}

}  // namespace

extern constinit const Rule kGenericPlan = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::generic_plan
