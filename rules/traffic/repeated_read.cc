// SRV031 repeated-read: the same read, with the same values, again and again.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::repeated_read {
namespace {

constexpr RuleOption kOptions[] = {
    {"calls_min", 20, "Calls in such runs from which on a query is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV031",
    .name = "repeated-read",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 4},
    .summary = "one session runs a read several times in a row with the same values",
    .why = R"md(
Within a moment the answer is the same. The application asks in a loop, or in many places of one request, for what it
already has: the user's row, a setting, a permission.
)md",
    .instead = R"md(
Fetch it once for each request and pass it on, or keep it in the application's cache for as long as it may be old.
)md",
    .bad = "2024-05-01 10:00:00.900 UTC [1] LOG:  duration: 0.5 ms  statement: SELECT * FROM "
           "orders WHERE day = 1\n"
           "[x20] 2024-05-01 10:00:01.{n} UTC [1] LOG:  duration: 0.2 ms  statement: SELECT v FROM "
           "settings WHERE name = 'tax'\n",
    .good = "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.5 ms  statement: SELECT v FROM "
            "settings WHERE name = 'tax'\n",
    .options = kOptions,
});

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  const WorkloadTotals& totals = pass.evidence().workload->totals();
  const auto counts = [](const RunStats& runs) { return runs.same_text_groups > 0; };
  for (const auto& [id, stats] : RunsByShape(totals, counts)) {
    if (static_cast<double>(stats.same_text_calls) < pass.option(kInfo, "calls_min")) continue;
    const QueryStats* query = QueryById(totals, id);
    if (query == nullptr || !IsRead(*query) || IsHousekeeping(*query)) continue;
    const std::string lower = Lower(query->query);
    if (lower.find("for update") != std::string::npos ||
        lower.find("nextval") != std::string::npos) {
      continue;
    }
    const double each =
        static_cast<double>(stats.same_text_calls) / static_cast<double>(stats.same_text_groups);
    Finding& finding = ReportTraffic(
        kInfo, pass, stats.place, *query,
        absl::StrFormat("the same read with the same values ran %.0f times in a row, %s", each,
                        stats.same_text_groups == 1 ? std::string("once")
                                                    : Grouped(stats.same_text_groups) + " times"));
    finding.cost_ms = static_cast<double>(stats.busy_us) / 1000 *
                      static_cast<double>(stats.same_text_calls - stats.same_text_groups) /
                      static_cast<double>(stats.calls);
    finding.Measure("calls", static_cast<double>(stats.same_text_calls), "1");
    finding.Help("fetch it once and pass it on, or cache it");
  }
}

}  // namespace

extern constinit const Rule kRepeatedRead = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::repeated_read
