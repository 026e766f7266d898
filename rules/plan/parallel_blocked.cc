// PLN075 parallel-blocked: a large table is read by one process.

#include "rules/plan/plan_rule.h"

namespace pgsift::parallel_blocked {
namespace {

constexpr RuleOption kOptions[] = {
    {"ms_min", 1000, "milliseconds of its own, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN075",
    .name = "parallel-blocked",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 6},
    .summary = "a large table is read by one process",
    .why = R"md(
Fires for a sequential scan of at least `ms_min` without a Gather above in a plan that has none at all, and
whose settings do not forbid it. Something in the query does.
)md",
    .instead = R"md(
A function marked PARALLEL UNSAFE (the default for one's own), FOR UPDATE, a cursor, a data-changing
statement, SERIALIZABLE; or a table below `min_parallel_table_scan_size`.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..80000.00 rows=9000000 width=8) (actual time=0.1..2500.0 rows=10 loops=1)
  Filter: (f(a) > 3)
  Rows Removed by Filter: 8999990
Execution Time: 2501.0 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..80.00 rows=9000 width=8) (actual time=0.1..2.0 rows=10 loops=1)
  Filter: (f(a) > 3)
  Rows Removed by Filter: 8990
Execution Time: 2.5 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Seq Scan" || !Ran(node) || node.loops > 1) return;
  if (node.exclusive_ms < pass.option(kInfo, "ms_min")) return;
  if (plan.Setting("max_parallel_workers_per_gather") == "0" ||
      plan.Setting("max_parallel_workers") == "0")
    return;
  const double rows = node.TotalRows() + node.TotalRemovedByFilter();
  if (rows < 100'000 || node.TotalRows() > 0.5 * rows) return;
  for (const PlanNode& each : plan.nodes) {
    if (each.IsGather() || each.type == "ModifyTable" || each.type == "LockRows") return;
  }
  if (Above(plan, node, "Limit") != nullptr) return;
  ReportNode(kInfo, plan, node, node.exclusive_ms / 2, pass,
             absl::StrFormat("`%s` is read by one process for %s", node.relation,
                             HumanMs(node.exclusive_ms)))
      .Primary("no parallel plan was taken")
      .Measure("rows_read", rows, "rows")
      .Help(
          "see whether a function in the query is PARALLEL UNSAFE: ALTER FUNCTION … PARALLEL SAFE");
}

}  // namespace

extern constinit const Rule kParallelBlocked = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::parallel_blocked
