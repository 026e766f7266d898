// SRV004 frequent-checkpoints: checkpoints that come because the WAL filled up, not by the clock.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::frequent_checkpoints {
namespace {

constexpr RuleOption kOptions[] = {
    {"requested_min", 10, "Checkpoints in the statistics that WAL or a command started"},
    {"requested_share_min", 0.5, "The same, of all checkpoints"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV004",
    .name = "frequent-checkpoints",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 5},  // The release that brought max_wal_size.
    .fix = FixSafety::kDisplay,
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
    .options = kOptions,
});

constexpr double kGigabyte = 1024.0 * 1024 * 1024;

double Counter(const std::map<std::string, double>& counters, const char* name) {
  const auto found = counters.find(name);
  return found == counters.end() ? -1 : found->second;
}

// What max_wal_size must be for the clock to start checkpoints: a checkpoint begins when
// max_wal_size / (1 + checkpoint_completion_target) is written. 0: not known.
double WantedWalBytes(const EvidencePass& pass, const Snapshot* snapshot) {
  double per_ms = 0;
  if (snapshot != nullptr) {
    const CounterWindow window(pass.evidence().snapshots);
    const double bytes =
        window.Grown([](const Snapshot& of) { return Counter(of.wal, "wal_bytes"); });
    const int64_t from =
        window.oldest() != nullptr ? window.oldest()->taken_us : snapshot->started_us;
    const double ms = AgeMs(*snapshot, from);
    if (bytes > 0 && ms > 0) per_ms = bytes / ms;
  }
  const double timeout_ms =
      snapshot == nullptr ? 300'000 : 1000 * snapshot->Setting("checkpoint_timeout", 300);
  double wanted = 2 * per_ms * timeout_ms;
  const Workload* workload = pass.evidence().workload;
  if (workload != nullptr) {
    // Many checkpoints fell into the time of one: as many times their distance.
    const WorkloadTotals& totals = workload->totals();
    const double ms = static_cast<double>(totals.last_us - totals.first_us) / 1000;
    const double count = static_cast<double>(totals.checkpoints.complete);
    const double distance = 1024 * static_cast<double>(totals.checkpoints.distance_kb_max);
    if (ms > 0 && count > 0) {
      wanted = std::max(
          wanted, 2 * distance * std::max(1.0, count * timeout_ms / std::max(ms, timeout_ms)));
    }
  }
  return wanted;
}

void Advise(EvidencePass& pass, Finding* finding) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  const double now = snapshot == nullptr ? -1 : snapshot->SettingBytes("max_wal_size", -1);
  const double least = now > 0 ? 2 * now : 2 * kGigabyte;
  const double wanted =
      std::clamp(WantedWalBytes(pass, snapshot), least, std::max(least, 64 * kGigabyte));
  if (now > 0) finding->Note("max_wal_size is " + MemorySetting(now));
  finding->Offer(
      RunOnServer(absl::StrFormat("ALTER SYSTEM SET max_wal_size = '%s';", MemorySetting(wanted))));
  finding->Help("raise max_wal_size until checkpoints are started by time");
}

// Checkpoints that the statistics count.
void CheckCounters(EvidencePass& pass) {
  if (pass.evidence().snapshot() == nullptr) return;
  const CounterWindow window(pass.evidence().snapshots);
  const auto grown = [&](const char* old_name, const char* name) {
    return window.Grown([&](const Snapshot& of) {
      const double value = Counter(of.checkpointer, name);
      return value >= 0 ? value : Counter(of.bgwriter, old_name);
    });
  };
  const double timed = grown("checkpoints_timed", "num_timed");
  const double requested = grown("checkpoints_req", "num_requested");
  if (timed < 0 || requested < pass.option(kInfo, "requested_min") ||
      requested < pass.option(kInfo, "requested_share_min") * (timed + requested)) {
    return;
  }
  Finding& finding = ReportState(
      kInfo, pass,
      absl::StrFormat("%.0f of %.0f checkpoints were not started by the clock", requested,
                      timed + requested),
      "pg_stat_bgwriter", absl::StrFormat("%.0f by time, %.0f requested", timed, requested));
  finding.Measure("requested_share", requested / (timed + requested), "1");
  Advise(pass, &finding);
}

void CheckLog(EvidencePass& pass) {
  const EventStats* events = EventsOf(pass, Event::kCheckpointsTooFrequent);
  if (events == nullptr) return CheckCounters(pass);
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
  Advise(pass, &finding);
}

}  // namespace

extern constinit const Rule kFrequentCheckpoints = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::frequent_checkpoints
