// PLN052 default-selectivity: the planner knew nothing about a condition and assumed a fixed share
// of the rows.

#include "rules/plan/causes/misestimate.h"
#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::default_selectivity {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN052",
    .name = "default-selectivity",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "the planner knew nothing about a condition and assumed a fixed share of the rows",
    .why = R"md(
Half a percent for an equality with an expression, a third for a range: these are no statistics but
constants in PostgreSQL. Fires for the lowest misestimated scan whose estimate is such a share of the table,
with a condition on an expression or on a value that is not known when planning.
)md",
    .instead = R"md(
Compare the plain column; or `CREATE STATISTICS … ON (expression)` (14 and later), or an index on the
expression, and `ANALYZE`.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..4000.00 rows=500 width=8) (actual time=0.1..27.0 rows=90000 loops=1)
  Filter: (lower(a) = 'x'::text)
  Rows Removed by Filter: 10000
Execution Time: 27.1 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..4000.00 rows=80000 width=8) (actual time=0.1..27.0 rows=90000 loops=1)
  Filter: (lower(a) = 'x'::text)
  Rows Removed by Filter: 10000
Execution Time: 27.1 ms)text",
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  ReportMisestimates(
      kInfo, MisestimateCause::kDefaultSelectivity, plan, pass,
      [&](const Misestimate& wrong, Finding& finding) {
        const std::string table = TableSql(*wrong.node, pass.catalog());
        finding.Note(absl::StrFormat(
            "%s of the rows is what PostgreSQL assumes when it knows nothing", wrong.detail));
        for (const PlanPredicate& predicate : ScanPredicates(plan, *wrong.node)) {
          if (!predicate.wrapped || predicate.key.empty()) continue;
          finding.Help(absl::StrFormat(
              "CREATE STATISTICS %s ON (%s) FROM %s; ANALYZE %s",
              QuoteIdentifier(wrong.node->relation + "_" + predicate.column + "_stats"),
              predicate.key, table, table));
          break;
        }
        finding.Help("compare the plain column with a constant or a typed parameter");
      });
}

}  // namespace

extern constinit const Rule kDefaultSelectivity = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::default_selectivity
