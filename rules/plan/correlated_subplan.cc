// PLN033 correlated-subplan: a sub-query runs once for each row.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::correlated_subplan {
namespace {

constexpr RuleOption kOptions[] = {
    {"loops_min", 1000, "executions, at least"},
    {"share_min", 0.2, "share of the plan, at least, from 100 executions on"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN033",
    .name = "correlated-subplan",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a sub-query runs once for each row",
    .why = R"md(
A sub-query in the select list or in a condition that names a column of the outer query is executed
again for each row. Fires at `loops_min` executions, or at 100 when it takes `share_min` of the plan.
Saving: nine tenths of its time.
)md",
    .instead = R"md(
Join instead: `LEFT JOIN LATERAL`, or a grouped sub-query joined by key. An index on the column that it
is looked up by helps at once.
)md",
    .bad =
        R"text(Seq Scan on orders o  (cost=0.00..80.00 rows=5000 width=8) (actual time=0.0..80.5 rows=5000 loops=1)
  SubPlan 1
    ->  Aggregate  (cost=8.00..8.01 rows=1 width=8) (actual time=0.014..0.014 rows=1 loops=5000)
          ->  Index Scan using i on items  (cost=0.00..8.00 rows=10 width=8) (actual time=0.0..0.012 rows=10 loops=5000)
                Index Cond: (order_id = o.id)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Seq Scan on orders o  (cost=0.00..80.00 rows=5 width=8) (actual time=0.0..0.5 rows=5 loops=1)
  SubPlan 1
    ->  Aggregate  (cost=8.00..8.01 rows=1 width=8) (actual time=0.014..0.014 rows=1 loops=5)
          ->  Index Scan using i on items  (cost=0.00..8.00 rows=10 width=8) (actual time=0.0..0.012 rows=10 loops=5)
                Index Cond: (order_id = o.id)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!node.IsSubPlan() || !Ran(node)) return;
  const PlanNode* above = plan.ParentOf(node);
  // NOT IN has a rule of its own.
  if (above != nullptr && above->filter.find("NOT (ANY") != std::string::npos) return;
  const double share = plan.timed ? node.inclusive_ms / std::max(1e-9, plan.WholeMs()) : 0;
  const bool often = node.loops >= pass.option(kInfo, "loops_min");
  if (!often && !(node.loops >= 100 && share >= pass.option(kInfo, "share_min"))) return;
  Finding& finding = ReportNode(
      kInfo, plan, node, 0.9 * node.inclusive_ms, pass,
      absl::StrFormat("%s runs %s times, once for each row", node.subplan_name, Count(node.loops)));
  finding
      .Primary(absl::StrFormat("%.0f %% of the time, for %s", 100 * share,
                               above == nullptr ? "the query" : NodeName(*above)))
      .Measure("loops", node.loops, "1")
      .Measure("inclusive_ms", node.inclusive_ms, "ms")
      .Help("LEFT JOIN LATERAL, or a grouped sub-query that is joined by key");
  // A table that it reads whole each time wants an index.
  ForSubtree(plan, node, [&](const PlanNode& below) {
    if (below.type != "Seq Scan" || below.filter.empty()) return;
    const std::string sql = IndexFor(below, pass.catalog(), PredicatesOf(below, below.filter));
    if (!sql.empty()) finding.Help(sql);
  });
}

}  // namespace

extern constinit const Rule kCorrelatedSubplan = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::correlated_subplan
