// PLN062 select-dirties: a SELECT makes blocks dirty.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::select_dirties {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.1, "share of the blocks that become dirty, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN062",
    .name = "select-dirties",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "a SELECT makes blocks dirty",
    .why = R"md(
The first reader of freshly written rows marks them as committed, and the blocks must be written again.
Fires for a plan without INSERT, UPDATE or DELETE that dirties `share_min` of its blocks and at least 100.
)md",
    .instead = R"md(
`VACUUM` (or `COPY … FREEZE`) after bulk loads, so that no query has to do it.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  Buffers: shared hit=1000 dirtied=900
Execution Time: 91.0 ms)text",
    .good =
        R"text(Update on t  (cost=0.00..900.00 rows=0 width=0) (actual time=0.1..90.0 rows=0 loops=1)
  Buffers: shared hit=1000 dirtied=900
  ->  Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
        Buffers: shared hit=1000
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  for (const PlanNode& node : plan.nodes) {
    if (node.type == "ModifyTable" || node.type == "LockRows") return;
  }
  const BufferCounts& whole = plan.nodes.front().buffers;
  if (whole.shared_dirtied < 100 ||
      whole.shared_dirtied < pass.option(kInfo, "share_min") * whole.Touched())
    return;
  const PlanNode* most = &plan.nodes.front();
  for (const PlanNode& node : plan.nodes) {
    if (node.own.shared_dirtied > most->own.shared_dirtied) most = &node;
  }
  ReportNode(kInfo, plan, *most, 0.3 * most->exclusive_ms, pass,
             absl::StrFormat("a query without changes made %s of %s blocks dirty",
                             Count(whole.shared_dirtied), Count(whole.Touched())))
      .Primary("most of them by " + NodeName(*most))
      .Measure("blocks_dirtied", whole.shared_dirtied, "blocks")
      .Help("VACUUM " + (most->relation.empty() ? "the table" : TableSql(*most, pass.catalog())) +
            " after bulk loads marks the rows once and for all");
}

}  // namespace

extern constinit const Rule kSelectDirties = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::select_dirties
