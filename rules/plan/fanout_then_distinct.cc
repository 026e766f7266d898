// PLN038 fanout-then-distinct: a join multiplies rows and DISTINCT throws the copies away.

#include "rules/plan/plan_rule.h"

namespace pgsift::fanout_then_distinct {
namespace {

constexpr RuleOption kOptions[] = {
    {"factor_min", 5, "times as many rows in as out, at least"},
    {"rows_min", 10'000, "rows in, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN038",
    .name = "fanout-then-distinct",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a join multiplies rows and DISTINCT throws the copies away",
    .why = R"md(
A join that is only there to test whether a partner exists gives one row for each partner; duplicates are
then removed. Fires when a Unique or a HashAggregate without aggregates right above a join keeps at most one
row in `factor_min` of at least `rows_min`. Saving: the share of the copies.
)md",
    .instead = R"md(
`WHERE EXISTS (SELECT 1 FROM … )` instead of the join: it stops at the first partner.
)md",
    .bad =
        R"text(HashAggregate  (cost=0.00..8.00 rows=1000 width=8) (actual time=80.0..90.0 rows=1000 loops=1)
  Group Key: o.id
  ->  Hash Join  (cost=0.43..9000.00 rows=100000 width=8) (actual time=0.1..70.0 rows=100000 loops=1)
        Hash Cond: (i.order_id = o.id)
        ->  Seq Scan on items i  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
        ->  Hash  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
              ->  Seq Scan on orders o  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(HashAggregate  (cost=0.00..8.00 rows=100 width=8) (actual time=80.0..90.0 rows=1000 loops=1)
  Group Key: o.id
  ->  Hash Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..70.0 rows=1010 loops=1)
        Hash Cond: (i.order_id = o.id)
        ->  Seq Scan on items i  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
        ->  Hash  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
              ->  Seq Scan on orders o  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

// Without the output list an aggregate looks like DISTINCT: the query tells, where it is known.
bool IsDistinct(const Plan& plan, const PlanNode& node) {
  if (node.type == "Unique") return true;
  if (node.type != "Aggregate" || node.strategy == "Plain" || node.group_keys.empty()) return false;
  if (node.partial_mode != "Simple" && !node.partial_mode.empty()) return false;
  if (!node.output.empty()) {
    for (const std::string& output : node.output) {
      const bool key = std::any_of(
          node.group_keys.begin(), node.group_keys.end(),
          [&](const std::string& each) { return each == output || "(" + each + ")" == output; });
      if (!key) return false;
    }
    return true;
  }
  if (!plan.query.empty()) return Lower(plan.query).find("distinct") != std::string::npos;
  // An aggregate's result makes the rows wider than its input's keys.
  const PlanNode* below = plan.ChildOf(node);
  return below != nullptr && node.plan_width <= below->plan_width;
}

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!Ran(node) || !IsDistinct(plan, node)) return;
  const PlanNode* join = plan.ChildOf(node);
  while (join != nullptr && (join->type == "Sort" || join->type == "Incremental Sort"))
    join = plan.ChildOf(*join);
  if (join == nullptr || !IsJoin(*join) || !Ran(*join)) return;
  const double in = join->TotalRows();
  const double out = std::max(1.0, node.TotalRows());
  if (in < pass.option(kInfo, "rows_min") || in < pass.option(kInfo, "factor_min") * out) return;
  ReportNode(kInfo, plan, node, (node.exclusive_ms + join->exclusive_ms) * (1 - out / in), pass,
             absl::StrFormat("a join gives %s rows, DISTINCT keeps %s", Count(in), Count(out)))
      .Primary("by " + Joined(node.group_keys.empty() ? join->sort_keys : node.group_keys))
      .Measure("rows_in", in, "rows")
      .Measure("rows", out, "rows")
      .Help("WHERE EXISTS (SELECT 1 FROM …) instead of the join stops at the first partner");
}

}  // namespace

extern constinit const Rule kFanoutThenDistinct = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::fanout_then_distinct
