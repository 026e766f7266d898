// PLN039 hash-aggregate-spill: grouping by hash spilled to temporary files.

#include "rules/plan/plan_rule.h"

namespace pgsift::hash_aggregate_spill {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN039",
    .name = "hash-aggregate-spill",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {13, 0},
    .summary = "grouping by hash spilled to temporary files",
    .why = R"md(
The groups did not fit into `work_mem` x `hash_mem_multiplier`. Fires with more than one batch or any disk
use (13 and later). Saving: half of its time.
)md",
    .instead = R"md(
More memory for this query, as the finding says; extended statistics if the number of groups was
underestimated; an index in the order of the group keys lets it group without hashing.
)md",
    .bad =
        R"text(HashAggregate  (cost=0.00..8.00 rows=1000 width=8) (actual time=80.0..90.0 rows=100000 loops=1)
  Group Key: a
  Planned Partitions: 4  Batches: 5  Memory Usage: 4145kB  Disk Usage: 9000kB
  ->  Seq Scan on t  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..10.5 rows=100000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(HashAggregate  (cost=0.00..8.00 rows=1000 width=8) (actual time=80.0..90.0 rows=1000 loops=1)
  Group Key: a
  Batches: 1  Memory Usage: 145kB
  ->  Seq Scan on t  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..10.5 rows=100000 loops=1)
Execution Time: 91.0 ms)text",
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!Ran(node) ||
      (node.hashagg_batches <= 1 && !(node.Is("Aggregate") && node.disk_usage_kb > 0)))
    return;
  const double kb = WorkMemKbFor(node);
  ReportNode(kInfo, plan, node, node.exclusive_ms / 2, pass,
             absl::StrFormat("grouping by %s spilled %s to disk in %s batches",
                             node.group_keys.empty() ? "its keys" : Joined(node.group_keys),
                             HumanBytes(node.disk_usage_kb * 1024), Count(node.hashagg_batches)))
      .Primary(absl::StrFormat("%s groups, %s were expected", Count(node.actual_rows),
                               Count(node.plan_rows)))
      .Measure("disk_bytes", node.disk_usage_kb * 1024, "bytes")
      .Measure("work_mem_bytes", kb * 1024, "bytes")
      .Help(SetWorkMem(kb) + " for this query keeps it in memory");
}

}  // namespace

extern constinit const Rule kHashAggregateSpill = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::hash_aggregate_spill
