// SRV002 idle-in-transaction: sessions that held a transaction open and did nothing.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::idle_in_transaction {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "SRV002",
    .name = "idle-in-transaction",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 6},  // The release that brought idle_in_transaction_session_timeout.
    .summary = "sessions sat idle in an open transaction until the server ended them",
    .why = R"md(
A session that is idle in a transaction keeps its locks, and keeps `VACUUM` from removing rows that
died since: tables bloat, and a waiting `ALTER TABLE` stops everyone. The application did something
slow, or waited for someone, between two statements of one transaction; or it forgot to commit.
)md",
    .instead = R"md(
Find the application's code that leaves the transaction open: calls to other services, user input, an
exception without rollback. Keep `idle_in_transaction_session_timeout` set as a net.
)md",
    .bad = "2024-05-01 10:00:00.000 UTC [101] FATAL:  terminating connection due to "
           "idle-in-transaction timeout\n",
    .good = "2024-05-01 10:00:00.000 UTC [101] LOG:  checkpoint starting: time\n",
});

void CheckLog(EvidencePass& pass) {
  const EventStats* events = EventsOf(pass, Event::kIdleInTransactionTimeout);
  if (events == nullptr) return;
  ReportEvents(kInfo, *events, pass,
               absl::StrFormat("%s ended by the server while idle in a transaction",
                               Counted(events->count, "session")))
      .Note("locks and dead rows were held until then")
      .Help("commit before calling other services, and roll back in every error path");
}

}  // namespace

extern constinit const Rule kIdleInTransaction = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::idle_in_transaction
