// PLN001 selective-seq-scan: a sequential scan that throws away nearly all it reads.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/plan/plan_rule.h"

namespace pgsift {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "rows that the scan reads, all loops, from which on it is reported"},
    {"kept_share_max", 0.05, "share of the rows read that the filter lets through, at most"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN001",
    .name = "selective-seq-scan",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a sequential scan reads many rows and its filter throws nearly all away",
    .why = R"md(
The scan reads every row of the table, and nearly none of them pass the filter. With an index on the
filter's columns PostgreSQL would read the few that do. The rule fires when rows read over all loops
(kept + removed) reach `rows_min` and at most `kept_share_max` of them are kept.
)md",
    .instead = R"md(
Create an index on the filter's columns (the missing-index finding names one where the schema is
known), or find out why an existing one is not used: a cast or function around the column, a type that
differs from the parameter's, stale statistics.
)md",
    .bad =
        R"json([{"Plan": {"Node Type": "Seq Scan", "Relation Name": "items", "Alias": "items", "Startup Cost": 0.0, "Total Cost": 4000.0, "Plan Rows": 12, "Plan Width": 8, "Actual Startup Time": 0.1, "Actual Total Time": 27.0, "Actual Rows": 11, "Actual Loops": 1, "Filter": "(product_id = 7)", "Rows Removed by Filter": 299989}, "Planning Time": 0.1, "Execution Time": 27.1}])json",
    .good =
        R"json([{"Plan": {"Node Type": "Seq Scan", "Relation Name": "items", "Alias": "items", "Startup Cost": 0.0, "Total Cost": 4000.0, "Plan Rows": 12, "Plan Width": 8, "Actual Startup Time": 0.1, "Actual Total Time": 27.0, "Actual Rows": 150000, "Actual Loops": 1, "Filter": "(quantity > 1)", "Rows Removed by Filter": 150000}, "Planning Time": 0.1, "Execution Time": 27.1}])json",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  const double rows_min = pass.option(kInfo, "rows_min");
  const double kept_share_max = pass.option(kInfo, "kept_share_max");
  for (const PlanNode& node : plan.nodes) {
    if (node.type != "Seq Scan" || !node.analyzed || node.filter.empty()) continue;
    const double kept = node.actual_rows * node.loops;
    const double removed = node.rows_removed_by_filter * node.loops;
    const double read = kept + removed;
    if (read < rows_min || kept > kept_share_max * read) continue;
    const double saving = node.exclusive_ms * (1 - kept / read);
    ReportNode(
        kInfo, plan, node, saving, pass,
        absl::StrFormat("sequential scan of `%s` keeps %s of %s rows", node.relation,
                        Grouped(static_cast<uint64_t>(kept)), Grouped(static_cast<uint64_t>(read))))
        .Primary(
            absl::StrFormat("the filter %s throws %.1f %% away", node.filter, 100 * removed / read))
        .Measure("rows_removed", removed, "rows")
        .Measure("rows", kept, "rows")
        .Help("an index on the columns of the filter would read only the rows that are kept");
  }
}

}  // namespace

extern constinit const Rule kSelectiveSeqScan = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift
