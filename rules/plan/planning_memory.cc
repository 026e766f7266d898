// PLN069 planning-memory: planning takes much memory.

#include "rules/plan/plan_rule.h"

namespace pgsift::planning_memory {
namespace {

constexpr RuleOption kOptions[] = {
    {"bytes_min", 52'428'800, "bytes used, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN069",
    .name = "planning-memory",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {17, 0},
    .summary = "planning takes much memory",
    .why = R"md(
Fires when EXPLAIN (MEMORY), 17 and later, shows at least `bytes_min` used. Each session that plans the
statement needs it.
)md",
    .instead = R"md(
Fewer partitions, or conditions that let the planner leave them out; fewer joins in one query.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..9.0 rows=9000 loops=1)
Planning:
  Memory: used=90000kB  allocated=98304kB
Execution Time: 9.1 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..9.0 rows=9000 loops=1)
Planning:
  Memory: used=90kB  allocated=128kB
Execution Time: 9.1 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  const double bytes = plan.planning_memory_kb * 1024;
  if (bytes < pass.option(kInfo, "bytes_min")) return;
  ReportPlan(kInfo, plan, 0, pass,
             absl::StrFormat("planning takes %s of memory", HumanBytes(bytes)))
      .Primary("in each session that plans it")
      .Measure("planning_bytes", bytes, "bytes")
      .Help("conditions on the partition key let the planner leave partitions out");
}

}  // namespace

extern constinit const Rule kPlanningMemory = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::planning_memory
