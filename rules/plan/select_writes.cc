// PLN063 select-writes: a query had to write blocks before it could read others.

#include "rules/plan/plan_rule.h"

namespace pgsift::select_writes {
namespace {

constexpr RuleOption kOptions[] = {
    {"blocks_min", 100, "blocks written, more than"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN063",
    .name = "select-writes",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "a query had to write blocks before it could read others",
    .why = R"md(
No clean buffer was free, so the session wrote dirty ones itself. Fires for a plan that changes nothing with
more than `blocks_min` blocks written.
)md",
    .instead = R"md(
More `shared_buffers`; a background writer that keeps up (`bgwriter_lru_maxpages`, `bgwriter_delay`);
checkpoints less often.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  Buffers: shared hit=1000 read=2000 written=900
Execution Time: 91.0 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  Buffers: shared hit=1000 read=2000 written=9
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  for (const PlanNode& node : plan.nodes) {
    if (node.type == "ModifyTable") return;
  }
  const BufferCounts& whole = plan.nodes.front().buffers;
  if (whole.shared_written <= pass.option(kInfo, "blocks_min")) return;
  ReportPlan(kInfo, plan, whole.shared_write_ms, pass,
             absl::StrFormat("a query without changes wrote %s blocks of others",
                             Count(whole.shared_written)))
      .Primary("no clean buffer was free")
      .Measure("blocks_written", whole.shared_written, "blocks")
      .Help("raise bgwriter_lru_maxpages, or shared_buffers");
}

}  // namespace

extern constinit const Rule kSelectWrites = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::select_writes
