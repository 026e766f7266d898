// SRV032 row-updated-repeatedly: one row is updated again and again in a row.

#include <map>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::row_updated_repeatedly {
namespace {

constexpr RuleOption kOptions[] = {
    {"calls_min", 20, "Calls in such runs from which on a statement is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV032",
    .name = "row-updated-repeatedly",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 4},
    .summary = "one session updates the same row several times in a row",
    .why = R"md(
Each update writes a new version of the row, its WAL, and often its index entries; the versions between are dead at once.
A counter or a progress that is written at every step makes a table grow, and makes others wait for the row.
)md",
    .instead = R"md(
Collect the changes and write the last state once, at the end or every few seconds.
)md",
    .bad = "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.5 ms  statement: SELECT * FROM "
           "orders WHERE day = 1\n"
           "[x20] 2024-05-01 10:00:01.{n} UTC [1] LOG:  duration: 0.2 ms  statement: UPDATE jobs "
           "SET done = {n} WHERE id = 7\n",
    .good =
        "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.5 ms  statement: UPDATE jobs SET done "
        "= 20 WHERE id = 7\n",
    .options = kOptions,
});

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  const WorkloadTotals& totals = pass.evidence().workload->totals();
  const auto counts = [](const RunStats& runs) { return runs.same_row_groups > 0; };
  for (const auto& [id, stats] : RunsByShape(totals, counts)) {
    if (static_cast<double>(stats.same_row_calls) < pass.option(kInfo, "calls_min")) continue;
    const QueryStats* query = QueryById(totals, id);
    if (query == nullptr || !IsCommand(*query, "update")) continue;
    const double each =
        static_cast<double>(stats.same_row_calls) / static_cast<double>(stats.same_row_groups);
    Finding& finding =
        ReportTraffic(kInfo, pass, stats.place, *query,
                      absl::StrFormat("the same row was updated %.0f times in a row", each));
    finding.cost_ms = static_cast<double>(stats.busy_us) / 1000;
    finding.Measure("calls", static_cast<double>(stats.same_row_calls), "1");
    finding.Help("collect the changes and write the last state once");
  }
}

}  // namespace

extern constinit const Rule kRowUpdatedRepeatedly = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::row_updated_repeatedly
