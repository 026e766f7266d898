// SRV025 leaked-connections: sessions that are opened, used once and forgotten.

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
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
grows until `max_connections` is reached and everyone is turned away. In the log, they are sessions that are left open and silent; in
pg_stat_activity, sessions of one application that worked in the first tenth of their life only, opened one after the other.
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

// Returns the applications that were reported.
std::set<std::string> CheckLog(EvidencePass& pass) {
  std::set<std::string> reported;
  const Workload* workload = pass.evidence().workload;
  if (workload == nullptr) return reported;
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
    reported.insert(name);
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
  return reported;
}

// The sessions of one application in pg_stat_activity.
struct Sessions {
  double all = 0;
  double forgotten = 0;
  int64_t oldest_us = 0;
  std::vector<int64_t> starts_us;  // Of the forgotten.
};

// Silent since a little after it began: a pool's session would have worked again.
bool Forgotten(const SessionState& session, int64_t now_us) {
  if (session.state != "idle" || session.backend_start_us == 0 || session.state_change_us == 0) {
    return false;
  }
  const int64_t age_us = now_us - session.backend_start_us;
  return age_us > 0 && session.state_change_us - session.backend_start_us <= age_us / 10;
}

// Most quarters of the time since the first began have begins: what is filled once is a pool.
bool Grows(const Sessions& sessions, int64_t now_us) {
  constexpr size_t kParts = 4;
  bool any[kParts] = {};
  const double whole = static_cast<double>(std::max<int64_t>(1, now_us - sessions.oldest_us));
  for (int64_t start_us : sessions.starts_us) {
    const double part = static_cast<double>(start_us - sessions.oldest_us) / whole * kParts;
    any[std::min(kParts - 1, static_cast<size_t>(std::max(0.0, part)))] = true;
  }
  return std::count(std::begin(any), std::end(any), true) >= 3;
}

void CheckState(const std::set<std::string>& reported, EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr || snapshot->taken_us == 0) return;
  std::map<std::string, Sessions> applications;
  for (const SessionState& session : snapshot->activity) {
    if (!IsClient(session)) continue;
    Sessions& sessions =
        applications[session.application.empty() ? session.user : session.application];
    ++sessions.all;
    if (!Forgotten(session, snapshot->taken_us)) continue;
    ++sessions.forgotten;
    sessions.starts_us.push_back(session.backend_start_us);
    if (sessions.oldest_us == 0 || session.backend_start_us < sessions.oldest_us) {
      sessions.oldest_us = session.backend_start_us;
    }
  }
  for (const auto& [name, sessions] : applications) {
    if (sessions.forgotten < pass.option(kInfo, "sessions_min") ||
        sessions.forgotten < pass.option(kInfo, "silent_share_min") * sessions.all ||
        !Grows(sessions, snapshot->taken_us) || reported.contains(name)) {
      continue;
    }
    const double oldest_ms = AgeMs(*snapshot, sessions.oldest_us);
    Finding& finding = ReportState(
        kInfo, pass,
        absl::StrFormat("`%s` has %.0f sessions that worked at their begin and are silent since",
                        name.empty() ? "(unknown)" : name, sessions.forgotten),
        "pg_stat_activity",
        absl::StrFormat("%.0f of its %.0f sessions, opened one after the other over %s",
                        sessions.forgotten, sessions.all, HumanMs(oldest_ms)));
    finding.Measure("left_silent", sessions.forgotten, "1");
    finding.Help("close connections in every path, and bound the pool");
  }
}

void CheckAll(EvidencePass& pass) { CheckState(CheckLog(pass), pass); }

}  // namespace

extern constinit const Rule kLeakedConnections = MakeEvidenceRule(kInfo, &CheckAll);

}  // namespace pgsift::leaked_connections
