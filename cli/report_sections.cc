// The sections of a report, made of what the pipeline read and found.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/pipeline.h"
#include "cli/version.h"

namespace pgsift {
namespace {

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += ", ";
    text += part;
  }
  return text;
}

std::string NodeDetail(const PlanNode& node) {
  for (const auto& [name, text] :
       {std::pair<const char*, const std::string&>{"Index Cond", node.index_cond},
        {"Recheck Cond", node.recheck_cond},
        {"Hash Cond", node.hash_cond},
        {"Merge Cond", node.merge_cond},
        {"Join Filter", node.join_filter},
        {"Filter", node.filter}}) {
    if (!text.empty()) return std::string(name) + ": " + text;
  }
  if (!node.sort_keys.empty()) return "Sort Key: " + Joined(node.sort_keys);
  if (!node.group_keys.empty()) return "Group Key: " + Joined(node.group_keys);
  return {};
}

}  // namespace

Report Pipeline::MakeReport() const {
  Report report;
  report.command = options_.command;
  report.tool_version = ToolVersion();
  report.postgres_grammar = std::string(GrammarVersion());
  report.sources = &sources_;
  report.findings = findings_;
  return report;
}

std::vector<PlanReport> Pipeline::MakePlans() const {
  std::vector<PlanReport> reports;
  for (const Plan& plan : plans_) {
    PlanReport report;
    report.path = std::string(sources_.path(plan.file));
    report.line = plan.line;
    report.query = plan.query;
    report.analyzed = plan.analyzed;
    report.execution_ms =
        plan.execution_ms > 0 ? plan.execution_ms : plan.nodes.front().inclusive_ms;
    report.planning_ms = plan.planning_ms;
    const PlanNode& root = plan.nodes.front();
    for (const PlanNode& node : plan.nodes) {
      double own_cost = node.total_cost;
      for (int child : node.children) own_cost -= plan.nodes[static_cast<size_t>(child)].total_cost;
      const double loops = std::max(1.0, node.loops);
      const double share = root.timed ? node.exclusive_ms / std::max(1e-9, root.inclusive_ms)
                                      : std::max(0.0, own_cost) / std::max(1e-9, root.total_cost);
      report.nodes.push_back({.id = node.id,
                              .parent = node.parent,
                              .depth = node.depth,
                              .type = node.type,
                              .relation = node.relation,
                              .index = node.index,
                              .detail = NodeDetail(node),
                              .analyzed = node.analyzed,
                              .exclusive_ms = node.exclusive_ms,
                              .inclusive_ms = node.inclusive_ms,
                              .rows = node.TotalRows(),
                              .rows_planned = node.plan_rows * loops,
                              .loops = node.loops,
                              .rows_removed = node.rows_removed_by_filter * loops,
                              .cost = node.total_cost,
                              .share = std::clamp(share, 0.0, 1.0),
                              .line = node.line});
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace pgsift
