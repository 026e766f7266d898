// PLN003 row-misestimate: the planner expected far more or far fewer rows than there were.

#include "rules/plan/causes/misestimate.h"
#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::row_misestimate {
namespace {

constexpr RuleOption kOptions[] = {
    {"factor_min", 10, "times by which estimate and truth differ, at least"},
    {"rows_min", 1000, "rows of the larger of the two, over all loops, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN003",
    .name = "row-misestimate",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "the planner expected far more or far fewer rows than there were",
    .why = R"md(
The planner chooses joins, scans and memory by the rows it expects. Where it is wrong by a factor, it
may take a nested loop for a million rows or a hash for three. The rule names the lowest node at fault:
one whose children were estimated at least three times as well. Estimate and truth are compared per loop, as
EXPLAIN prints them; it fires from `factor_min` on, when the larger of the two reaches `rows_min` over all
loops, and leaves out what a LIMIT, a merge join or a semi-join stopped early. Where the plan, the schema or
the statistics tell the cause, the rule of that cause reports it instead (`correlated-columns`,
`never-analyzed`, `stale-table-statistics`, `default-selectivity`, `generic-plan`, `zero-estimate-join`,
`function-row-default`, `group-misestimate`). Saving: half the time of the joins, sorts and aggregates above.
)md",
    .instead = R"md(
`ANALYZE` the table first: statistics may be old. Conditions on several columns that depend on each
other want `CREATE STATISTICS … (dependencies, mcv) ON a, b FROM t` and `ANALYZE`. Rare values want a
larger `ALTER COLUMN … SET STATISTICS`. Functions and casts around a column want a plain comparison,
or statistics on the expression.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..4000.00 rows=12 width=8) (actual time=0.1..27.0 rows=5000 loops=1)
  Filter: (a > 1)
  Rows Removed by Filter: 9000
Execution Time: 27.1 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..4000.00 rows=4100 width=8) (actual time=0.1..27.0 rows=5000 loops=1)
  Filter: (a > 1)
  Rows Removed by Filter: 9000
Execution Time: 27.1 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  const MisestimateLimits limits{.factor_min = pass.option(kInfo, "factor_min"),
                                 .rows_min = pass.option(kInfo, "rows_min")};
  for (const Misestimate& wrong : FindMisestimates(plan, pass.evidence(), limits)) {
    if (wrong.cause != MisestimateCause::kOther) continue;
    const PlanNode& node = *wrong.node;
    Finding& finding = ReportMisestimate(kInfo, plan, wrong, pass);
    if (wrong.factor < 100) finding.severity = std::min(finding.severity, Severity::kInfo);
    if (node.relation.empty()) {
      finding.Help(
          "ANALYZE the tables below it; extended statistics help where columns depend on each "
          "other");
      continue;
    }
    const std::string table = TableSql(node, pass.catalog());
    finding.Help("ANALYZE " + table);
    for (const PlanPredicate& predicate : ScanPredicates(plan, node)) {
      if (predicate.column.empty() || predicate.wrapped) continue;
      finding.Help(
          absl::StrFormat("if that is not enough: ALTER TABLE %s ALTER COLUMN %s SET STATISTICS "
                          "1000, then ANALYZE it",
                          table, QuoteIdentifier(predicate.column)));
      break;
    }
  }
}

}  // namespace

extern constinit const Rule kRowMisestimate = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::row_misestimate
