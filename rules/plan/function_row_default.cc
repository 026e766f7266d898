// PLN022 function-row-default: a function that returns rows was taken to return 1000, or what it
// declares.

#include "rules/plan/causes/misestimate.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::function_row_default {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN022",
    .name = "function-row-default",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "a function that returns rows was taken to return 1000, or what it declares",
    .why = R"md(
The planner does not know how many rows a function gives. Fires for the lowest misestimated Function Scan
or ProjectSet (see `row-misestimate`).
)md",
    .instead = R"md(
`ALTER FUNCTION … ROWS n`; a support function; or a temporary table with `ANALYZE`.
)md",
    .bad =
        R"text(Function Scan on f  (cost=0.00..10.00 rows=1000 width=8) (actual time=0.1..27.0 rows=90000 loops=1)
Execution Time: 27.1 ms)text",
    .good =
        R"text(Function Scan on f  (cost=0.00..10.00 rows=1000 width=8) (actual time=0.1..2.0 rows=2000 loops=1)
Execution Time: 2.1 ms)text",
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  ReportMisestimates(kInfo, MisestimateCause::kFunctionDefault, plan, pass,
                     [&](const Misestimate& wrong, Finding& finding) {
                       const std::string name =
                           wrong.node->function_name.empty() ? "…" : wrong.node->function_name;
                       finding.Help(absl::StrFormat("ALTER FUNCTION %s(…) ROWS %.0f", name,
                                                    std::max(1.0, wrong.node->actual_rows)));
                     });
}

}  // namespace

extern constinit const Rule kFunctionRowDefault = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::function_row_default
