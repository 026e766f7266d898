// PLN004 seq-scan-in-loop: a table is read whole again and again inside a loop.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::seq_scan_in_loop {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 100'000, "rows read over all loops, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN004",
    .name = "seq-scan-in-loop",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a table is read whole again and again inside a loop",
    .why = R"md(
The inner side of a nested loop, or a subplan, reads the whole table each time. The work is loops times
rows. The rule fires when a Seq Scan (or a Materialize over one) runs more than once in each process and
reads at least `rows_min` rows over all loops. Saving: nine tenths of its time.
)md",
    .instead = R"md(
Create the index that the finding prints, on the column that is compared with the outer side; or let
the planner hash: see whether the join condition is an equality of equal types.
)md",
    .bad =
        R"text(Nested Loop  (cost=0.00..90000.00 rows=10 width=8) (actual time=0.1..900.0 rows=10 loops=1)
  ->  Seq Scan on orders o  (cost=0.00..10.00 rows=100 width=8) (actual time=0.1..1.0 rows=100 loops=1)
  ->  Seq Scan on items i  (cost=0.00..400.00 rows=1 width=8) (actual time=0.1..8.9 rows=1 loops=100)
        Filter: (order_id = o.id)
        Rows Removed by Filter: 9999
Execution Time: 900.1 ms)text",
    .good =
        R"text(Seq Scan on items i  (cost=0.00..400.00 rows=10000 width=8) (actual time=0.1..8.9 rows=10000 loops=1)
Execution Time: 9.1 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Seq Scan" || !Ran(node) || node.loops <= node.processes) return;
  const PlanNode* above = plan.ParentOf(node);
  const PlanNode& repeated = above != nullptr && above->type == "Materialize" ? *above : node;
  const double per_loop = node.actual_rows + node.rows_removed_by_filter;
  if (node.loops * per_loop < pass.option(kInfo, "rows_min")) return;
  Finding& finding = ReportNode(kInfo, plan, node, 0.9 * node.exclusive_ms, pass,
                                absl::StrFormat("`%s` is read whole %s times, %s rows each",
                                                node.relation, Count(node.loops), Count(per_loop)));
  finding.Primary("no index finds the rows that the loop asks for")
      .Measure("loops", repeated.loops, "1")
      .Measure("rows_read", node.loops * per_loop, "rows");
  std::vector<PlanPredicate> predicates = PredicatesOf(node, node.filter);
  for (const PlanNode* at = above; at != nullptr; at = plan.ParentOf(*at)) {
    if (!IsJoin(*at)) continue;
    for (const std::string* condition : {&at->join_filter, &at->hash_cond, &at->merge_cond}) {
      for (PlanPredicate& predicate : PredicatesOf(node, *condition))
        predicates.push_back(std::move(predicate));
    }
    break;
  }
  const std::string sql = IndexFor(node, pass.catalog(), predicates);
  finding.Help(sql.empty() ? "an index on the column that is compared with the outer side" : sql);
}

}  // namespace

extern constinit const Rule kSeqScanInLoop = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::seq_scan_in_loop
