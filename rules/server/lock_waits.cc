// SRV005 lock-waits: statements that waited for a lock longer than deadlock_timeout.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::lock_waits {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "SRV005",
    .name = "lock-waits",
    .category = Category::kLocking,
    .severity = Severity::kWarning,
    .since_pg = {8, 3},  // The release that brought log_lock_waits.
    .summary = "statements waited for locks longer than deadlock_timeout",
    .why = R"md(
While a statement waits for a strong lock, every later statement on the same table waits behind it, even
one that would not conflict with who holds the table now: one `ALTER TABLE` that waits for one long
query stops an application.
)md",
    .instead = R"md(
Set `lock_timeout` (a few seconds) before statements that take strong locks, and try again when it
strikes. Keep transactions short. For migrations, `pgsift lint` names the statements that lock.
)md",
    .bad = "2024-05-01 10:00:00.000 UTC [101] LOG:  process 101 still waiting for "
           "AccessExclusiveLock on "
           "relation 16400 of database 16384 after 1000.100 ms\n"
           "2024-05-01 10:00:00.000 UTC [101] STATEMENT:  ALTER TABLE orders ADD COLUMN a int\n",
    .good = "2024-05-01 10:00:00.000 UTC [101] LOG:  checkpoint starting: time\n",
});

void CheckLog(EvidencePass& pass) {
  const EventStats* events = EventsOf(pass, Event::kLockWait);
  if (events == nullptr) return;
  const LockStats& locks = pass.evidence().workload->totals().locks;
  Finding& finding = ReportEvents(
      kInfo, *events, pass,
      absl::StrFormat("%s for a lock longer than deadlock_timeout",
                      events->count == 1 ? std::string("1 statement waited")
                                         : Grouped(events->count) + " statements waited"));
  finding.cost_ms = static_cast<double>(locks.total_us) / 1000;
  if (locks.total_us > 0) {
    finding.Measure("wait_ms", finding.cost_ms, "ms");
    finding.Note(absl::StrFormat("waits that ended took %s in all, the longest %s",
                                 HumanMs(finding.cost_ms),
                                 HumanMs(static_cast<double>(locks.max_us) / 1000)));
  }
  const bool exclusive =
      std::any_of(locks.examples.begin(), locks.examples.end(),
                  [](const LockWait& wait) { return wait.mode == "AccessExclusiveLock"; });
  if (exclusive)
    finding.Note("an AccessExclusiveLock was among them: DDL, TRUNCATE, LOCK or VACUUM FULL");
  for (const LockWait& wait : locks.examples) {
    if (wait.statement.empty()) continue;
    finding.statement = wait.statement;
    break;
  }
  finding.Help("set lock_timeout before statements that take strong locks, and retry");
}

}  // namespace

extern constinit const Rule kLockWaits = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::lock_waits
