// PLN029 hash-skew: a hash table was split again and again: one key has most rows.

#include "rules/plan/plan_rule.h"

namespace pgsift::hash_skew {
namespace {

constexpr RuleOption kOptions[] = {
    {"factor_min", 8, "times as many batches as planned, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN029",
    .name = "hash-skew",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a hash table was split again and again: one key has most rows",
    .why = R"md(
Batches are split when they do not fit. Rows of one key cannot be split, so it goes on in vain. Fires when
there are `factor_min` times as many batches as planned.
)md",
    .instead = R"md(
Treat that value apart: often it is NULL (`WHERE key IS NOT NULL` before joining) or a default.
)md",
    .bad =
        R"text(Hash Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=100 loops=1)
  Hash Cond: (i.order_id = o.id)
  ->  Seq Scan on items i  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=10000 width=8) (actual time=30.0..30.0 rows=100000 loops=1)
        Buckets: 65536 (originally 65536)  Batches: 64 (originally 1)  Memory Usage: 13585kB
        ->  Seq Scan on orders o  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Hash Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=100 loops=1)
  Hash Cond: (i.order_id = o.id)
  ->  Seq Scan on items i  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=10000 width=8) (actual time=30.0..30.0 rows=100000 loops=1)
        Buckets: 65536 (originally 65536)  Batches: 64 (originally 32)  Memory Usage: 3585kB
        ->  Seq Scan on orders o  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.original_hash_batches <= 0 || !Ran(node)) return;
  if (node.hash_batches < pass.option(kInfo, "factor_min") * node.original_hash_batches) return;
  const PlanNode* join = plan.ParentOf(node);
  const double kb = WorkMemKbFor(node);
  ReportNode(kInfo, plan, node, join == nullptr ? 0 : join->exclusive_ms / 2, pass,
             absl::StrFormat("hash was split from %s into %s batches while it ran",
                             Count(node.original_hash_batches), Count(node.hash_batches)))
      .Primary(absl::StrFormat("%s rows where %s were expected, or one key with most of them",
                               Count(node.actual_rows), Count(node.plan_rows)))
      .Measure("hash_batches", node.hash_batches, "1")
      .Measure("original_hash_batches", node.original_hash_batches, "1")
      .Help("treat the most common value apart (often NULL: … IS NOT NULL before the join)")
      .Help(SetWorkMem(kb) + " if no single value is to blame");
}

}  // namespace

extern constinit const Rule kHashSkew = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::hash_skew
