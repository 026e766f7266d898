// PLN070 jit-overhead: compiling the query costs a large part of its time.

#include "rules/plan/plan_rule.h"

namespace pgsift::jit_overhead {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.1, "share of the execution time, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN070",
    .name = "jit-overhead",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {11, 0},
    .summary = "compiling the query costs a large part of its time",
    .why = R"md(
Just-in-time compilation pays for queries that run for seconds. Fires when it takes `share_min` of the
execution time; a warning from a quarter on. The compile time is inside the times of the nodes. Saving: most of
it.
)md",
    .instead = R"md(
A higher `jit_above_cost`, or `jit = off` for this role; and find out why the cost is estimated so high.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..900000.00 rows=9000 width=8) (actual time=60.1..80.0 rows=9000 loops=1)
JIT:
  Functions: 12
  Options: Inlining true, Optimization true, Expressions true, Deforming true
  Timing: Generation 1.0 ms, Inlining 20.0 ms, Optimization 30.0 ms, Emission 9.0 ms, Total 60.0 ms
Execution Time: 91.0 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..900000.00 rows=9000 width=8) (actual time=60.1..8000.0 rows=9000 loops=1)
JIT:
  Functions: 12
  Options: Inlining true, Optimization true, Expressions true, Deforming true
  Timing: Generation 1.0 ms, Inlining 20.0 ms, Optimization 30.0 ms, Emission 9.0 ms, Total 60.0 ms
Execution Time: 8001.0 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  if (plan.jit.total_ms <= 0 || plan.WholeMs() <= 0) return;
  // What workers compile runs side by side.
  double processes = 1;
  for (const PlanNode& node : plan.nodes) {
    if (node.IsGather()) processes = std::max(processes, node.workers_launched + 1);
  }
  const double ms = plan.jit.total_ms / processes;
  const double share = ms / plan.WholeMs();
  if (share < pass.option(kInfo, "share_min")) return;
  Finding& finding = ReportPlan(kInfo, plan, 0.9 * ms, pass,
                                absl::StrFormat("compiling takes %s of %s (%.0f %%)", HumanMs(ms),
                                                HumanMs(plan.WholeMs()), 100 * share));
  if (share < 0.25) finding.severity = std::min(finding.severity, Severity::kInfo);
  const double cost = plan.nodes.front().total_cost;
  finding
      .Primary(absl::StrFormat("%s functions%s%s", Count(plan.jit.functions),
                               plan.jit.inlining ? ", inlined" : "",
                               plan.jit.optimization ? ", optimized" : ""))
      .Measure("jit_ms", plan.jit.total_ms, "ms")
      .Measure("share", share, "1")
      .Help(
          absl::StrFormat("SET jit_above_cost = %.0f, above this query's cost of %s; or jit = off",
                          std::ceil(2 * cost / 100'000) * 100'000, Count(cost)));
}

}  // namespace

extern constinit const Rule kJitOverhead = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::jit_overhead
