// PLN058 temp-io: several nodes of one plan spill to temporary files.

#include "rules/plan/plan_rule.h"

namespace pgsift::temp_io {
namespace {

constexpr RuleOption kOptions[] = {
    {"bytes_min", 10'000'000, "bytes written by all nodes, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN058",
    .name = "temp-io",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "several nodes of one plan spill to temporary files",
    .why = R"md(
Each sort and hash may take `work_mem`; what does not fit is written and read again. Fires when at least two
nodes write temporary blocks, `bytes_min` together: one setting that ends all of them is worth more than
advice for each.
)md",
    .instead = R"md(
The one value of `work_mem` that the finding prints, for this query alone.
)md",
    .bad =
        R"text(Sort  (cost=0.00..4000.00 rows=300000 width=8) (actual time=100.0..120.0 rows=300000 loops=1)
  Sort Key: a
  Sort Method: external merge  Disk: 15304kB
  Buffers: shared hit=10, temp read=3000 written=3000
  ->  HashAggregate  (cost=0.00..8.00 rows=1000 width=8) (actual time=80.0..90.0 rows=100000 loops=1)
        Group Key: a
        Batches: 5  Memory Usage: 4145kB  Disk Usage: 9000kB
        Buffers: shared hit=10, temp read=1000 written=1000
        ->  Seq Scan on t  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..10.5 rows=100000 loops=1)
              Buffers: shared hit=10
Execution Time: 127.1 ms)text",
    .good =
        R"text(Sort  (cost=0.00..4000.00 rows=300000 width=8) (actual time=100.0..120.0 rows=300000 loops=1)
  Sort Key: a
  Sort Method: external merge  Disk: 15304kB
  Buffers: shared hit=10, temp read=3000 written=3000
  ->  Seq Scan on t  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..10.5 rows=100000 loops=1)
        Buffers: shared hit=10
Execution Time: 127.1 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  double written = 0;
  double kb = 0;
  double ms = 0;
  std::vector<std::string> names;
  for (const PlanNode& node : plan.nodes) {
    const double needs = WorkMemKbFor(node);
    kb = std::max(kb, needs);
    written += node.own.temp_written;
    if (needs <= 0) continue;
    names.push_back(NodeName(node));
    ms += node.exclusive_ms;
  }
  const double bytes = std::max(written, 0.0) * 8192;
  if (names.size() < 2 || bytes < pass.option(kInfo, "bytes_min")) return;
  ReportPlan(
      kInfo, plan, ms / 3, pass,
      absl::StrFormat("%d nodes spill %s to temporary files", names.size(), HumanBytes(bytes)))
      .Primary(Joined(names))
      .Measure("temp_written_bytes", bytes, "bytes")
      .Measure("work_mem_bytes", kb * 1024, "bytes")
      .Help(SetWorkMem(kb) + " for this query ends all of them");
}

}  // namespace

extern constinit const Rule kTempIo = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::temp_io
