// PLN078 time-outside-nodes: much of the execution time is spent outside of the nodes.

#include "rules/plan/plan_rule.h"

namespace pgsift::time_outside_nodes {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.1, "share of the execution time, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN078",
    .name = "time-outside-nodes",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "much of the execution time is spent outside of the nodes",
    .why = R"md(
Starting and ending the executor, data-changing WITH queries that nobody reads, and plans of very many nodes
take time that no node shows. Fires at `share_min` of the execution time and 10 ms.
)md",
    .instead = R"md(
Fewer partitions and joins; look for triggers that are deferred to the commit, and for locks on many
relations.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..80.00 rows=9000 width=8) (actual time=0.1..2.0 rows=9000 loops=1)
Execution Time: 52.5 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..80.00 rows=9000 width=8) (actual time=0.1..52.0 rows=9000 loops=1)
Execution Time: 52.5 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  // Handing on the rows of the result is outside too, and takes its time for each.
  const double rows_ms = 0.0003 * plan.nodes.front().TotalRows();
  // So do compiling and throwing away what was compiled: jit-overhead.
  if (plan.outside_ms - rows_ms - plan.jit.total_ms <
      std::max(10.0, pass.option(kInfo, "share_min") * plan.execution_ms))
    return;
  const bool compiled = plan.jit.functions > 0;
  ReportPlan(kInfo, plan, plan.outside_ms / 2, pass,
             absl::StrFormat("%s of %s are spent outside of all nodes", HumanMs(plan.outside_ms),
                             HumanMs(plan.execution_ms)))
      .Primary(compiled ? "its expressions were compiled: loading the compiler is in no figure"
                        : "the executor's start and end, or a client that reads slowly")
      .Measure("outside_ms", plan.outside_ms, "ms")
      .Help(compiled ? "SET jit = off, or raise jit_above_cost; a session loads the compiler once"
                     : "fewer nodes (partitions); see log_lock_waits for locks taken at the start");
}

}  // namespace

extern constinit const Rule kTimeOutsideNodes = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::time_outside_nodes
