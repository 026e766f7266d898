// PLN045 group-misestimate: far more or fewer groups than the planner expected.

#include "rules/plan/causes/misestimate.h"
#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::group_misestimate {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN045",
    .name = "group-misestimate",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {10, 0},
    .summary = "far more or fewer groups than the planner expected",
    .why = R"md(
The number of groups is estimated from n_distinct of each column, as if they were independent. Fires for
the lowest misestimated Aggregate, Group or Unique (see `row-misestimate`).
)md",
    .instead = R"md(
`CREATE STATISTICS … (ndistinct)` on the group columns; `ALTER TABLE … ALTER COLUMN … SET (n_distinct = …)`
where sampling misses the truth.
)md",
    .bad =
        R"text(HashAggregate  (cost=0.00..8.00 rows=100 width=8) (actual time=80.0..90.0 rows=100000 loops=1)
  Group Key: a, b
  ->  Seq Scan on t  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..10.5 rows=100000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(HashAggregate  (cost=0.00..8.00 rows=90000 width=8) (actual time=80.0..90.0 rows=100000 loops=1)
  Group Key: a, b
  ->  Seq Scan on t  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..10.5 rows=100000 loops=1)
Execution Time: 91.0 ms)text",
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  ReportMisestimates(
      kInfo, MisestimateCause::kGroups, plan, pass,
      [&](const Misestimate& wrong, Finding& finding) {
        const PlanNode* scan = plan.ChildOf(*wrong.node);
        while (scan != nullptr && scan->relation.empty()) scan = plan.ChildOf(*scan);
        std::vector<std::string> columns;
        for (const std::string& key : wrong.columns) {
          const std::string column = scan == nullptr ? "" : ColumnOfSortKey(*scan, key);
          if (!column.empty()) columns.push_back(QuoteIdentifier(column));
        }
        finding.Note("grouped by " + Joined(wrong.columns));
        if (scan != nullptr && columns.size() >= 2 && columns.size() == wrong.columns.size()) {
          const std::string table = TableSql(*scan, pass.catalog());
          finding.Help(
              absl::StrFormat("CREATE STATISTICS %s_groups (ndistinct) ON %s FROM %s; ANALYZE %s",
                              scan->relation, Joined(columns), table, table));
        } else if (scan != nullptr && columns.size() == 1) {
          finding.Help(absl::StrFormat(
              "ALTER TABLE %s ALTER COLUMN %s SET (n_distinct = %.0f); ANALYZE it",
              TableSql(*scan, pass.catalog()), columns.front(), wrong.node->TotalRows()));
        } else {
          finding.Help("CREATE STATISTICS (ndistinct) on the group columns, then ANALYZE");
        }
      });
}

}  // namespace

extern constinit const Rule kGroupMisestimate = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::group_misestimate
