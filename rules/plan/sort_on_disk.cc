// PLN002 sort-on-disk: a sort that did not fit into work_mem.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/plan/plan_rule.h"

namespace pgsift {
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
Rows take more room in memory than in the file, about two to three times.
)md",
    .instead = R"md(
Best is not to sort: an index in the order asked for, or fewer and narrower rows. Otherwise give this
query more memory, `SET LOCAL work_mem = …` in its transaction or `ALTER ROLE … SET work_mem`; the
finding says how much. Every sort and hash of every session may use that much at once, so do not
raise it for all by the sum.
)md",
    .bad =
        R"json([{"Plan": {"Node Type": "Sort", "Startup Cost": 0.0, "Total Cost": 4000.0, "Plan Rows": 300000, "Plan Width": 8, "Actual Startup Time": 100.0, "Actual Total Time": 120.0, "Actual Rows": 300000, "Actual Loops": 1, "Sort Key": ["a"], "Sort Method": "external merge", "Sort Space Used": 5304, "Sort Space Type": "Disk"}, "Planning Time": 0.1, "Execution Time": 127.1}])json",
    .good =
        R"json([{"Plan": {"Node Type": "Sort", "Startup Cost": 0.0, "Total Cost": 4000.0, "Plan Rows": 3, "Plan Width": 8, "Actual Startup Time": 0.1, "Actual Total Time": 0.2, "Actual Rows": 3, "Actual Loops": 1, "Sort Key": ["a"], "Sort Method": "quicksort", "Sort Space Used": 25, "Sort Space Type": "Memory"}, "Planning Time": 0.1, "Execution Time": 0.3}])json",
});

// In memory a row takes about this much more than in the sort's file. Measured with narrow rows,
// for which it is greatest.
constexpr double kMemoryFactor = 3;

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  for (const PlanNode& node : plan.nodes) {
    if (node.sort_space_type != "Disk" || node.sort_space_kb <= 0) continue;
    const double megabytes = std::ceil(node.sort_space_kb * kMemoryFactor / 1024);
    std::string keys;
    for (const std::string& key : node.sort_keys) {
      if (!keys.empty()) keys += ", ";
      keys += key;
    }
    Finding& finding =
        ReportNode(kInfo, plan, node, node.exclusive_ms / 2, pass,
                   absl::StrFormat("sort by %s spilled %s to disk", keys.empty() ? "its key" : keys,
                                   HumanBytes(node.sort_space_kb * 1024)));
    finding.Primary(node.sort_method)
        .Measure("sort_space_bytes", node.sort_space_kb * 1024, "bytes")
        .Help(absl::StrFormat("SET LOCAL work_mem = '%.0fMB' for this query keeps it in memory",
                              megabytes))
        .Help("an index in the order of the sort keys avoids the sort");
    if (megabytes > 1024)
      finding.Note("that much memory for one sort is rarely wise: sort fewer rows");
  }
}

}  // namespace

extern constinit const Rule kSortOnDisk = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift
