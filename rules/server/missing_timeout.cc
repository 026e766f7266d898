// SRV022 missing-timeout: nothing ends sessions and statements that run away.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::missing_timeout {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "SRV022",
    .name = "missing-timeout",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {9, 6},
    .fix = FixSafety::kDisplay,
    .summary = "a timeout that bounds the damage of one session is not set",
    .why = R"md(
Without `idle_in_transaction_session_timeout` one forgotten transaction holds locks and dead rows until someone notices. Without
`lock_timeout` a statement that waits for a strong lock stops everyone behind it. Without
`statement_timeout` a query that a client has given up on goes on.
)md",
    .instead = R"md(
Set them for the roles of the applications (`ALTER ROLE … SET`), well above what the log shows to be usual; jobs and
migrations get their own values.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "settings":
{"idle_in_transaction_session_timeout": {"setting": "0", "unit": "ms", "source": "default"}}})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "settings":
{"idle_in_transaction_session_timeout": {"setting": "60000", "unit": "ms", "source":
"configuration file"}}})",
});

// A round value at least `times` what was seen, between bounds; in seconds.
double RoundedSeconds(double seen_ms, double times, double least, double most) {
  constexpr double kRound[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600};
  const double wanted = std::clamp(seen_ms * times / 1000, least, most);
  for (double seconds : kRound) {
    if (seconds >= wanted) return seconds;
  }
  return most;
}

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  const Workload* workload = pass.evidence().workload;
  double p999_ms = 0;
  double idle_ms = 0;
  double wait_ms = 0;
  if (workload != nullptr) {
    LatencySketch latency;
    for (const QueryStats& query : workload->totals().queries) latency.Merge(query.latency);
    if (latency.count() > 0) p999_ms = latency.Quantile(0.999) / 1000;
    idle_ms = static_cast<double>(workload->totals().transactions.idle_us) / 1000 /
              std::max(1.0, static_cast<double>(workload->totals().transactions.count));
    wait_ms = snapshot->Setting("deadlock_timeout", 1000);
  }
  const auto check = [&](const char* name, double seconds, const std::string& from) {
    const auto found = snapshot->settings.find(name);
    if (found == snapshot->settings.end() || found->second.value != "0") return;
    Finding& finding = ReportState(kInfo, pass, absl::StrFormat("`%s` is not set", name), name,
                                   absl::StrFormat("%s = 0", name));
    finding.Offer(RunOnServer(absl::StrFormat("ALTER SYSTEM SET %s = '%.0fs';", name, seconds)));
    if (!from.empty()) finding.Note(from);
    finding.Help("better set for the applications' roles: ALTER ROLE … SET " + std::string(name));
  };
  check("idle_in_transaction_session_timeout", RoundedSeconds(idle_ms, 100, 60, 600),
        idle_ms > 0 ? absl::StrFormat("transactions of the log are idle for %s on average",
                                      HumanMs(idle_ms))
                    : "");
  // Taken from the log: without one there is nothing to set them by.
  if (p999_ms <= 0) return;
  check("lock_timeout", RoundedSeconds(wait_ms, 5, 2, 30),
        "a few times deadlock_timeout: longer waits make queues");
  check("statement_timeout", RoundedSeconds(p999_ms, 10, 30, 3600),
        absl::StrFormat("999 of 1000 statements of the log take %s or less", HumanMs(p999_ms)));
}

}  // namespace

extern constinit const Rule kMissingTimeout = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::missing_timeout
