#include "rules/plan/plan_rule.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"

namespace pgsift {

Finding& ReportNode(const RuleInfo& rule, const Plan& plan, const PlanNode& node, double saving_ms,
                    EvidencePass& pass, std::string message) {
  Finding& finding =
      pass.Report(rule, {.begin = node.offset, .size = 0, .file = plan.file}, std::move(message));
  finding.cost_ms = saving_ms;
  finding.statement = plan.query;
  if (!node.relation.empty()) {
    const QualifiedName name{node.schema, node.relation};
    finding.On(pass.catalog().Resolve(name).ToString());
  }
  const double whole = plan.execution_ms > 0 ? plan.execution_ms : plan.nodes.front().inclusive_ms;
  EvidenceItem item{.input = std::string(pass.evidence().sources->path(plan.file)),
                    .kind = "plan",
                    .ref = absl::StrFormat("node %d", node.id),
                    .text = absl::StrFormat("%s%s%s takes %s of %s (%.0f %%)", node.type,
                                            node.relation.empty() ? "" : " on ", node.relation,
                                            HumanMs(node.exclusive_ms), HumanMs(whole),
                                            100 * node.exclusive_ms / std::max(whole, 1e-9))};
  finding.Evidence(std::move(item));
  finding.Measure("exclusive_ms", node.exclusive_ms, "ms");
  finding.Measure("saving_ms", saving_ms, "ms");
  return finding;
}

}  // namespace pgsift
