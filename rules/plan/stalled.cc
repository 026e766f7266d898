// PLN061 stalled: a node took far longer than its rows and blocks explain.

#include "rules/plan/plan_rule.h"

namespace pgsift::stalled {
namespace {

constexpr RuleOption kOptions[] = {
    {"ms_min", 100, "milliseconds of own time, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN061",
    .name = "stalled",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a node took far longer than its rows and blocks explain",
    .why = R"md(
Blocks from the cache come at half a gigabyte a second, rows at two million. What takes ten times as long
was waiting, or computing something expensive. Fires at `ms_min` of own time of which not a tenth is
explained.
)md",
    .instead = R"md(
Look at `log_lock_waits` and at `pg_stat_activity` for that time; at CPU starvation of the machine; at
functions and remote calls in the conditions and the output.
)md",
    .bad =
        R"text(Index Scan using i on t  (cost=0.00..900.00 rows=9 width=8) (actual time=0.1..900.0 rows=9 loops=1)
  Buffers: shared hit=10
Execution Time: 901.0 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=900000 width=8) (actual time=0.1..900.0 rows=900000 loops=1)
  Buffers: shared hit=10000
Execution Time: 901.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!plan.timed || !plan.has_buffers || !Ran(node) ||
      node.exclusive_ms < pass.option(kInfo, "ms_min"))
    return;
  // Functions, other servers and triggers take time of their own; so does compiling.
  if (node.type == "Function Scan" || node.type == "Foreign Scan" || node.type == "ModifyTable" ||
      node.type == "Result" || node.type == "ProjectSet" || node.IsGather())
    return;
  double rows = node.TotalRows() + node.TotalRemovedByFilter() + node.TotalRemovedByJoinFilter() +
                node.TotalRemovedByRecheck() + node.loops;
  for (int child : node.children) rows += plan.At(child).TotalRows();
  const double cached_ms = node.own.Touched() * 8192 / 0.5e9 * 1000;
  const double io_ms =
      node.own.IoMs() > 0 ? node.own.IoMs() : node.own.shared_read * 8192 / 20e6 * 1000;
  const double temp_ms = (node.own.temp_read + node.own.temp_written) * 8192 / 20e6 * 1000;
  const double explained =
      (cached_ms + io_ms + temp_ms + rows * 0.0005) / node.processes + plan.jit.total_ms;
  if (explained >= 0.1 * node.exclusive_ms) return;
  const bool locks = node.type == "LockRows";
  ReportNode(kInfo, plan, node, node.exclusive_ms - explained, pass,
             absl::StrFormat("%s took %s; its rows and blocks explain %s", NodeName(node),
                             HumanMs(node.exclusive_ms), HumanMs(explained)))
      .Primary(locks ? "it waited for rows that others had locked"
                     : "it waited, or a function in it is slow")
      .Measure("explained_ms", explained, "ms")
      .Help("look at log_lock_waits and the machine's load at that time, and at functions in " +
            (node.filter.empty() ? std::string("its output") : OneLine(node.filter, 150)));
}

}  // namespace

extern constinit const Rule kStalled = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::stalled
