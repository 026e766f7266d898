// PLN026 cartesian-product: a join without any condition: every row meets every row.

#include "rules/plan/plan_rule.h"

namespace pgsift::cartesian_product {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "rows of the product, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN026",
    .name = "cartesian-product",
    .category = Category::kCorrectness,
    .severity = Severity::kError,
    .since_pg = {9, 0},
    .summary = "a join without any condition: every row meets every row",
    .why = R"md(
No condition connects the two sides, so their product is formed. Fires for a nested loop without join
filter whose inner side asks for nothing of the outer, where both give more than one row and the product
has at least `rows_min`. A warning only where the join takes less than a twentieth of the plan's time, or
less than 50 ms.
)md",
    .instead = R"md(
Add the join condition that is missing. A product that is meant reads better as `CROSS JOIN`.
)md",
    .bad =
        R"text(Nested Loop  (cost=0.43..9000.00 rows=1000000 width=8) (actual time=0.1..90.0 rows=1000000 loops=1)
  ->  Seq Scan on orders o  (cost=0.00..50.00 rows=100 width=8) (actual time=0.1..9.0 rows=100 loops=1)
  ->  Materialize  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=100)
        ->  Seq Scan on items i  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Nested Loop  (cost=0.43..9000.00 rows=1000000 width=8) (actual time=0.1..90.0 rows=1000000 loops=1)
  ->  Seq Scan on orders o  (cost=0.00..50.00 rows=100 width=8) (actual time=0.1..9.0 rows=100 loops=1)
  ->  Index Scan using items_order on items i  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=100)
        Index Cond: (order_id = o.id)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

// Any of the conditions of the inner side asks for a column of the outer.
bool AsksForOuter(const Plan& plan, const PlanNode& outer, const PlanNode& inner) {
  std::vector<std::string> labels;
  ForSubtree(plan, outer, [&](const PlanNode& node) {
    for (const std::string* name : {&node.alias, &node.relation, &node.cte_name}) {
      if (!name->empty()) labels.push_back(*name + ".");
    }
  });
  return AnyBelow(plan, inner, [&](const PlanNode& node) {
    for (const std::string* text :
         {&node.filter, &node.index_cond, &node.recheck_cond, &node.function_call, &node.cache_key,
          &node.tid_cond, &node.join_filter, &node.order_by, &node.one_time_filter,
          &node.remote_sql}) {
      for (const std::string& label : labels) {
        if (text->find(label) != std::string::npos) return true;
      }
      // A parameter from outside of a kind that has no name.
      if (text->find("$") != std::string::npos) return true;
    }
    // What a function or subquery is given does not show without VERBOSE.
    return node.type == "Function Scan" || node.type == "Subquery Scan" || node.type == "Result" ||
           node.type == "Values Scan" || node.type == "ProjectSet" || node.type == "Foreign Scan" ||
           node.type == "Custom Scan" || node.type == "Table Function Scan";
  });
}

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Nested Loop" || !node.join_filter.empty() || node.join_type != "Inner") return;
  const PlanNode* outer = plan.ChildOf(node, 0);
  const PlanNode* inner = plan.ChildOf(node, 1);
  if (outer == nullptr || inner == nullptr) return;
  const bool ran = Ran(*outer) && Ran(*inner);
  if (node.analyzed && !ran) return;
  const double left = ran ? outer->actual_rows : outer->plan_rows;
  const double right = ran ? inner->actual_rows : inner->plan_rows;
  if (left < 2 || right < 2 || left * right < pass.option(kInfo, "rows_min")) return;
  if (AsksForOuter(plan, *outer, *inner)) return;
  Finding& finding = ReportNode(kInfo, plan, node, 0.9 * node.inclusive_ms, pass,
                                absl::StrFormat("%s rows x %s rows are joined without a condition",
                                                Count(left), Count(right)));
  // Wrong it may be all the same, but not what the plan spends its time on.
  const bool cheap = node.share < kGateShare || node.inclusive_ms < kGateMs;
  if (plan.timed && cheap) finding.severity = std::min(finding.severity, Severity::kWarning);
  finding.Primary(NodeName(*outer) + " x " + NodeName(*inner))
      .Measure("rows", left * right, "rows")
      .Help("add the condition that joins the two; a product that is meant is a CROSS JOIN");
}

}  // namespace

extern constinit const Rule kCartesianProduct = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::cartesian_product
