// SRV021 long-open-transaction: sessions that have a transaction open for long.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::long_open_transaction {
namespace {

constexpr RuleOption kOptions[] = {
    {"idle_min_ms", 60'000, "Age of a transaction that does nothing, to report"},
    {"active_min_ms", 3'600'000, "Age of a transaction that works, to report"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV021",
    .name = "long-open-transaction",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 6},
    .fix = FixSafety::kDisplay,
    .summary = "a session has a transaction open for long, often without doing anything",
    .why = R"md(
An open transaction keeps its locks, and all rows that died since it took its snapshot, in every table of the database.
Idle in transaction, it does so for nothing: the application waits for something else, or forgot to commit.
)md",
    .instead = R"md(
Commit before calling other services or waiting for people; roll back in every error path. Set
`idle_in_transaction_session_timeout`. Run long reports on a replica.
)md",
    .bad =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:10:00+00:00", "activity": [{"pid": 7,
"backend_type": "client backend", "state": "idle in transaction", "application_name": "worker",
"xact_start": "2026-01-01T00:00:00+00:00", "state_change": "2026-01-01T00:00:01+00:00",
"query": "UPDATE a SET b = 1", "blocked_by": []}]})",
    .good =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:10:00+00:00", "activity": [{"pid": 7,
"backend_type": "client backend", "state": "idle", "application_name": "worker",
"state_change": "2026-01-01T00:00:01+00:00", "query": "COMMIT", "blocked_by": []}]})",
    .options = kOptions,
});

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot != nullptr) {
    for (const SessionState& session : snapshot->activity) {
      if (!IsClient(session) || session.transaction_start_us == 0) continue;
      const bool idle = IsIdleInTransaction(session);
      const double age = AgeMs(*snapshot, session.transaction_start_us);
      if (age < pass.option(kInfo, idle ? "idle_min_ms" : "active_min_ms")) continue;
      Finding& finding = ReportState(
          kInfo, pass,
          absl::StrFormat("process %d%s has a transaction open for %s%s", session.pid,
                          session.application.empty() ? "" : " (" + session.application + ")",
                          HumanMs(age), idle ? " and does nothing in it" : ""),
          absl::StrFormat("process %d", session.pid),
          absl::StrFormat("%s, user %s, database %s", session.state, session.user,
                          session.database));
      finding.statement = session.query;
      finding.Measure("age_ms", age, "ms");
      if (idle && session.state_change_us != 0) {
        finding.Note("idle since " + HumanMs(AgeMs(*snapshot, session.state_change_us)) +
                     " before");
      }
      if (idle) {
        finding.Offer(
            RunOnServer(absl::StrFormat("SELECT pg_terminate_backend(%d);", session.pid)));
      }
      finding.Help("commit or roll back; keep idle_in_transaction_session_timeout set as a net");
    }
  }
  // What the log leaves open when it ends.
  const Workload* workload = pass.evidence().workload;
  if (workload == nullptr) return;
  const WorkloadTotals& totals = workload->totals();
  for (const OpenTransaction& open : totals.open_transactions) {
    const double idle_ms = static_cast<double>(totals.last_us - open.last_us) / 1000;
    if (idle_ms < pass.option(kInfo, "idle_min_ms")) continue;
    const std::string who = open.group.empty() ? "" : " (" + open.group + ")";
    Finding& finding = pass.Report(
        kInfo, Span(),
        absl::StrFormat(
            "process %d%s began a transaction and did nothing for %s until the log ends", open.pid,
            who, HumanMs(idle_ms)));
    finding.Measure("age_ms", static_cast<double>(totals.last_us - open.begin_us) / 1000, "ms");
    finding.Help("commit or roll back; keep idle_in_transaction_session_timeout set as a net");
  }
}

}  // namespace

extern constinit const Rule kLongOpenTransaction = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::long_open_transaction
