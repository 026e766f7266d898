// SRV004 frequent-checkpoints: checkpoints that come because the WAL filled up, not by the clock.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "SRV004",
    .name = "frequent-checkpoints",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 5},  // The release that brought max_wal_size.
    .summary = "checkpoints came more often than checkpoint_warning allows",
    .why = R"md(
Each checkpoint writes all changed pages, and the first change of a page after it writes the whole page
into the WAL. When writing fills `max_wal_size` before `checkpoint_timeout` is over, both happen far
more often than needed: more I/O, more WAL, slower commits.
)md",
    .instead = R"md(
Raise `max_wal_size` until checkpoints are started by time, not by WAL; the log shows which with
`log_checkpoints`. Recovery after a crash takes longer with it, at most by the WAL that fits.
)md",
    .bad =
        "2024-05-01 10:00:00.000 UTC [101] LOG:  checkpoints are occurring too frequently (9 "
        "seconds apart)\n"
        "2024-05-01 10:00:00.000 UTC [101] HINT:  Consider increasing the configuration parameter "
        "\"max_wal_size\".\n",
    .good = "2024-05-01 10:00:00.000 UTC [101] LOG:  checkpoint starting: time\n",
});

void CheckLog(EvidencePass& pass) {
  const EventStats* events = EventsOf(pass, Event::kCheckpointsTooFrequent);
  if (events == nullptr) return;
  const CheckpointStats& checkpoints = pass.evidence().workload->totals().checkpoints;
  Finding& finding =
      ReportEvents(kInfo, *events, pass,
                   absl::StrFormat("checkpoints came too often %s",
                                   events->count == 1 ? std::string("once")
                                                      : Grouped(events->count) + " times"));
  if (checkpoints.starting > 0) {
    finding.Note(absl::StrFormat("%d started by WAL, %d by time, %d on request", checkpoints.wal,
                                 checkpoints.timed, checkpoints.requested));
  }
  finding.Help("raise max_wal_size until checkpoints are started by time");
}

}  // namespace

extern constinit const Rule kFrequentCheckpoints = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift
