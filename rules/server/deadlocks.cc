// SRV003 deadlocks: transactions that waited for each other in a circle.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::deadlocks {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "SRV003",
    .name = "deadlocks",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "transactions waited for each other, and one was rolled back",
    .why = R"md(
Two transactions lock the same rows or tables in different orders; neither can go on, and after
`deadlock_timeout` PostgreSQL rolls one back. Its work is lost, the other waited for nothing.
)md",
    .instead = R"md(
Lock in one order everywhere: sort the keys before you update several rows, lock the parent before the
child, take the strongest lock first. Retry a transaction that fails with SQLSTATE 40P01.
)md",
    .bad =
        "2024-05-01 10:00:00.000 UTC [101] ERROR:  deadlock detected\n"
        "2024-05-01 10:00:00.000 UTC [101] DETAIL:  Process 101 waits for ShareLock on transaction "
        "700; blocked by process 102.\n",
    .good = "2024-05-01 10:00:00.000 UTC [101] LOG:  checkpoint starting: time\n",
});

void CheckLog(EvidencePass& pass) {
  const EventStats* events = EventsOf(pass, Event::kDeadlock);
  if (events == nullptr) return;
  Finding& finding = ReportEvents(kInfo, *events, pass,
                                  absl::StrFormat("%s: a transaction was rolled back each time",
                                                  Counted(events->count, "deadlock")));
  for (const Deadlock& deadlock : pass.evidence().workload->totals().deadlocks) {
    if (!deadlock.detail.empty()) finding.Note(OneLine(deadlock.detail, 400));
    if (!deadlock.statement.empty()) finding.statement = deadlock.statement;
    break;
  }
  finding.Help("lock rows and tables in the same order in every transaction");
}

}  // namespace

extern constinit const Rule kDeadlocks = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::deadlocks
