// PLN076 disabled-node: the plan uses, or avoids, what a setting forbids.

#include "rules/plan/plan_rule.h"

namespace pgsift::disabled_node {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN076",
    .name = "disabled-node",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "the plan uses, or avoids, what a setting forbids",
    .why = R"md(
`enable_seqscan = off` and its like are for experiments: they make all plans of the session worse. Fires for a
node that is marked as disabled (18), costs 1e10 (before), and for each `enable_…` among the settings.
)md",
    .instead = R"md(
`RESET enable_seqscan`; look into the configuration of the role and database (`\drds`) and into the
connection's options.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=10000000000.00..10000000080.00 rows=9000 width=8) (actual time=0.1..2.0 rows=9000 loops=1)
Execution Time: 2.5 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..80.00 rows=9000 width=8) (actual time=0.1..2.0 rows=9000 loops=1)
Execution Time: 2.5 ms)text",
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  std::vector<std::string> off;
  for (const auto& [name, value] : plan.settings) {
    if (name.starts_with("enable_") && value == "off") off.push_back(name);
  }
  const PlanNode* disabled = nullptr;
  for (const PlanNode& node : plan.nodes) {
    if (node.disabled && disabled == nullptr) disabled = &node;
  }
  if (disabled == nullptr && off.empty()) return;
  const PlanNode& node = disabled == nullptr ? plan.nodes.front() : *disabled;
  Finding& finding =
      ReportNode(kInfo, plan, node, 0, pass,
                 disabled != nullptr ? NodeName(node) + " is used although a setting forbids it"
                                     : Joined(off) + " off: the planner may not use what is best");
  finding.Primary(off.empty() ? "some enable_ setting is off" : Joined(off) + " = off");
  finding.severity = std::max(finding.severity, Severity::kWarning);
  for (const std::string& name : off) finding.Help("RESET " + name);
  if (off.empty()) finding.Help("EXPLAIN (SETTINGS) shows which setting it is");
}

}  // namespace

extern constinit const Rule kDisabledNode = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::disabled_node
