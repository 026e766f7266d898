// PLN081 plan-without-measures: the plan shows only what was expected, not what happened.

#include <map>

#include "rules/plan/plan_rule.h"

namespace pgsift::plan_without_measures {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN081",
    .name = "plan-without-measures",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "the plan shows only what was expected, not what happened",
    .why = R"md(
Without ANALYZE there are no rows, loops and times; without BUFFERS no blocks: most findings need them. Fires
once for each file with plans that lack one of them.
)md",
    .instead = R"md(
`EXPLAIN (ANALYZE, BUFFERS, SETTINGS, VERBOSE)`; for logs `auto_explain.log_analyze = on` with
`log_buffers = on`, and `log_timing = off` where the clock is slow. ANALYZE runs the statement: put changes into
`BEGIN … ROLLBACK`.
)md",
    .bad = R"text(Seq Scan on t  (cost=0.00..80.00 rows=9000 width=8))text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..80.00 rows=9000 width=8) (actual time=0.1..2.0 rows=9000 loops=1)
  Buffers: shared hit=20
Execution Time: 2.5 ms)text",
});

// What a plan lacks; "" if it has all.
std::string Lacks(const Plan& plan) {
  if (!plan.analyzed) return "ANALYZE";
  if (plan.has_buffers) return {};
  // Plans without a table touch no block at all.
  const bool reads = AnyBelow(plan, plan.nodes.front(),
                              [](const PlanNode& node) { return !node.relation.empty(); });
  return reads ? "BUFFERS" : "";
}

void CheckAll(EvidencePass& pass) {
  // Once for each file: the first plan, and how many are like it.
  std::map<std::pair<FileId, std::string>, std::pair<const Plan*, size_t>> found;
  for (const Plan& plan : pass.evidence().plans) {
    const std::string lacks = Lacks(plan);
    if (lacks.empty()) continue;
    auto& [first, count] = found[{plan.file, lacks}];
    if (first == nullptr) first = &plan;
    ++count;
  }
  for (const auto& [key, entry] : found) {
    const auto& [first, count] = entry;
    const std::string which = count == 1 ? "the plan has" : Counted(count, "plan") + " have";
    Finding& finding = ReportPlan(kInfo, *first, 0, pass,
                                  which + (first->analyzed ? " no buffers" : " only estimates"));
    finding.Primary(key.second + " was off");
    if (first->logged.runs > 0) {
      finding.Help(first->analyzed ? "auto_explain.log_buffers = on"
                                   : "auto_explain.log_analyze = on, log_buffers = on "
                                     "(log_timing = off keeps it cheap)");
    } else {
      finding.Help("EXPLAIN (ANALYZE, BUFFERS, SETTINGS, VERBOSE) shows what happened");
    }
  }
}

}  // namespace

extern constinit const Rule kPlanWithoutMeasures = MakeEvidenceRule(kInfo, &CheckAll);

}  // namespace pgsift::plan_without_measures
