// PLN055 stale-table-statistics: many rows changed since the table was last analyzed.

#include "rules/plan/causes/misestimate.h"
#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::stale_table_statistics {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN055",
    .name = "stale-table-statistics",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "many rows changed since the table was last analyzed",
    .why = R"md(
The planner knows the table as it was. Fires for the lowest misestimated scan where the statistics export
shows that a tenth of the rows, or more, changed since the last ANALYZE.
)md",
    .instead = R"md(
`ANALYZE` it now; a lower `autovacuum_analyze_scale_factor` for this table.
)md",
    .bad =
        R"text({"pgsift_snapshot": 1, "tables": [{"schema": "public", "name": "t", "kind": "r", "live_tuples": 90000, "n_mod_since_analyze": 80000, "analyze_count": 1}]}
-- statistics
Seq Scan on t  (cost=0.00..4000.00 rows=12 width=8) (actual time=0.1..27.0 rows=5000 loops=1)
  Filter: (a > 1)
  Rows Removed by Filter: 9000
Execution Time: 27.1 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..4000.00 rows=4100 width=8) (actual time=0.1..27.0 rows=5000 loops=1)
  Filter: (a > 1)
  Rows Removed by Filter: 9000
Execution Time: 27.1 ms)text",
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  ReportMisestimates(
      kInfo, MisestimateCause::kStaleStatistics, plan, pass,
      [&](const Misestimate& wrong, Finding& finding) {
        const std::string table = TableSql(*wrong.node, pass.catalog());
        finding.Note(wrong.detail);
        finding.Help("ANALYZE " + table);
        finding.Help("ALTER TABLE " + table + " SET (autovacuum_analyze_scale_factor = 0.02)");
      });
}

}  // namespace

extern constinit const Rule kStaleTableStatistics = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::stale_table_statistics
