// PLN053 zero-estimate-join: one row was expected of a join that gives very many.

#include "rules/plan/causes/misestimate.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::zero_estimate_join {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN053",
    .name = "zero-estimate-join",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "one row was expected of a join that gives very many",
    .why = R"md(
An estimate of 1 is the smallest there is: the planner believed that nothing would match, and everything
above is planned for a single row. Fires for the lowest misestimated join with `rows=1` (see
`row-misestimate`).
)md",
    .instead = R"md(
A foreign key tells the planner that each row has a partner; extended statistics for joins over several
columns; `ANALYZE` both tables.
)md",
    .bad =
        R"text(Hash Join  (cost=0.43..9000.00 rows=1 width=8) (actual time=0.1..90.0 rows=10000 loops=1)
  Hash Cond: ((i.a = o.a) AND (i.b = o.b))
  ->  Seq Scan on items i  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
        ->  Seq Scan on orders o  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Hash Join  (cost=0.43..9000.00 rows=9000 width=8) (actual time=0.1..90.0 rows=10000 loops=1)
  Hash Cond: ((i.a = o.a) AND (i.b = o.b))
  ->  Seq Scan on items i  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
        ->  Seq Scan on orders o  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  ReportMisestimates(
      kInfo, MisestimateCause::kJoin, plan, pass, [&](const Misestimate& wrong, Finding& finding) {
        const PlanNode& node = *wrong.node;
        for (const std::string* text : {&node.hash_cond, &node.merge_cond, &node.join_filter}) {
          if (!text->empty()) finding.Note("joined by " + OneLine(*text, 300));
        }
        finding.Help(
            "declare the foreign key, or CREATE STATISTICS on the join columns of each table; "
            "ANALYZE both");
      });
}

}  // namespace

extern constinit const Rule kZeroEstimateJoin = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::zero_estimate_join
