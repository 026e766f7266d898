// Plans as trees, with the time that each node takes by itself.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/text_sections.h"

namespace pgsift {
namespace {

std::string Rows(double rows) {
  if (rows < 10'000) return absl::StrFormat("%.0f", rows);
  if (rows < 10'000'000) return absl::StrFormat("%.0fk", rows / 1000);
  return absl::StrFormat("%.0fM", rows / 1'000'000);
}

std::string Node(const PlanNodeReport& node, bool worst, bool analyzed,
                 const RenderOptions& options, const TextStyle& style) {
  std::string name = std::string(static_cast<size_t>(node.depth) * 2, ' ') + node.type;
  if (!node.index.empty()) name += " using " + node.index;
  if (!node.relation.empty()) name += " on " + node.relation;
  std::string numbers =
      PadRight(Bar(node.share, 5), 5) + absl::StrFormat(" %3.0f%%", 100 * node.share);
  if (analyzed) {
    numbers += "  " + PadLeft(node.analyzed ? HumanMs(node.exclusive_ms) : "-", 9) + "  " +
               PadLeft(Rows(node.rows), 7) + "  " + PadLeft(Rows(node.rows_planned), 7) + "  ";
  } else {
    numbers += "  " + PadLeft(absl::StrFormat("%.0f", node.cost), 10) + "  " +
               PadLeft(Rows(node.rows_planned), 7) + "  ";
  }
  const size_t room =
      options.width > Columns(numbers) + 22 ? options.width - Columns(numbers) - 2 : 20;
  std::string out = (worst ? "> " : "  ") + numbers;
  const std::string shown = Cut(Printable(name), room);
  out += (worst ? style.Bold(shown) : shown) + "\n";
  if (!node.detail.empty()) {
    const std::string indent(Columns(numbers) + 4 + static_cast<size_t>(node.depth) * 2, ' ');
    const size_t left = options.width > indent.size() + 10 ? options.width - indent.size() : 10;
    out += indent + style.Dim(Cut(Printable(node.detail), left)) + "\n";
  }
  return out;
}

}  // namespace

std::string TextPlans(const std::vector<PlanReport>& plans, const RenderOptions& options,
                      const TextStyle& style) {
  std::string out;
  for (const PlanReport& plan : plans) {
    out += style.Bold(absl::StrFormat("Plan %s:%d", plan.path, plan.line));
    if (plan.analyzed) {
      out += absl::StrFormat("  %s, planned in %s", HumanMs(plan.execution_ms),
                             HumanMs(plan.planning_ms));
    }
    out += "\n";
    if (!plan.query.empty())
      out += "  " + Cut(Printable(OneLine(plan.query, 300)), options.width - 2) + "\n";
    out += style.Dim(plan.analyzed ? "  share            time     rows  planned  node\n"
                                   : "  share            cost  planned  node\n");
    const auto worst = std::max_element(
        plan.nodes.begin(), plan.nodes.end(),
        [](const PlanNodeReport& a, const PlanNodeReport& b) { return a.share < b.share; });
    for (const PlanNodeReport& node : plan.nodes) {
      out += Node(node, &node == &*worst, plan.analyzed, options, style);
    }
    out += "\n";
  }
  return out;
}

}  // namespace pgsift
