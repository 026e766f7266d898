// PLN060 io-slow-device: reading a block takes milliseconds.

#include "rules/plan/plan_rule.h"

namespace pgsift::io_slow_device {
namespace {

constexpr RuleOption kOptions[] = {
    {"ms_min", 5, "milliseconds a block, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN060",
    .name = "io-slow-device",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 2},
    .summary = "reading a block takes milliseconds",
    .why = R"md(
Fires when blocks take `ms_min` each on average, over at least 100 blocks (with `track_io_timing`). A local
SSD needs a tenth of a millisecond.
)md",
    .instead = R"md(
Storage that is throttled (burst credits of a cloud volume), shared or failing: look at its latency and
queue at that time.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..9000.0 rows=9000 loops=1)
  Buffers: shared hit=10 read=1000
  I/O Timings: shared read=8000.0
Execution Time: 9001.0 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  Buffers: shared hit=10 read=1000
  I/O Timings: shared read=80.0
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  const BufferCounts& whole = plan.nodes.front().buffers;
  const double read = whole.shared_read + whole.local_read;
  const double ms = whole.shared_read_ms + whole.local_read_ms;
  if (read < 100 || ms < pass.option(kInfo, "ms_min") * read) return;
  ReportPlan(kInfo, plan, ms / 2, pass,
             absl::StrFormat("reading a block takes %s", HumanMs(ms / read)))
      .Primary(absl::StrFormat("%s blocks in %s: %s a second", Count(read), HumanMs(ms),
                               HumanBytes(read * 8192 / (ms / 1000))))
      .Measure("blocks_read", read, "blocks")
      .Measure("ms_per_block", ms / read, "ms")
      .Help("look at the latency and the queue of the volume: it is throttled, shared or failing");
}

}  // namespace

extern constinit const Rule kIoSlowDevice = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::io_slow_device
