// PLN059 io-bound: most of the time is spent on reading blocks.

#include "rules/plan/plan_rule.h"

namespace pgsift::io_bound {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.5, "share of the own time that I/O takes, at least"},
    {"blocks_min", 1000, "blocks read, at least, where I/O was not timed"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN059",
    .name = "io-bound",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "most of the time is spent on reading blocks",
    .why = R"md(
Fires for a node whose I/O time (with `track_io_timing`), spread over its processes, is `share_min` of its
own time; without I/O times for one that read 90 % of at least `blocks_min` blocks from outside of
`shared_buffers`.
)md",
    .instead = R"md(
Run it again: a warm cache shows what stays. A narrower or covering index reads fewer blocks; more
`shared_buffers` and memory hold more of them.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  Buffers: shared hit=10 read=9000
  I/O Timings: shared read=70.0
Execution Time: 91.0 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  Buffers: shared hit=9000 read=10
  I/O Timings: shared read=1.0
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!Ran(node)) return;
  const double read = node.own.shared_read + node.own.local_read;
  const double io_ms = (node.own.shared_read_ms + node.own.local_read_ms) / node.processes;
  const bool timed = io_ms > 0 && plan.timed;
  const bool slow =
      timed ? io_ms >= pass.option(kInfo, "share_min") * node.exclusive_ms && io_ms >= 10
            : read >= pass.option(kInfo, "blocks_min") && read >= 0.9 * node.own.Touched();
  if (!slow || node.share < 0.1) return;
  Finding& finding =
      ReportNode(kInfo, plan, node, timed ? io_ms / 2 : node.exclusive_ms / 2, pass,
                 timed ? absl::StrFormat("%s spends %s of %s on reading", NodeName(node),
                                         HumanMs(io_ms), HumanMs(node.exclusive_ms))
                       : absl::StrFormat("%s reads %s of %s blocks from outside of shared_buffers",
                                         NodeName(node), Count(read), Count(node.own.Touched())));
  finding.Primary(absl::StrFormat("%s read", HumanBytes(read * 8192)))
      .Measure("blocks_read", read, "blocks")
      .Measure("io_ms", io_ms, "ms")
      .Help("run it twice and compare: a cold cache, or more data than memory");
  if (!timed) finding.Note("SET track_io_timing = on shows how long reading takes");
}

}  // namespace

extern constinit const Rule kIoBound = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::io_bound
