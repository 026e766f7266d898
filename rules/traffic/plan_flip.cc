// SRV042 plan-flip: from some moment on a query runs with another plan, and longer.

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/text.h"
#include "ingest/plan/plan.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::plan_flip {
namespace {

constexpr RuleOption kOptions[] = {
    {"runs_min", 3, "Executions with each plan from which on they are compared"},
    {"times_min", 2, "How many times the mean before the later one must be"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV042",
    .name = "plan-flip",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 4},
    .summary = "from some moment on a query has another plan, and takes a multiple",
    .why = R"md(
The planner decides by estimates. A table that grew, statistics that are old or new, a setting, an index that is gone: at some
moment another plan looks cheaper, for every execution from then on. The application has not changed, so nobody looks for it.
)md",
    .instead = R"md(
See what happened at that time: ANALYZE, a bulk load, a deployment, a dropped index. `ANALYZE` the tables; raise the statistics
target of columns that the plans differ in, or add extended statistics; build the index that the faster plan used.
)md",
    .bad = R"(2024-05-01 10:00:00.000 UTC [1] LOG:  duration: 2.0 ms  plan:
	Query Text: SELECT * FROM orders WHERE day = 1
	Index Scan using orders_day on orders  (cost=0.42..8.44 rows=1 width=8)
2024-05-01 10:00:01.000 UTC [1] LOG:  duration: 2.0 ms  plan:
	Query Text: SELECT * FROM orders WHERE day = 1
	Index Scan using orders_day on orders  (cost=0.42..8.44 rows=1 width=8)
2024-05-01 10:00:02.000 UTC [1] LOG:  duration: 2.0 ms  plan:
	Query Text: SELECT * FROM orders WHERE day = 2
	Index Scan using orders_day on orders  (cost=0.42..8.44 rows=1 width=8)
2024-05-01 10:10:01.000 UTC [1] LOG:  duration: 90.0 ms  plan:
	Query Text: SELECT * FROM orders WHERE day = 1
	Seq Scan on orders  (cost=0.00..800.00 rows=900 width=8)
2024-05-01 10:10:02.000 UTC [1] LOG:  duration: 95.0 ms  plan:
	Query Text: SELECT * FROM orders WHERE day = 1
	Seq Scan on orders  (cost=0.00..800.00 rows=900 width=8)
2024-05-01 10:10:03.000 UTC [1] LOG:  duration: 95.0 ms  plan:
	Query Text: SELECT * FROM orders WHERE day = 1
	Seq Scan on orders  (cost=0.00..800.00 rows=900 width=8)
)",
    .good = R"(2024-05-01 10:00:01.000 UTC [1] LOG:  duration: 2.0 ms  plan:
	Query Text: SELECT * FROM orders WHERE day = 1
	Index Scan using orders_day on orders  (cost=0.42..8.44 rows=1 width=8)
2024-05-01 10:10:01.000 UTC [1] LOG:  duration: 90.0 ms  plan:
	Query Text: SELECT * FROM orders WHERE day = 1
	Index Scan using orders_day on orders  (cost=0.42..8.44 rows=1 width=8)
)",
    .options = kOptions,
});

double MeanMs(const LoggedPlan& plan) {
  return plan.runs == 0
             ? 0
             : static_cast<double>(plan.total_us) / 1000 / static_cast<double>(plan.runs);
}

std::string WhenOf(int64_t time_us) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromUnixMicros(time_us),
                          absl::UTCTimeZone());
}

// What a plan does with tables: "Index Scan on orders using orders_day", and how it joins.
std::set<std::string> Steps(const Plan& plan) {
  std::set<std::string> steps;
  for (const PlanNode& node : plan.nodes) {
    if (!node.relation.empty()) {
      steps.insert(node.type + " on " + node.relation +
                   (node.index.empty() ? "" : " using " + node.index));
    } else if (!node.join_type.empty()) {
      steps.insert(node.type);
    }
  }
  return steps;
}

const Plan* PlanOf(const LoggedPlan& logged, EvidencePass& pass) {
  for (const Plan& plan : pass.evidence().plans) {
    if (plan.file == logged.place.file && plan.offset == logged.place.offset) return &plan;
  }
  return nullptr;
}

std::string Only(const std::set<std::string>& of, const std::set<std::string>& without) {
  std::string text;
  for (const std::string& step : of) {
    if (!without.contains(step)) text += (text.empty() ? "" : ", ") + step;
  }
  return text;
}

void Report(const LoggedPlan& before, const LoggedPlan& after, EvidencePass& pass) {
  const WorkloadTotals& totals = pass.evidence().workload->totals();
  const QueryStats* known = QueryById(totals, after.query_id);
  QueryStats unknown;
  unknown.query = unknown.example = after.query;
  unknown.id = after.query_id;
  const double more_ms = (MeanMs(after) - MeanMs(before)) * static_cast<double>(after.runs);
  Finding& finding = ReportTraffic(
      kInfo, pass, after.place, known == nullptr ? unknown : *known,
      absl::StrFormat("since %s a query has another plan: %s each instead of %s",
                      WhenOf(after.first_us), HumanMs(MeanMs(after)), HumanMs(MeanMs(before))));
  // auto_explain may be all that logs the query.
  if (known == nullptr || known->calls == 0) {
    finding.evidence.back().text = absl::StrFormat("plans of query %s", after.query_id);
  }
  finding.cost_ms = more_ms;
  finding.Measure("mean_ms_before", MeanMs(before), "ms").Measure("mean_ms", MeanMs(after), "ms");
  finding.Measure("executions", static_cast<double>(after.runs), "1");
  finding.Note(absl::StrFormat("%s with the plan before, the last at %s; %s since, %s more in all",
                               Counted(before.runs, "execution"), WhenOf(before.last_us),
                               Grouped(after.runs), HumanMs(more_ms)));
  const Plan* old_plan = PlanOf(before, pass);
  const Plan* new_plan = PlanOf(after, pass);
  if (old_plan != nullptr && new_plan != nullptr) {
    const std::set<std::string> were = Steps(*old_plan);
    const std::set<std::string> are = Steps(*new_plan);
    const std::string gone = Only(were, are);
    const std::string come = Only(are, were);
    if (!gone.empty()) finding.Note("before: " + gone);
    if (!come.empty()) finding.Note("since: " + come);
  }
  finding.Note("the log has only plans above auto_explain.log_min_duration");
  finding.Help("see what happened then (ANALYZE, a load, a dropped index), and ANALYZE its tables");
}

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  std::map<std::string, std::vector<const LoggedPlan*>> by_query;
  for (const LoggedPlan& plan : pass.evidence().workload->totals().plans) {
    const bool told = plan.plan_shape != 0 && !plan.query_id.empty() && plan.first_us != 0;
    if (told && static_cast<double>(plan.runs) >= pass.option(kInfo, "runs_min")) {
      by_query[plan.query_id].push_back(&plan);
    }
  }
  for (auto& [id, plans] : by_query) {
    std::stable_sort(plans.begin(), plans.end(), [](const LoggedPlan* a, const LoggedPlan* b) {
      return a->first_us < b->first_us;
    });
    for (size_t i = 1; i < plans.size(); ++i) {
      const LoggedPlan& before = *plans[i - 1];
      const LoggedPlan& after = *plans[i];
      // Plans that take turns are another matter: values that differ.
      if (before.last_us > after.first_us) continue;
      if (MeanMs(after) < pass.option(kInfo, "times_min") * MeanMs(before)) continue;
      Report(before, after, pass);
    }
  }
}

}  // namespace

extern constinit const Rule kPlanFlip = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::plan_flip
