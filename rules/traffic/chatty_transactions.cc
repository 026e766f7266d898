// SRV035 chatty-transactions: transactions that are mostly idle.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::chatty_transactions {
namespace {

constexpr RuleOption kOptions[] = {
    {"transactions_min", 20, "Transactions from which on it is reported"},
    {"idle_share_min", 0.5, "Idle time, of all the time that transactions are open"},
    {"idle_mean_ms_min", 20, "Idle time of a transaction, on average"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV035",
    .name = "chatty-transactions",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 4},
    .summary = "transactions are open longer than their statements need",
    .why = R"md(
Between the statements of a transaction the application does something else: computes, calls another service, waits for
its own network. All that time the locks are held, a connection of the pool is taken, and dead rows have to
be kept.
)md",
    .instead = R"md(
Do the other work before `BEGIN` or after `COMMIT`. Send statements that do not need each other's results together
(pipelining, one statement with `WITH`), or let a function do them.
)md",
    .bad = "[x40] 2024-05-01 10:00:00.{n} UTC [1{n}] LOG:  duration: 0.1 ms  statement: BEGIN\n"
           "[x40] 2024-05-01 10:00:01.{n} UTC [1{n}] LOG:  duration: 0.1 ms  statement: COMMIT\n",
    .good = "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.1 ms  statement: BEGIN\n"
            "2024-05-01 10:00:00.101 UTC [1] LOG:  duration: 0.1 ms  statement: COMMIT\n",
    .options = kOptions,
});

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  const WorkloadTotals& totals = pass.evidence().workload->totals();
  const TransactionStats& transactions = totals.transactions;
  const auto count = static_cast<double>(transactions.count);
  if (count < pass.option(kInfo, "transactions_min") || transactions.total_us <= 0) return;
  const double share =
      static_cast<double>(transactions.idle_us) / static_cast<double>(transactions.total_us);
  const double idle_ms = static_cast<double>(transactions.idle_us) / 1000 / count;
  if (share < pass.option(kInfo, "idle_share_min") ||
      idle_ms < pass.option(kInfo, "idle_mean_ms_min")) {
    return;
  }
  Finding& finding =
      pass.Report(kInfo, Span(),
                  absl::StrFormat("%s of the time that transactions are open, no statement runs",
                                  absl::StrFormat("%.0f %%", 100 * share)));
  finding.Measure("transactions", count, "1").Measure("idle_mean_ms", idle_ms, "ms");
  finding.Measure("idle_share", share, "1");
  finding.Note(absl::StrFormat("%s of %s on average, idle for %s of it; the longest idle time %s",
                               Counted(transactions.count, "transaction"),
                               HumanMs(static_cast<double>(transactions.total_us) / 1000 / count),
                               HumanMs(idle_ms),
                               HumanMs(static_cast<double>(transactions.idle_us_max) / 1000)));
  finding.Help("do other work before BEGIN or after COMMIT");
}

}  // namespace

extern constinit const Rule kChattyTransactions = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::chatty_transactions
