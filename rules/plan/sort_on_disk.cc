// PLN002 sort-on-disk: a sort spilled to temporary files.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::sort_on_disk {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN002",
    .name = "sort-on-disk",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 4},
    .summary = "a sort spilled to temporary files",
    .why = R"md(
What is sorted did not fit into `work_mem`, so PostgreSQL sorted it in pieces on disk and merged them.
Rows take more room in memory than in the file, about two to three times. Fires for a sort, a worker's sort or
the groups of an incremental sort that used disk. Saving: half of its time.
)md",
    .instead = R"md(
Best is not to sort: an index in the order asked for, or fewer and narrower rows. Otherwise give this
query more memory, `SET LOCAL work_mem = …` in its transaction or `ALTER ROLE … SET work_mem`; the
finding says how much. Every sort and hash of every session, and every parallel process, may use that much
at once, so do not raise it for all by the sum.
)md",
    .bad =
        R"text(Sort  (cost=0.00..4000.00 rows=300000 width=8) (actual time=100.0..120.0 rows=300000 loops=1)
  Sort Key: a
  Sort Method: external merge  Disk: 5304kB
Execution Time: 127.1 ms)text",
    .good =
        R"text(Sort  (cost=0.00..4000.00 rows=3 width=8) (actual time=0.1..0.2 rows=3 loops=1)
  Sort Key: a
  Sort Method: quicksort  Memory: 25kB
Execution Time: 0.3 ms)text",
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  const double groups_kb =
      std::max(node.full_sort_groups.peak_disk_kb, node.presorted_groups.peak_disk_kb);
  const double disk_kb = node.sort_space_type == "Disk" ? node.sort_space_kb : groups_kb;
  if (disk_kb <= 0) return;
  const double kb = WorkMemKbFor(node);
  Finding& finding =
      ReportNode(kInfo, plan, node, node.exclusive_ms / 2, pass,
                 absl::StrFormat("sort by %s spilled %s to disk",
                                 node.sort_keys.empty() ? "its key" : Joined(node.sort_keys),
                                 HumanBytes(disk_kb * 1024)));
  finding.Primary(node.sort_method.empty() ? "groups of an incremental sort" : node.sort_method)
      .Measure("sort_space_bytes", disk_kb * 1024, "bytes")
      .Measure("work_mem_bytes", kb * 1024, "bytes")
      .Help(SetWorkMem(kb) + " for this query keeps it in memory" +
            (node.processes > 1 ? ", in each of its processes" : ""));
  const PlanNode* scan = plan.ChildOf(node);
  std::string sql;
  if (scan != nullptr && !scan->relation.empty() && IsScan(*scan)) {
    std::vector<std::string> order;
    for (const std::string& key : node.sort_keys) order.push_back(IndexKeyOfSortKey(*scan, key));
    const bool plain = std::find(order.begin(), order.end(), "") == order.end();
    if (plain) sql = IndexFor(*scan, pass.catalog(), ScanPredicates(plan, *scan), order);
  }
  finding.Help(sql.empty() ? "an index in the order of the sort keys avoids the sort"
                           : sql + " avoids the sort");
  if (kb > 1024 * 1024)
    finding.Note("that much memory for one sort is rarely wise: sort fewer rows");
}

}  // namespace

extern constinit const Rule kSortOnDisk = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::sort_on_disk
