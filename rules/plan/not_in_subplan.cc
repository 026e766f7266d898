// PLN032 not-in-subplan: NOT IN (SELECT …) keeps the planner from joining.

#include "rules/plan/plan_rule.h"

namespace pgsift::not_in_subplan {
namespace {

constexpr RuleOption kOptions[] = {
    {"loops_min", 1000,
     "executions of a sub-query that is not hashed, from which on it is an error"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN032",
    .name = "not-in-subplan",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "NOT IN (SELECT …) keeps the planner from joining",
    .why = R"md(
NULL makes `NOT IN` unlike an anti-join, so PostgreSQL runs the sub-query by itself: hashed while it fits
into `work_mem`, else once for each row. Fires for filters with `NOT (hashed SubPlan …)` or `<> ALL (SubPlan …)`;
an error for a plain SubPlan that ran `loops_min` times.
)md",
    .instead = R"md(
`NOT EXISTS (SELECT 1 FROM … WHERE …)`, which is planned as an anti-join and treats NULL as expected.
)md",
    .bad =
        R"text(Seq Scan on orders  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..80.5 rows=100 loops=1)
  Filter: (NOT (hashed SubPlan 1))
  Rows Removed by Filter: 900
  SubPlan 1
    ->  Seq Scan on items  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..9.5 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Hash Anti Join  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..80.5 rows=100 loops=1)
  Hash Cond: (orders.id = items.order_id)
  ->  Seq Scan on orders  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..9.5 rows=1000 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..9.5 rows=1000 loops=1)
        ->  Seq Scan on items  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..9.5 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

// "NOT (hashed SubPlan 1)", "(NOT (ANY (id = (hashed SubPlan 1).col1)))", "<> ALL (… SubPlan".
bool IsNotIn(const std::string& text) {
  for (const char* mark : {"NOT (hashed SubPlan", "NOT (SubPlan", "NOT (ANY (", "<> ALL ("}) {
    const size_t at = text.find(mark);
    if (at == std::string::npos) continue;
    const size_t subplan = text.find("SubPlan", at);
    // Within the same parentheses: no AND or OR between.
    if (subplan == std::string::npos) continue;
    const std::string_view between = std::string_view(text).substr(at, subplan - at);
    if (between.find(" AND ") == between.npos && between.find(" OR ") == between.npos) return true;
  }
  return false;
}

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  const std::string* text = nullptr;
  for (const std::string* each : {&node.filter, &node.join_filter, &node.one_time_filter}) {
    if (IsNotIn(*each)) text = each;
  }
  if (text == nullptr || node.never_executed) return;
  // EXISTS is shown as a SubPlan too; it gives no column to compare with.
  const PlanNode* subplan = nullptr;
  for (int id : node.children) {
    if (plan.At(id).IsSubPlan()) subplan = &plan.At(id);
  }
  const bool hashed = text->find("hashed SubPlan") != std::string::npos;
  const bool any =
      text->find("ANY (") != std::string::npos || text->find("ALL (") != std::string::npos;
  if (!hashed && !any && !plan.Setting("enable_hashagg").empty()) return;
  const double loops = subplan == nullptr ? 0 : subplan->loops;
  if (!hashed && !any && node.analyzed && loops < pass.option(kInfo, "loops_min")) return;
  Finding& finding =
      ReportNode(kInfo, plan, node, subplan == nullptr ? 0 : 0.8 * subplan->inclusive_ms, pass,
                 "NOT IN with a sub-query is checked row by row on " + NodeName(node));
  if (!hashed && loops >= pass.option(kInfo, "loops_min")) finding.severity = Severity::kError;
  finding.Primary(OneLine(*text, 200))
      .Measure("subplan_loops", loops, "1")
      .Help("NOT EXISTS (SELECT 1 FROM … WHERE …) is planned as an anti-join");
}

}  // namespace

extern constinit const Rule kNotInSubplan = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::not_in_subplan
