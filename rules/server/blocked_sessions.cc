// SRV020 blocked-sessions: who waits for whom when the statistics were taken.

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::blocked_sessions {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "SRV020",
    .name = "blocked-sessions",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {9, 6},
    .summary = "sessions wait for the locks of another one",
    .why = R"md(
One session holds locks and does not end its transaction; others wait for it, and more wait behind them. What blocks is
often a session that does nothing at all: idle in transaction.
)md",
    .instead = R"md(
Let the application end its transaction before it does anything else; `pg_terminate_backend(pid)` ends the session now. Set
`idle_in_transaction_session_timeout`, and `lock_timeout` for statements that take strong locks.
)md",
    .bad =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:01:00+00:00", "activity": [{"pid": 7,
"backend_type": "client backend", "state": "idle in transaction", "application_name": "worker",
"xact_start": "2026-01-01T00:00:00+00:00", "query": "UPDATE a SET b = 1", "blocked_by": []}, {"pid": 8,
"backend_type": "client backend", "state": "active", "query_start": "2026-01-01T00:00:30+00:00",
"query": "UPDATE a SET b = 2", "blocked_by": [7]}]})",
    .good =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:01:00+00:00", "activity": [{"pid": 8,
"backend_type": "client backend", "state": "active", "query_start": "2026-01-01T00:00:30+00:00",
"query": "UPDATE a SET b = 2", "blocked_by": []}]})",
});

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  std::map<int64_t, const SessionState*> by_pid;
  for (const SessionState& session : snapshot->activity) by_pid[session.pid] = &session;
  // Each waiter goes to the one at the head of its chain.
  std::map<int64_t, std::vector<const SessionState*>> waiters;
  for (const SessionState& session : snapshot->activity) {
    if (session.blocked_by.empty()) continue;
    std::set<int64_t> seen;
    int64_t at = session.pid;
    while (seen.insert(at).second) {
      const auto next = by_pid.find(at);
      if (next == by_pid.end() || next->second->blocked_by.empty()) break;
      at = next->second->blocked_by.front();
    }
    waiters[at].push_back(&session);
  }
  for (const auto& [pid, blocked] : waiters) {
    const auto found = by_pid.find(pid);
    const SessionState* head = found == by_pid.end() ? nullptr : found->second;
    std::string who = absl::StrFormat("process %d", pid);
    if (head != nullptr && !head->application.empty()) who += " (" + head->application + ")";
    const double open = head == nullptr ? -1 : AgeMs(*snapshot, head->transaction_start_us);
    Finding& finding = ReportState(
        kInfo, pass,
        absl::StrFormat(
            "%s wait%s for %s%s", Counted(blocked.size(), "session"),
            blocked.size() == 1 ? "s" : "", who,
            head != nullptr && IsIdleInTransaction(*head) ? ", which is idle in transaction" : ""),
        absl::StrFormat("process %d", pid),
        head == nullptr ? "not in pg_stat_activity: a prepared transaction"
                        : absl::StrFormat("%s, transaction open for %s: %s", head->state,
                                          open < 0 ? "an unknown time" : HumanMs(open),
                                          OneLine(head->query, 160)));
    finding.Measure("blocked", static_cast<double>(blocked.size()), "1");
    for (size_t i = 0; i < blocked.size() && i < 5; ++i) {
      const double waited = AgeMs(*snapshot, blocked[i]->query_start_us);
      finding.Note(absl::StrFormat("process %d waits%s: %s", blocked[i]->pid,
                                   waited < 0 ? "" : " for " + HumanMs(waited),
                                   OneLine(blocked[i]->query, 160)));
    }
    if (head != nullptr) {
      finding.statement = head->query;
      finding.Offer(RunOnServer(absl::StrFormat("SELECT pg_terminate_backend(%d);", pid)));
    }
    finding.Help("end the transaction in the application; keep timeouts set as a net");
  }
}

}  // namespace

extern constinit const Rule kBlockedSessions = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::blocked_sessions
