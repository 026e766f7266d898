// SRV036 serialization-retries: transactions that fail because others changed what they read.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::serialization_retries {
namespace {

constexpr RuleOption kOptions[] = {
    {"failures_min", 3, "Failures from which on it is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV036",
    .name = "serialization-retries",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 1},
    .summary = "transactions fail with `could not serialize access`, and have to be done again",
    .why = R"md(
Under REPEATABLE READ and SERIALIZABLE a transaction fails when another changed the same rows (SQLSTATE 40001). Its work
is lost, and the retry may fail again: under load throughput falls.
)md",
    .instead = R"md(
Keep such transactions short, and retry them with a growing pause. Where only some rows matter, READ COMMITTED with
`SELECT … FOR UPDATE` waits instead of failing. Declare transactions that only read as `READ ONLY`.
)md",
    .bad =
        "[x5] 2024-05-01 10:00:00.{n} UTC [1] ERROR:  could not serialize access due to concurrent "
        "update\n",
    .good = "2024-05-01 10:00:00.100 UTC [1] ERROR:  could not serialize access due to concurrent "
            "update\n",
    .options = kOptions,
});

void CheckLog(EvidencePass& pass) {
  const EventStats* events = EventsOf(pass, Event::kSerializationFailure);
  if (events == nullptr ||
      static_cast<double>(events->count) < pass.option(kInfo, "failures_min")) {
    return;
  }
  Finding& finding =
      ReportEvents(kInfo, *events, pass,
                   Grouped(events->count) +
                       " transactions could not be serialized: their work is done again, or lost");
  for (const MessageStats& message : pass.evidence().workload->totals().errors) {
    if (message.event != Event::kSerializationFailure || message.statement.empty()) continue;
    finding.statement = message.statement;
    break;
  }
  finding.Help("retry with a growing pause; keep the transactions short");
}

}  // namespace

extern constinit const Rule kSerializationRetries = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::serialization_retries
