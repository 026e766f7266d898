// PLN079 timing-overhead: measuring each row is a large part of what was measured.

#include "rules/plan/plan_rule.h"

namespace pgsift::timing_overhead {
namespace {

constexpr RuleOption kOptions[] = {
    {"calls_min", 1'000'000, "rows and loops of all nodes, at least"},
    {"share_min", 0.1, "share of the time, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN079",
    .name = "timing-overhead",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 2},
    .summary = "measuring each row is a large part of what was measured",
    .why = R"md(
EXPLAIN ANALYZE reads the clock twice for each row of each node. Fires when that was done `calls_min` times
and, at 0.03 microseconds a reading, makes `share_min` of the time.
)md",
    .instead = R"md(
`EXPLAIN (ANALYZE, TIMING OFF)`; `auto_explain.log_timing = off`. The real time is lower.
)md",
    .bad =
        R"text(Nested Loop  (cost=0.00..80.00 rows=9000 width=8) (actual time=0.1..600.0 rows=3000000 loops=1)
  ->  Seq Scan on a  (cost=0.00..80.00 rows=3000000 width=8) (actual time=0.1..200.0 rows=3000000 loops=1)
  ->  Index Scan using i on b  (cost=0.00..0.10 rows=1 width=8) (actual time=0.0..0.0 rows=1 loops=3000000)
        Index Cond: (id = a.id)
Execution Time: 650.0 ms)text",
    .good =
        R"text(Nested Loop  (cost=0.00..80.00 rows=9000 width=8) (actual time=0.1..600.0 rows=3000 loops=1)
  ->  Seq Scan on a  (cost=0.00..80.00 rows=3000 width=8) (actual time=0.1..200.0 rows=3000 loops=1)
  ->  Index Scan using i on b  (cost=0.00..0.10 rows=1 width=8) (actual time=0.0..0.0 rows=1 loops=3000)
        Index Cond: (id = a.id)
Execution Time: 650.0 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  if (!plan.timed) return;
  double calls = 0;
  for (const PlanNode& node : plan.nodes) calls += (node.TotalRows() + node.loops) / node.processes;
  constexpr double kReadingsMs = 2 * 0.00003;
  const double ms = calls * kReadingsMs;
  if (calls < pass.option(kInfo, "calls_min") ||
      ms < pass.option(kInfo, "share_min") * plan.WholeMs())
    return;
  ReportPlan(kInfo, plan, 0, pass,
             absl::StrFormat("reading the clock %s times makes about %s of %s", Count(2 * calls),
                             HumanMs(ms), HumanMs(plan.WholeMs())))
      .Primary("the query itself is faster than its EXPLAIN")
      .Measure("calls", calls, "1")
      .Help("EXPLAIN (ANALYZE, TIMING OFF), or auto_explain.log_timing = off");
}

}  // namespace

extern constinit const Rule kTimingOverhead = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::timing_overhead
