// SRV023 idle-connections: most sessions do nothing.

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::idle_connections {
namespace {

constexpr RuleOption kOptions[] = {
    {"sessions_min", 20, "Client sessions from which on it is reported"},
    {"idle_share_min", 0.7, "Idle sessions, of all"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV023",
    .name = "idle-connections",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {9, 2},
    .summary = "most client sessions are open and do nothing",
    .why = R"md(
Each session costs the server memory (some megabytes, more with large catalogs) and makes snapshots dearer; each takes a slot
of `max_connections` that another application may need. Idle sessions come from pools that are larger than the work.
)md",
    .instead = R"md(
Size the pools by the statements that run at once (`pgsift monitor` computes it from the log), let pools close what is idle for
long, or put pgbouncer in transaction mode in front. `idle_session_timeout` (14 and later) ends forgotten ones.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:10:00+00:00", "activity": [
{"pid": 1, "backend_type": "client backend", "state": "idle"},
{"pid": 11, "backend_type": "client backend", "state": "idle"},
{"pid": 21, "backend_type": "client backend", "state": "idle"},
{"pid": 31, "backend_type": "client backend", "state": "idle"},
{"pid": 41, "backend_type": "client backend", "state": "idle"},
{"pid": 51, "backend_type": "client backend", "state": "idle"},
{"pid": 61, "backend_type": "client backend", "state": "idle"},
{"pid": 71, "backend_type": "client backend", "state": "idle"},
{"pid": 81, "backend_type": "client backend", "state": "idle"},
{"pid": 91, "backend_type": "client backend", "state": "idle"},
{"pid": 101, "backend_type": "client backend", "state": "idle"},
{"pid": 111, "backend_type": "client backend", "state": "idle"},
{"pid": 121, "backend_type": "client backend", "state": "idle"},
{"pid": 131, "backend_type": "client backend", "state": "idle"},
{"pid": 141, "backend_type": "client backend", "state": "idle"},
{"pid": 151, "backend_type": "client backend", "state": "idle"},
{"pid": 161, "backend_type": "client backend", "state": "idle"},
{"pid": 171, "backend_type": "client backend", "state": "idle"},
{"pid": 181, "backend_type": "client backend", "state": "idle"},
{"pid": 191, "backend_type": "client backend", "state": "idle"}]})",
    .good =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:10:00+00:00", "activity": [{"pid": 7,
"backend_type": "client backend", "state": "idle", "application_name": "worker"}]})",
    .options = kOptions,
});

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  double clients = 0;
  double idle = 0;
  double oldest_ms = 0;
  std::map<std::string, uint64_t> by_application;
  for (const SessionState& session : snapshot->activity) {
    if (!IsClient(session)) continue;
    ++clients;
    if (session.state != "idle") continue;
    ++idle;
    ++by_application[session.application.empty() ? session.user : session.application];
    oldest_ms = std::max(oldest_ms, AgeMs(*snapshot, session.state_change_us));
  }
  if (clients < pass.option(kInfo, "sessions_min") ||
      idle < pass.option(kInfo, "idle_share_min") * clients) {
    return;
  }
  Finding& finding = ReportState(
      kInfo, pass, absl::StrFormat("%.0f of %.0f client sessions do nothing", idle, clients),
      "pg_stat_activity",
      absl::StrFormat("%.0f idle of %.0f sessions, max_connections %.0f", idle, clients,
                      snapshot->Setting("max_connections", 0)));
  finding.Measure("idle_share", idle / clients, "1");
  std::vector<std::pair<std::string, uint64_t>> most(by_application.begin(), by_application.end());
  std::stable_sort(most.begin(), most.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  for (size_t i = 0; i < most.size() && i < 5; ++i) {
    finding.Note(absl::StrFormat("%s: %d idle", most[i].first, most[i].second));
  }
  finding.Note("the longest has been idle for " + HumanMs(oldest_ms));
  finding.Help("size the pools by the work, or put a pooler in transaction mode in front");
}

}  // namespace

extern constinit const Rule kIdleConnections = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::idle_connections
