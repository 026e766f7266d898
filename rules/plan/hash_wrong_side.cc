// PLN030 hash-wrong-side: the larger side of a join was hashed.

#include "rules/plan/plan_rule.h"

namespace pgsift::hash_wrong_side {
namespace {

constexpr RuleOption kOptions[] = {
    {"factor_min", 10, "times as many rows hashed as looked up, at least"},
    {"rows_min", 10'000, "rows hashed, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN030",
    .name = "hash-wrong-side",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "the larger side of a join was hashed",
    .why = R"md(
The hash table should be of the smaller side. Fires when the hashed side gives `factor_min` times as many
rows as the other, and at least `rows_min`: the estimates were the wrong way round.
)md",
    .instead = R"md(
`ANALYZE`; extended statistics for conditions on several columns; see the findings about estimates.
)md",
    .bad =
        R"text(Hash Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=100 loops=1)
  Hash Cond: (i.order_id = o.id)
  ->  Seq Scan on items i  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..0.5 rows=100 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=1000 width=8) (actual time=30.0..30.0 rows=100000 loops=1)
        Buckets: 65536  Batches: 1  Memory Usage: 3585kB
        ->  Seq Scan on orders o  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Hash Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=100 loops=1)
  Hash Cond: (i.order_id = o.id)
  ->  Seq Scan on items i  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=1000 width=8) (actual time=30.0..30.0 rows=100 loops=1)
        Buckets: 65536  Batches: 1  Memory Usage: 35kB
        ->  Seq Scan on orders o  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=100 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Hash Join" || !Ran(node) || node.join_type != "Inner") return;
  const PlanNode* probe = plan.ChildOf(node, 0);
  const PlanNode* hash = plan.ChildOf(node, 1);
  if (probe == nullptr || hash == nullptr || !Ran(*hash) || !Ran(*probe)) return;
  if (hash->actual_rows < pass.option(kInfo, "rows_min")) return;
  if (hash->actual_rows <
      pass.option(kInfo, "factor_min") * std::max(1.0, probe->TotalRows() / hash->Loops()))
    return;
  // It was meant to be so: the planner knew the sizes.
  if (hash->plan_rows > probe->plan_rows) return;
  // A LIMIT above stops the probing side, not the hashing.
  if (Above(plan, node, "Limit") != nullptr) return;
  ReportNode(kInfo, plan, node, hash->exclusive_ms, pass,
             absl::StrFormat("%s rows were hashed to look up %s", Count(hash->actual_rows),
                             Count(probe->TotalRows())))
      .Primary(absl::StrFormat("expected were %s and %s", Count(hash->plan_rows),
                               Count(probe->plan_rows)))
      .Measure("rows_hashed", hash->actual_rows, "rows")
      .Measure("rows_probed", probe->TotalRows(), "rows")
      .Help("ANALYZE the tables of both sides");
}

}  // namespace

extern constinit const Rule kHashWrongSide = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::hash_wrong_side
