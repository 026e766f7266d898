// PLN082 plan-regression: a query got another plan, and is slower with it.

#include "rules/plan/plan_regression.h"

#include <map>

#include "absl/time/time.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::plan_regression {
namespace {

constexpr RuleOption kOptions[] = {
    {"factor_min", 2, "times as long as with the plan before, on average, at least"},
    {"ms_min", 10, "milliseconds longer, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN082",
    .name = "plan-regression",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a query got another plan, and is slower with it",
    .why = R"md(
The planner changes its mind when statistics, settings, indexes or parameters change. The rule compares
the plans of one query: those of a log in the order in which they were first seen, or those of several
files. Fires when the shape of the plan differs and the later takes `factor_min` times as long on average,
and `ms_min` longer. `pgsift plans --compare A B` reports each plan that got slower in the same way, with
the nodes that changed. Saving: the difference, for each execution.
)md",
    .instead = R"md(
Compare both plans node by node. If estimates differ, `ANALYZE`; if parameters differ, see
`plan_cache_mode`; if an index is missing or new, decide which one should be there.
)md",
    .bad =
        R"text(Query Text: select * from t where a = 1
Index Scan using i on t  (cost=0.42..8.44 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
  Index Cond: (a = 1)
Execution Time: 0.3 ms

Query Text: select * from t where a = 1
Seq Scan on t  (cost=0.00..8000.44 rows=1 width=8) (actual time=0.1..90.2 rows=1 loops=1)
  Filter: (a = 1)
  Rows Removed by Filter: 900
Execution Time: 90.3 ms)text",
    .good =
        R"text(Query Text: select * from t where a = 1
Index Scan using i on t  (cost=0.42..8.44 rows=1 width=8) (actual time=0.1..0.2 rows=1 loops=1)
  Index Cond: (a = 1)
Execution Time: 0.3 ms

Query Text: select * from t where a = 1
Index Scan using i on t  (cost=0.42..8.44 rows=1 width=8) (actual time=0.1..0.3 rows=1 loops=1)
  Index Cond: (a = 1)
Execution Time: 0.4 ms)text",
    .options = kOptions,
});

double MeanMs(const Plan& plan) {
  return plan.logged.runs > 0 ? plan.logged.total_ms / plan.logged.runs : plan.WholeMs();
}

std::string When(const Plan& plan) {
  if (plan.logged.first_us == 0) return {};
  return absl::FormatTime(" since %Y-%m-%d %H:%M:%S UTC",
                          absl::FromUnixMicros(plan.logged.first_us), absl::UTCTimeZone());
}

// What the two differ in, first: "Index Scan on `t` became Seq Scan on `t`".
std::string FirstDifference(const Plan& before, const Plan& after) {
  for (size_t i = 0; i < std::min(before.nodes.size(), after.nodes.size()); ++i) {
    const PlanNode& a = before.nodes[i];
    const PlanNode& b = after.nodes[i];
    if (a.type == b.type && a.relation == b.relation && a.index == b.index) continue;
    return NodeName(a) + " became " + NodeName(b);
  }
  return before.nodes.size() == after.nodes.size()
             ? "the plan is the same"
             : absl::StrFormat("%d nodes became %d", before.nodes.size(), after.nodes.size());
}

Finding MakeFinding(const Plan& before, const Plan& after, const SourceSet& sources) {
  const bool timed = before.timed && after.timed;
  const double was = timed ? MeanMs(before) : before.nodes.front().total_cost;
  const double is = timed ? MeanMs(after) : after.nodes.front().total_cost;
  Finding finding;
  finding.rule = &kInfo;
  finding.severity = kInfo.severity;
  finding.message =
      timed ? absl::StrFormat("the query takes %s where it took %s", HumanMs(is), HumanMs(was))
            : absl::StrFormat("the query costs %s where it cost %s", Count(is), Count(was));
  finding.primary.span = {.begin = after.offset, .size = 0, .file = after.file};
  finding.primary.text = FirstDifference(before, after) + When(after);
  finding.statement = after.query.empty() ? before.query : after.query;
  if (timed) finding.cost_ms = (is - was) * std::max(1.0, after.logged.runs);
  for (const Plan* plan : {&before, &after}) {
    finding.Evidence(
        {.input = std::string(sources.path(plan->file)),
         .kind = "plan",
         .ref = absl::StrFormat("line %d", plan->line),
         .text = absl::StrFormat(
             "%s, %s", NodeName(plan->nodes.front()),
             timed ? HumanMs(MeanMs(*plan)) : "cost " + Count(plan->nodes.front().total_cost))});
  }
  finding.Measure(timed ? "before_ms" : "before_cost", was, timed ? "ms" : "1")
      .Measure(timed ? "after_ms" : "after_cost", is, timed ? "ms" : "1")
      .Help("compare them: pgsift plans --compare BEFORE AFTER");
  return finding;
}

void CheckAll(EvidencePass& pass) {
  // The plans of each query, in the order in which they were first seen.
  std::map<std::string, std::vector<const Plan*>> queries;
  for (const Plan& plan : pass.evidence().plans) {
    if (!plan.timed) continue;
    const std::string key = !plan.shape_id.empty() ? plan.shape_id : OneLine(plan.query, 100'000);
    if (!key.empty()) queries[key].push_back(&plan);
  }
  for (auto& [key, plans] : queries) {
    std::stable_sort(plans.begin(), plans.end(), [](const Plan* a, const Plan* b) {
      return a->logged.first_us < b->logged.first_us;
    });
    // Of a query that changes its plan often, the worst step.
    const Plan* worst_before = nullptr;
    const Plan* worst_after = nullptr;
    for (size_t i = 1; i < plans.size(); ++i) {
      const Plan* before = plans[i - 1];
      const Plan* after = plans[i];
      if (before->shape == after->shape) continue;
      const double was = MeanMs(*before);
      const double is = MeanMs(*after);
      if (is < pass.option(kInfo, "factor_min") * was || is - was < pass.option(kInfo, "ms_min"))
        continue;
      if (worst_after != nullptr && is - was <= MeanMs(*worst_after) - MeanMs(*worst_before))
        continue;
      worst_before = before;
      worst_after = after;
    }
    if (worst_after == nullptr) continue;
    Finding made = MakeFinding(*worst_before, *worst_after, *pass.evidence().sources);
    Finding& finding = pass.Report(kInfo, made.primary.span, made.message);
    made.severity = finding.severity;
    finding = std::move(made);
  }
}

}  // namespace

Finding PlanRegressionFinding(const Plan& before, const Plan& after, const SourceSet& sources) {
  return MakeFinding(before, after, sources);
}

extern constinit const Rule kPlanRegression = MakeEvidenceRule(kInfo, &CheckAll);

}  // namespace pgsift::plan_regression
