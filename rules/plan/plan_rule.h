#ifndef PGSIFT_RULES_PLAN_PLAN_RULE_H_
#define PGSIFT_RULES_PLAN_PLAN_RULE_H_

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "ingest/plan/plan.h"
#include "rules/rule.h"

namespace pgsift {

// A node that takes less than this share of its plan's time, and less than this many milliseconds,
// is no more than worth knowing: ReportNode lowers findings about it to info.
inline constexpr double kGateShare = 0.05;
inline constexpr double kGateMs = 50;

// Reports a finding about one node of a plan: with its place, its relation, and its share of the
// time. `saving_ms` is the time that it estimates could be saved; it orders the findings. Of a
// log's plan it is that of all its executions.
Finding& ReportNode(const RuleInfo& rule, const Plan& plan, const PlanNode& node, double saving_ms,
                    EvidencePass& pass, std::string message);
// The same about a plan as a whole.
Finding& ReportPlan(const RuleInfo& rule, const Plan& plan, double saving_ms, EvidencePass& pass,
                    std::string message);

// "Seq Scan on `orders`", "Hash Join".
std::string NodeName(const PlanNode& node);
// "1,234", "0.25": rows and other counts as people read them.
std::string Count(double number);
std::string Joined(const std::vector<std::string>& parts);
// Was analyzed and ran.
inline bool Ran(const PlanNode& node) { return node.analyzed && node.loops > 0; }
inline bool IsIndexScan(const PlanNode& node) {
  return node.type == "Index Scan" || node.type == "Index Only Scan";
}
inline bool IsJoin(const PlanNode& node) {
  return node.type == "Nested Loop" || node.type == "Hash Join" || node.type == "Merge Join";
}
inline bool IsScan(const PlanNode& node) { return node.type.ends_with("Scan"); }
// The nearest node above that is of this type; null: there is none.
const PlanNode* Above(const Plan& plan, const PlanNode& node, std::string_view type);
// Calls visit(node) for the node and all below it.
template <typename Visit>
void ForSubtree(const Plan& plan, const PlanNode& node, const Visit& visit) {
  for (size_t i = static_cast<size_t>(node.id); i < plan.nodes.size(); ++i) {
    const PlanNode& below = plan.nodes[i];
    if (below.id != node.id && below.depth <= node.depth) break;
    visit(below);
  }
}
// Some node of the subtree satisfies `predicate`.
template <typename Predicate>
bool AnyBelow(const Plan& plan, const PlanNode& node, const Predicate& predicate) {
  bool any = false;
  ForSubtree(plan, node, [&](const PlanNode& below) { any = any || predicate(below); });
  return any;
}

// The work_mem, in kB, that keeps this node's sort or hash in memory; 0: it did not spill.
double WorkMemKbFor(const PlanNode& node);
// "SET LOCAL work_mem = '64MB'": rounded up to whole megabytes.
std::string SetWorkMem(double kb);

// Times by which the rows of one loop differ from what was planned; at least 1.
double MisestimateOf(const PlanNode& node);

// Defines a check that runs `check(plan, node, pass)` for every node of a plan.
template <void (*Check)(const Plan&, const PlanNode&, EvidencePass&)>
void ForEachNode(const Plan& plan, EvidencePass& pass) {
  for (const PlanNode& node : plan.nodes) Check(plan, node, pass);
}

}  // namespace pgsift

#endif  // PGSIFT_RULES_PLAN_PLAN_RULE_H_
