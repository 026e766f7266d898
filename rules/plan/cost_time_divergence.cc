// PLN057 cost-time-divergence: a node takes most of the time and had next to nothing of the cost.

#include "rules/plan/plan_rule.h"

namespace pgsift::cost_time_divergence {
namespace {

constexpr RuleOption kOptions[] = {
    {"time_share_min", 0.5, "share of the time, at least"},
    {"cost_share_max", 0.05, "share of the cost, at most"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN057",
    .name = "cost-time-divergence",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "a node takes most of the time and had next to nothing of the cost",
    .why = R"md(
The planner believed that this node is cheap. Fires when a node takes `time_share_min` of the time and has
at most `cost_share_max` of the cost.
)md",
    .instead = R"md(
Functions that are slow want a `COST`; reads that are slow a cold cache, or another `random_page_cost`;
waiting for locks is no cost at all.
)md",
    .bad =
        R"text(Sort  (cost=1000.00..1008.00 rows=100 width=8) (actual time=80.0..80.1 rows=100 loops=1)
  Sort Key: a
  Sort Method: quicksort  Memory: 25kB
  ->  Seq Scan on t  (cost=0.00..8.00 rows=100 width=8) (actual time=0.0..79.5 rows=100 loops=1)
Execution Time: 81.0 ms)text",
    .good =
        R"text(Sort  (cost=1000.00..1008.00 rows=100 width=8) (actual time=80.0..80.1 rows=100 loops=1)
  Sort Key: a
  Sort Method: quicksort  Memory: 25kB
  ->  Seq Scan on t  (cost=0.00..900.00 rows=100 width=8) (actual time=0.0..79.5 rows=100 loops=1)
Execution Time: 81.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!plan.timed || node.share < pass.option(kInfo, "time_share_min") || node.exclusive_ms < 10)
    return;
  const double whole = plan.nodes.front().total_cost;
  if (whole <= 0 || node.own_cost > pass.option(kInfo, "cost_share_max") * whole) return;
  // A wrong number of rows explains it, and has a finding of its own.
  if (MisestimateOf(node) >= 10) return;
  for (int child : node.children) {
    if (MisestimateOf(plan.At(child)) >= 10) return;
  }
  // What foreign keys and triggers do is not priced.
  if (node.type == "ModifyTable" || node.type == "LockRows") return;
  ReportNode(kInfo, plan, node, 0, pass,
             absl::StrFormat("%s takes %.0f %% of the time and had %.1f %% of the cost",
                             NodeName(node), 100 * node.share, 100 * node.own_cost / whole))
      .Primary("the planner believed that it is cheap")
      .Measure("own_cost", node.own_cost, "1")
      .Help("ALTER FUNCTION … COST for slow functions; random_page_cost; or it waited for a lock");
}

}  // namespace

extern constinit const Rule kCostTimeDivergence = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::cost_time_divergence
