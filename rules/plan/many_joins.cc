// PLN080 many-joins: so many relations are joined that the planner does not try all orders.

#include "rules/plan/plan_rule.h"

namespace pgsift::many_joins {
namespace {

constexpr RuleOption kOptions[] = {
    {"relations_min", 9, "relations joined, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN080",
    .name = "many-joins",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "so many relations are joined that the planner does not try all orders",
    .why = R"md(
Up to `join_collapse_limit` (8) explicit joins are reordered; from `geqo_threshold` (12) on a random search
replaces the full one, and plans change from run to run. Fires at `relations_min` relations in one plan outside of
sub-queries and partitions.
)md",
    .instead = R"md(
Split the query; put the most selective tables first; raise `join_collapse_limit` and `geqo_threshold` if
planning time allows.
)md",
    .bad =
        R"text(Nested Loop  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
  ->  Nested Loop  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
        ->  Nested Loop  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
              ->  Nested Loop  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
                    ->  Nested Loop  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
                          ->  Nested Loop  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
                                ->  Nested Loop  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
                                      ->  Nested Loop  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
                                            ->  Nested Loop  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
                                                  ->  Seq Scan on t0  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
                                                  ->  Seq Scan on t1  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
                                            ->  Seq Scan on t2  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
                                      ->  Seq Scan on t3  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
                                ->  Seq Scan on t4  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
                          ->  Seq Scan on t5  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
                    ->  Seq Scan on t6  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
              ->  Seq Scan on t7  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
        ->  Seq Scan on t8  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
  ->  Seq Scan on t9  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
Execution Time: 6.1 ms)text",
    .good =
        R"text(Nested Loop  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
  ->  Seq Scan on a  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
  ->  Seq Scan on b  (cost=0.00..80.00 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
Execution Time: 6.1 ms)text",
    .options = kOptions,
});

// The relations of one join tree: of joins right below joins.
double RelationsOf(const Plan& plan, const PlanNode& node) {
  double count = 0;
  for (int id : node.children) {
    const PlanNode* child = &plan.At(id);
    if (child->IsInitPlan() || child->IsSubPlan()) continue;
    while (child != nullptr && !IsJoin(*child) && !IsScan(*child) && child->type != "Append")
      child = plan.ChildOf(*child);
    if (child == nullptr) continue;
    count += IsJoin(*child) ? RelationsOf(plan, *child) : 1;
  }
  return count;
}

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!IsJoin(node)) return;
  const PlanNode* above = plan.ParentOf(node);
  while (above != nullptr && !IsJoin(*above) && !IsScan(*above) && above->type != "Aggregate" &&
         above->type != "Append")
    above = plan.ParentOf(*above);
  if (above != nullptr && IsJoin(*above)) return;
  const double relations = RelationsOf(plan, node);
  if (relations < pass.option(kInfo, "relations_min")) return;
  ReportNode(kInfo, plan, node, 0, pass,
             absl::StrFormat("%s relations are joined in one query", Count(relations)))
      .Primary(relations >= 12 ? "the planner searches at random (geqo_threshold)"
                               : "explicit joins beyond join_collapse_limit keep their order")
      .Measure("relations", relations, "1")
      .Help(absl::StrFormat(
          "SET join_collapse_limit = %.0f, from_collapse_limit too, and geqo_threshold above it",
          relations + 1));
}

}  // namespace

extern constinit const Rule kManyJoins = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::many_joins
