// PLN028 hash-batches: a hash table did not fit into memory and was split into batches.

#include "rules/plan/plan_rule.h"

namespace pgsift::hash_batches {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN028",
    .name = "hash-batches",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a hash table did not fit into memory and was split into batches",
    .why = R"md(
What does not fit into `work_mem` x `hash_mem_multiplier` is written to temporary files and read again,
of both sides of the join. Fires with more than one batch; a warning when batches were added while it ran or
files were written. Saving: a third of the join.
)md",
    .instead = R"md(
`work_mem` for this query as the finding says (the hash may take `hash_mem_multiplier` times as much, 2
from PostgreSQL 15 on); fewer or narrower rows on the hashed side.
)md",
    .bad =
        R"text(Hash Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=100 loops=1)
  Hash Cond: (i.order_id = o.id)
  ->  Seq Scan on items i  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=10000 width=8) (actual time=30.0..30.0 rows=100000 loops=1)
        Buckets: 65536 (originally 65536)  Batches: 8 (originally 4)  Memory Usage: 3585kB
        ->  Seq Scan on orders o  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Hash Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=100 loops=1)
  Hash Cond: (i.order_id = o.id)
  ->  Seq Scan on items i  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=10000 width=8) (actual time=30.0..30.0 rows=10000 loops=1)
        Buckets: 65536  Batches: 1  Memory Usage: 585kB
        ->  Seq Scan on orders o  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=1)
Execution Time: 91.0 ms)text",
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.hash_batches <= 1 || !Ran(node)) return;
  // One key that fills them all is another matter: hash-skew.
  if (node.original_hash_batches > 0 && node.hash_batches >= 8 * node.original_hash_batches) return;
  const PlanNode* join = plan.ParentOf(node);
  const double join_ms = join == nullptr ? 0 : join->exclusive_ms + node.exclusive_ms;
  Finding& finding = ReportNode(kInfo, plan, node, join_ms / 3, pass,
                                absl::StrFormat("hash of %s rows was split into %s batches on disk",
                                                Count(node.TotalRows()), Count(node.hash_batches)));
  const double written = node.own.temp_written + (join == nullptr ? 0 : join->own.temp_written);
  const double kb = WorkMemKbFor(node);
  finding.Primary(absl::StrFormat("%s in memory at a time", HumanBytes(node.peak_memory_kb * 1024)))
      .Measure("hash_batches", node.hash_batches, "1")
      .Measure("work_mem_bytes", kb * 1024, "bytes")
      .Measure("temp_written_bytes", written * 8192, "bytes")
      .Help(SetWorkMem(kb) + " for this query keeps it in one batch");
}

}  // namespace

extern constinit const Rule kHashBatches = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::hash_batches
