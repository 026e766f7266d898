#include "rules/plan/plan_rule.h"

namespace pgsift {
namespace {

Finding& Report(const RuleInfo& rule, const Plan& plan, Span at, double saving_ms,
                EvidencePass& pass, std::string message) {
  Finding& finding = pass.Report(rule, at, std::move(message));
  const double runs = std::max(1.0, plan.logged.runs);
  finding.cost_ms = std::max(0.0, saving_ms) * runs;
  finding.statement = plan.query;
  if (runs > 1) {
    finding.Note(absl::StrFormat("planned like this %.0f times in the %s", runs,
                                 plan.shape_id.empty() ? "input" : "log"));
  }
  return finding;
}

}  // namespace

Finding& ReportNode(const RuleInfo& rule, const Plan& plan, const PlanNode& node, double saving_ms,
                    EvidencePass& pass, std::string message) {
  Finding& finding = Report(rule, plan, {.begin = node.offset, .size = 0, .file = plan.file},
                            saving_ms, pass, std::move(message));
  if (!node.relation.empty()) {
    const QualifiedName name{node.schema, node.relation};
    finding.On(pass.catalog().Resolve(name).ToString());
  }
  const double whole = plan.WholeMs();
  std::string text = NodeName(node);
  if (plan.timed) {
    text += absl::StrFormat(" takes %s of %s (%.0f %%)", HumanMs(node.exclusive_ms), HumanMs(whole),
                            100 * node.share);
    if (node.uncertainty_ms > 0.1 * node.inclusive_ms && node.uncertainty_ms > 0.1) {
      text += absl::StrFormat(", give or take %s by rounding", HumanMs(node.uncertainty_ms));
    }
  } else {
    text += absl::StrFormat(": %.0f %% of the plan's %s", 100 * node.share,
                            plan.has_buffers ? "blocks" : "cost");
  }
  finding.Evidence({.input = std::string(pass.evidence().sources->path(plan.file)),
                    .kind = "plan",
                    .ref = absl::StrFormat("node %d", node.id),
                    .text = std::move(text)});
  if (plan.timed) {
    finding.Measure("exclusive_ms", node.exclusive_ms, "ms");
    finding.Measure("saving_ms", std::max(0.0, saving_ms), "ms");
    const bool small = node.share < kGateShare && node.inclusive_ms < kGateShare * whole &&
                       node.inclusive_ms < kGateMs;
    if (small) finding.severity = std::min(finding.severity, Severity::kInfo);
  }
  return finding;
}

Finding& ReportPlan(const RuleInfo& rule, const Plan& plan, double saving_ms, EvidencePass& pass,
                    std::string message) {
  Finding& finding = Report(rule, plan, {.begin = plan.offset, .size = 0, .file = plan.file},
                            saving_ms, pass, std::move(message));
  finding.Evidence(
      {.input = std::string(pass.evidence().sources->path(plan.file)),
       .kind = "plan",
       .ref = "node 0",
       .text = plan.timed ? absl::StrFormat("planned in %s, run in %s", HumanMs(plan.planning_ms),
                                            HumanMs(plan.WholeMs()))
                          : std::string("planned only")});
  if (plan.timed) finding.Measure("saving_ms", std::max(0.0, saving_ms), "ms");
  return finding;
}

std::string NodeName(const PlanNode& node) {
  const std::string& target = !node.relation.empty()        ? node.relation
                              : !node.cte_name.empty()      ? node.cte_name
                              : !node.function_name.empty() ? node.function_name
                                                            : node.index;
  return target.empty() ? node.type : node.type + " on `" + target + "`";
}

std::string Count(double number) {
  if (number > 0 && number < 10 && number != std::floor(number))
    return absl::StrFormat("%.2g", number);
  return Grouped(static_cast<uint64_t>(std::llround(std::max(0.0, number))));
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += ", ";
    text += part;
  }
  return text;
}

const PlanNode* Above(const Plan& plan, const PlanNode& node, std::string_view type) {
  for (const PlanNode* at = plan.ParentOf(node); at != nullptr; at = plan.ParentOf(*at)) {
    if (at->type == type) return at;
  }
  return nullptr;
}

double WorkMemKbFor(const PlanNode& node) {
  // In memory a sorted row takes about this much more than in the sort's file. Measured with narrow
  // rows, for which it is greatest.
  constexpr double kSortMemoryFactor = 3;
  double kb = 0;
  if (node.sort_space_type == "Disk") kb = node.sort_space_kb * kSortMemoryFactor;
  for (const SortGroups* groups : {&node.full_sort_groups, &node.presorted_groups}) {
    kb = std::max(kb, groups->peak_disk_kb * kSortMemoryFactor);
  }
  // From 15 on a hash may take work_mem x hash_mem_multiplier, 2 by default: the figure is safe.
  if (node.hash_batches > 1) kb = std::max(kb, node.peak_memory_kb * node.hash_batches * 1.2);
  if (node.hashagg_batches > 1 || node.disk_usage_kb > 0) {
    kb = std::max(kb, (node.peak_memory_kb + 2 * node.disk_usage_kb) * 1.2);
  }
  if (node.storage == "Disk") kb = std::max(kb, node.storage_kb * 1.2);
  return kb;
}

std::string SetWorkMem(double kb) {
  return absl::StrFormat("SET LOCAL work_mem = '%.0fMB'", std::max(1.0, std::ceil(kb / 1024)));
}

double MisestimateOf(const PlanNode& node) {
  const double actual = std::max(node.actual_rows, 1.0);
  const double planned = std::max(node.plan_rows, 1.0);
  return std::max(actual / planned, planned / actual);
}

}  // namespace pgsift
