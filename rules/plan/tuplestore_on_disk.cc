// PLN040 tuplestore-on-disk: intermediate rows were kept on disk.

#include "rules/plan/plan_rule.h"

namespace pgsift::tuplestore_on_disk {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN040",
    .name = "tuplestore-on-disk",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "intermediate rows were kept on disk",
    .why = R"md(
Materialize, WindowAgg, CTE Scan and their like keep rows that are read again. What does not fit into
`work_mem` goes to temporary files. Fires where PostgreSQL 18 says so, and before it where such a node writes
temporary blocks.
)md",
    .instead = R"md(
More `work_mem` for this query, or fewer and narrower rows.
)md",
    .bad =
        R"text(WindowAgg  (cost=0.00..8.00 rows=100000 width=8) (actual time=8.0..90.0 rows=100000 loops=1)
  Storage: Disk  Maximum Storage: 9000kB
  ->  Seq Scan on t  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..10.5 rows=100000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(WindowAgg  (cost=0.00..8.00 rows=1000 width=8) (actual time=8.0..90.0 rows=1000 loops=1)
  Storage: Memory  Maximum Storage: 17kB
  ->  Seq Scan on t  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..10.5 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  const bool keeps = node.type == "Materialize" || node.type == "WindowAgg" ||
                     node.type == "CTE Scan" || node.type == "Recursive Union" ||
                     node.type == "Function Scan" || node.type == "Table Function Scan";
  if (!keeps || !Ran(node)) return;
  const bool disk = node.storage == "Disk";
  if (!disk && node.own.temp_written <= 0) return;
  const double kb = disk ? node.storage_kb : node.own.temp_written * 8;
  ReportNode(kInfo, plan, node, node.exclusive_ms / 3, pass,
             absl::StrFormat("%s kept %s of rows on disk", NodeName(node), HumanBytes(kb * 1024)))
      .Primary("more than work_mem")
      .Measure("disk_bytes", kb * 1024, "bytes")
      .Help(SetWorkMem(kb * 1.2) + " for this query keeps it in memory");
}

}  // namespace

extern constinit const Rule kTuplestoreOnDisk = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::tuplestore_on_disk
