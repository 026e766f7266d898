// PLN077 changed-settings: settings that differ from the default went into this plan.

#include "rules/plan/plan_rule.h"

namespace pgsift::changed_settings {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN077",
    .name = "changed-settings",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {12, 0},
    .summary = "settings that differ from the default went into this plan",
    .why = R"md(
EXPLAIN (SETTINGS) lists the settings of the planner that are not at their defaults. Fires with any (but for
`enable_…`, see `disabled-node`, and `search_path`): what explains a plan here may not hold in another session.
)md",
    .instead = R"md(
Compare with the session in which the query is slow.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..80.00 rows=9000 width=8) (actual time=0.1..2.0 rows=9000 loops=1)
Settings: work_mem = '64kB', random_page_cost = '1'
Execution Time: 2.5 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..80.00 rows=9000 width=8) (actual time=0.1..2.0 rows=9000 loops=1)
Execution Time: 2.5 ms)text",
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  std::string list;
  for (const auto& [name, value] : plan.settings) {
    if (name.starts_with("enable_") && value == "off") continue;
    if (name == "search_path") continue;  // It says which tables are meant, not how they are read.
    if (!list.empty()) list += ", ";
    list += name + " = '" + value + "'";
  }
  if (list.empty()) return;
  ReportPlan(kInfo, plan, 0, pass, "planned with " + OneLine(list, 300))
      .Primary("not the defaults")
      .Help("compare them with the session in which the query is slow");
}

}  // namespace

extern constinit const Rule kChangedSettings = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::changed_settings
