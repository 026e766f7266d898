// SRV029 slow-storage: reading a block, or forcing one out, takes long.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::slow_storage {
namespace {

constexpr RuleOption kOptions[] = {
    {"read_ms_min", 5, "Milliseconds for a block read from which on it is reported"},
    {"fsync_ms_min", 50, "Milliseconds for an fsync from which on it is reported"},
    {"operations_min", 1000, "Operations from which on their mean says something"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV029",
    .name = "slow-storage",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {16, 0},
    .summary = "the storage takes long for each operation",
    .why = R"md(
`pg_stat_io` has the time that reads and fsyncs took (with `track_io_timing`). A block from the system's cache takes some
microseconds, one from a solid disk a tenth of a millisecond. Milliseconds mean a storage that is overloaded, far away, or
throttled: every statement that misses the buffers waits for it.
)md",
    .instead = R"md(
Look at the storage's own figures: queue, limits of operations by the second (IOPS), bursts that are used up. Meanwhile read
less: indexes for what reads the most, more `shared_buffers`.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "io": [
{"backend_type": "client backend", "object": "relation", "context": "normal", "reads": 20000,
"read_time": 240000.5}]})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "io": [
{"backend_type": "client backend", "object": "relation", "context": "normal", "reads": 20000,
"read_time": 4000.5}]})",
    .options = kOptions,
});

double Sum(const Snapshot& snapshot, double IoStatistics::*field) {
  double sum = -1;
  for (const IoStatistics& io : snapshot.io) {
    if (io.object != "relation" || io.*field < 0) continue;
    sum = (sum < 0 ? 0 : sum) + io.*field;
  }
  return sum;
}

void CheckState(EvidencePass& pass) {
  if (pass.evidence().snapshot() == nullptr) return;
  const CounterWindow window(pass.evidence().snapshots);
  struct Operation {
    const char* name;
    double IoStatistics::*count;
    double IoStatistics::*ms;
    const char* least;
  };
  for (const Operation& operation :
       {Operation{"a read of a block", &IoStatistics::reads, &IoStatistics::read_ms, "read_ms_min"},
        Operation{"an fsync", &IoStatistics::fsyncs, &IoStatistics::fsync_ms, "fsync_ms_min"}}) {
    const double count = window.Grown([&](const Snapshot& of) { return Sum(of, operation.count); });
    const double ms = window.Grown([&](const Snapshot& of) { return Sum(of, operation.ms); });
    if (count < pass.option(kInfo, "operations_min") || ms <= 0) continue;
    if (ms / count < pass.option(kInfo, operation.least)) continue;
    Finding& finding = ReportState(
        kInfo, pass, absl::StrFormat("%s takes %s on average", operation.name, HumanMs(ms / count)),
        "pg_stat_io",
        absl::StrFormat("%s operations took %s", Grouped(static_cast<uint64_t>(count)),
                        HumanMs(ms)));
    finding.cost_ms = ms;
    finding.Measure("operations", count, "1").Measure("mean_ms", ms / count, "ms");
    finding.Help("look at the limits and the queue of the storage; let statements read less");
  }
}

}  // namespace

extern constinit const Rule kSlowStorage = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::slow_storage
