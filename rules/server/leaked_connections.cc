// SRV025 leaked-connections: sessions that are opened, used once and forgotten.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::leaked_connections {
namespace {

constexpr RuleOption kOptions[] = {
    {"sessions_min", 10, "Forgotten sessions of an application from which on it is reported"},
    {"silent_share_min", 0.6, "Sessions that are silent at the end, of those left open"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV025",
    .name = "leaked-connections",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {8, 4},
    .summary = "an application opens sessions and does not close them: their number only grows",
    .why = R"md(
A connection that is not given back, in an error path or by a worker that was started anew, stays open and idle. Their number
grows until `max_connections` is reached and everyone is turned away.
)md",
    .instead = R"md(
Close connections where they were opened (`with`, `defer`, `try … finally`), bound the pool and let it log what is out for long.
`idle_session_timeout` (14 and later) is a net.
)md",
    .bad = "[x12] 2024-05-01 10:00:00.{n} UTC [1{n}] LOG:  connection authorized: user=app "
           "database=shop application_name=importer\n"
           "2024-05-01 11:00:00.001 UTC [1] LOG:  checkpoint starting: time\n",
    .good =
        "2024-05-01 10:00:00.001 UTC [1] LOG:  connection authorized: user=app database=shop "
        "application_name=web\n"
        "2024-05-01 10:10:00.001 UTC [1] LOG:  disconnection: session time: 0:10:00.000 user=app "
        "database=shop host=10.0.0.1 port=5000\n",
    .options = kOptions,
});

// Openings spread over the log: a pool that is filled once at its start is none.
bool Grows(const SessionGroup& group) {
  size_t opening = 0;
  for (const TimeBucket& bucket : group.opens.buckets()) opening += bucket.count > 0;
  return opening >= 3;
}

void CheckLog(EvidencePass& pass) {
  const Workload* workload = pass.evidence().workload;
  if (workload == nullptr) return;
  const WorkloadTotals& totals = workload->totals();
  const EventStats* events = EventsOf(pass, Event::kConnectionAuthorized);
  for (const auto& [name, group] : totals.groups) {
    if (events == nullptr ||
        static_cast<double>(group.left_silent) < pass.option(kInfo, "sessions_min")) {
      continue;
    }
    const auto left = static_cast<double>(group.left_open);
    if (static_cast<double>(group.left_silent) < pass.option(kInfo, "silent_share_min") * left) {
      continue;
    }
    // Most of a pool's sessions work now and then; of a leak's, each ran little and stays.
    const double each = static_cast<double>(group.left_statements) / left;
    if (!Grows(group) && each >= 3) continue;
    if (group.closed > group.left_open) continue;
    const double oldest_ms = static_cast<double>(totals.last_us - group.oldest_open_us) / 1000;
    Finding& finding = ReportEvents(
        kInfo, *events, pass,
        absl::StrFormat("`%s` opened %s sessions and closed %s; %s are open and silent",
                        name.empty() ? "(unknown)" : name, Grouped(group.opened),
                        Grouped(group.closed), Grouped(group.left_silent)));
    finding.Measure("left_open", left, "1");
    finding.Measure("left_silent", static_cast<double>(group.left_silent), "1");
    finding.Note(absl::StrFormat("%.1f statements each, on average; the oldest is open for %s",
                                 each, HumanMs(oldest_ms)));
    finding.Help("close connections in every path, and bound the pool");
  }
}

}  // namespace

extern constinit const Rule kLeakedConnections = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::leaked_connections
