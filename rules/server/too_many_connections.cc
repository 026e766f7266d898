// SRV001 too-many-connections: clients that were turned away because no slot was free.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::too_many_connections {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "SRV001",
    .name = "too-many-connections",
    .category = Category::kOperations,
    .severity = Severity::kError,
    .since_pg = {8, 0},
    .summary = "clients were turned away: all connection slots were taken",
    .why = R"md(
`FATAL: sorry, too many clients already` means that an application asked for a connection and got
none: requests failed. The slots are often held by idle sessions of pools that are larger than the
work needs.
)md",
    .instead = R"md(
Put a pooler (pgbouncer in transaction mode) between the applications and the server, and size the
applications' pools by the work they do, not by the requests they get. Raise `max_connections` only
when sessions are really busy: each costs memory, and snapshots get slower with their number.
)md",
    .bad = "2024-05-01 10:00:00.000 UTC [101] FATAL:  sorry, too many clients already\n",
    .good =
        "2024-05-01 10:00:00.000 UTC [101] LOG:  connection received: host=10.0.0.1 port=5000\n",
});

void CheckLog(EvidencePass& pass) {
  const EventStats* events = EventsOf(pass, Event::kTooManyConnections);
  if (events == nullptr) return;
  Finding& finding = ReportEvents(kInfo, *events, pass,
                                  absl::StrFormat("%s turned away: all connection slots were taken",
                                                  Counted(events->count, "client")));
  const ConnectionStats& connections = pass.evidence().workload->totals().connections;
  if (connections.peak > 0) {
    finding.Note(absl::StrFormat("most sessions at once, by connections and disconnections: %d",
                                 connections.peak));
    finding.Measure("sessions_max", static_cast<double>(connections.peak), "1");
  } else {
    finding.Note(
        "log_connections and log_disconnections are off: the log cannot say who held the slots");
  }
  finding.Help("use a pooler, and size each application's pool by the statements it runs at once");
}

}  // namespace

extern constinit const Rule kTooManyConnections = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::too_many_connections
