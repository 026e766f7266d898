// Plans as trees, with the time that each node takes by itself.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/text.h"
#include "reports/slowest_plans.h"
#include "reports/text_sections.h"

namespace pgsift {
namespace {

constexpr size_t kIndentMax = 40;  // Columns; deeper nodes are not shifted further.
constexpr size_t kNodesShown = 200;
constexpr size_t kPlansShown = 100;
constexpr size_t kWide = 100;  // Columns from which on there is room for what a row takes.

std::string Short(double number) {
  if (number < 10 && number != std::floor(number)) return absl::StrFormat("%.1f", number);
  if (number < 10'000) return absl::StrFormat("%.0f", number);
  if (number < 10'000'000) return absl::StrFormat("%.0fk", number / 1000);
  return absl::StrFormat("%.0fM", number / 1'000'000);
}

// "+417x": that many times more rows than expected; "-12x": fewer; "" where it was near.
std::string Estimate(const PlanNodeReport& node) {
  if (!node.analyzed || node.never_executed) return {};
  const bool more = node.misestimate >= 1;
  const double factor = more ? node.misestimate : 1 / std::max(1e-9, node.misestimate);
  if (factor < 2) return {};
  return (more ? "+" : "-") + Short(std::round(factor)) + "x";
}

// What one row takes: time, or cost where there is none. "" where there are no rows.
std::string PerRow(const PlanReport& plan, const PlanNodeReport& node) {
  const double rows = plan.analyzed ? node.rows : node.rows_planned;
  if (rows < 1 || (plan.analyzed && (!plan.timed || !node.analyzed))) return {};
  if (!plan.analyzed) return Short(node.cost / rows);
  const double ns = 1e6 * node.exclusive_ms / rows;
  if (ns < 1) return "<1 ns";
  if (ns < 1e3) return absl::StrFormat("%.0f ns", ns);
  return ns < 1e6 ? absl::StrFormat("%.1f us", ns / 1e3) : HumanMs(ns / 1e6);
}

std::string NameOf(const PlanNodeReport& node) {
  std::string name;
  const bool subplan = node.relationship.starts_with("InitPlan") ||
                       node.relationship.starts_with("SubPlan") ||
                       node.relationship.starts_with("CTE ");
  if (subplan) name += node.relationship + ": ";
  for (const auto& [key, text] : node.texts) {
    if (key == "partial_mode" && text != "Simple") name += text + " ";
  }
  name += node.type;
  for (const auto& [key, text] : node.texts) {
    if (key == "join_type" && text != "Inner") name += " (" + text + ")";
    if (key == "operation" && node.type == "ModifyTable") name += " (" + text + ")";
    if (key == "strategy" && text != "Plain") name += " (" + text + ")";
  }
  if (!node.index.empty()) name += " using " + node.index;
  if (!node.relation.empty()) name += " on " + node.relation;
  for (const auto& [key, text] : node.texts) {
    if (key == "cte" || key == "function") name += " on " + text;
  }
  if (node.never_executed) {
    name += " (never executed)";
  } else if (node.loops > 1) {
    name += absl::StrFormat(" x%s", Short(node.loops));
    if (node.processes > 1) name += absl::StrFormat(", %s processes", Short(node.processes));
  }
  return name;
}

// The tree's lines in front of a node: what hangs below whom. Heavy ones lead along the slowest
// children.
std::string Branches(const PlanReport& plan, const PlanNodeReport& node) {
  if (node.depth == 0) return {};
  const size_t columns = static_cast<size_t>(node.depth) * 2;
  if (columns > kIndentMax) return std::string(kIndentMax - 2, ' ') + (node.critical ? "┗ " : "└ ");
  std::string out;
  const PlanNodeReport* at = &node;
  std::vector<std::string> parts;
  while (at->parent >= 0) {
    bool last = true;
    bool critical = false;  // One that comes later on this level.
    for (size_t i = static_cast<size_t>(at->id) + 1; i < plan.nodes.size(); ++i) {
      if (plan.nodes[i].depth < at->depth) break;
      if (plan.nodes[i].depth != at->depth) continue;
      last = false;
      critical = critical || plan.nodes[i].critical;
    }
    if (at == &node) {
      const char* corner = at->critical ? "┗ " : "└ ";
      const char* fork = at->critical ? "┣ " : critical ? "┠ " : "├ ";
      parts.push_back(last ? corner : fork);
    } else {
      parts.push_back(last ? "  " : critical ? "┃ " : "│ ");
    }
    at = &plan.nodes[static_cast<size_t>(at->parent)];
  }
  for (size_t i = parts.size(); i-- > 0;) out += parts[i];
  return out;
}

std::string Node(const PlanReport& plan, const PlanNodeReport& node, bool worst,
                 const RenderOptions& options, const TextStyle& style) {
  std::string numbers =
      PadRight(Bar(node.share, 5), 5) + absl::StrFormat(" %3.0f%%", 100 * node.share);
  const bool wide = options.width >= kWide;
  if (plan.analyzed) {
    const std::string time = !node.analyzed || !plan.timed ? "-" : HumanMs(node.exclusive_ms);
    numbers += "  " + PadLeft(time, 9) + "  " + PadLeft(Short(node.rows), 6) + "  " +
               PadLeft(Estimate(node), 6) + "  ";
  } else {
    numbers +=
        "  " + PadLeft(Short(node.cost), 9) + "  " + PadLeft(Short(node.rows_planned), 6) + "  ";
  }
  if (wide) numbers += PadLeft(PerRow(plan, node), 8) + "  ";
  const size_t room =
      options.width > Columns(numbers) + 22 ? options.width - Columns(numbers) - 2 : 20;
  std::string out = (worst ? "> " : "  ") + numbers;
  const std::string branches = Branches(plan, node);
  const std::string shown = Cut(branches + Printable(NameOf(node)), room);
  out += (worst ? style.Bold(shown) : shown) + "\n";
  if (!node.detail.empty()) {
    const std::string indent(Columns(numbers) + 4 + Columns(branches), ' ');
    const size_t left = options.width > indent.size() + 10 ? options.width - indent.size() : 10;
    const std::string removed =
        node.rows_removed >= 1 ? ", removes " + Short(node.rows_removed) : std::string();
    const size_t condition = left > removed.size() + 10 ? left - removed.size() : left;
    std::string detail = Cut(Printable(OneLine(node.detail, 300)), condition);
    if (condition < left || removed.empty()) detail += removed;
    out += indent + style.Dim(detail) + "\n";
  }
  return out;
}

std::string Heading(const PlanReport& plan, const RenderOptions& options, const TextStyle& style) {
  std::string out = style.Bold(absl::StrFormat("Plan %s:%d", plan.path, plan.line));
  if (plan.analyzed) {
    if (plan.execution_ms > 0) out += "  " + HumanMs(plan.execution_ms);
    if (plan.planning_ms > 0) out += ", planned in " + HumanMs(plan.planning_ms);
  } else {
    out += "  estimates only";
  }
  if (plan.truncated) out += ", broken off";
  std::string aside;
  for (const auto& [name, value] : plan.numbers) {
    if (name == "runs") out += ", the slowest of " + Grouped(static_cast<uint64_t>(value));
    const bool time = name == "jit_ms" || name == "trigger_ms" || name == "outside_ms" ||
                      name == "serialization_ms";
    if (!time || value < 0.01 * plan.execution_ms) continue;
    if (!aside.empty()) aside += ", ";
    aside += name.substr(0, name.size() - 3) + " " + HumanMs(value);
  }
  out += "\n";
  if (!plan.query.empty())
    out += "  " + Cut(Printable(OneLine(plan.query, 300)), options.width - 2) + "\n";
  if (!aside.empty()) out += "  " + style.Dim("beside the nodes: " + aside) + "\n";
  return out;
}

}  // namespace

std::string TextPlans(const std::vector<PlanReport>& plans, const RenderOptions& options,
                      const TextStyle& style) {
  std::string out;
  std::vector<double> times;
  for (const PlanReport& plan : plans) times.push_back(plan.execution_ms);
  const std::vector<size_t> shown = SlowestPlans(times, kPlansShown);
  for (size_t place : shown) {
    const PlanReport& plan = plans[place];
    out += Heading(plan, options, style);
    out += style.Dim(std::string(plan.analyzed ? "  share            time    rows  missed  "
                                               : "  share            cost    rows  ") +
                     (options.width >= kWide ? " per row  node\n" : "node\n"));
    const auto worst = std::max_element(
        plan.nodes.begin(), plan.nodes.end(),
        [](const PlanNodeReport& a, const PlanNodeReport& b) { return a.share < b.share; });
    for (const PlanNodeReport& node : plan.nodes) {
      if (static_cast<size_t>(node.id) >= kNodesShown) {
        out += style.Dim(absl::StrFormat("  … and %d nodes more: --format json has all\n",
                                         plan.nodes.size() - kNodesShown));
        break;
      }
      out += Node(plan, node, &node == &*worst, options, style);
    }
    out += "\n";
  }
  if (shown.size() < plans.size()) {
    out += style.Dim(absl::StrFormat("… and %d plans more, none slower: --format json has all\n\n",
                                     plans.size() - shown.size()));
  }
  return out;
}

std::string TextPlanGroups(const std::vector<PlanGroupReport>& groups,
                           const std::vector<PlanReport>& plans, const RenderOptions& options,
                           const TextStyle& style) {
  std::string out;
  for (const PlanGroupReport& group : groups) {
    if (group.variants.size() < 2) continue;
    out += style.Bold(absl::StrFormat("Query %s was planned in %d ways", group.query_id,
                                      group.variants.size())) +
           "\n  " + Cut(Printable(OneLine(group.query, 300)), options.width - 2) + "\n";
    out += style.Dim("  first seen            runs       mean    longest  plan\n");
    for (const PlanVariantReport& variant : group.variants) {
      const std::string first =
          variant.first_us == 0
              ? "-"
              : absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixMicros(variant.first_us),
                                 absl::UTCTimeZone());
      std::string name;
      if (variant.plan < plans.size() && !plans[variant.plan].nodes.empty()) {
        const PlanReport& plan = plans[variant.plan];
        name = absl::StrFormat("line %d: ", plan.line) + NameOf(plan.nodes.front());
      }
      out += "  " + PadRight(first, 20) + PadLeft(Short(variant.runs), 6) + "  " +
             PadLeft(HumanMs(variant.mean_ms), 9) + "  " + PadLeft(HumanMs(variant.longest_ms), 9) +
             "  " + Cut(Printable(name), options.width > 74 ? options.width - 54 : 20) + "\n";
    }
    out += "\n";
  }
  return out;
}

std::string TextPlanComparisons(const std::vector<PlanComparisonReport>& comparisons,
                                const RenderOptions& options, const TextStyle& style) {
  std::string out;
  for (const PlanComparisonReport& comparison : comparisons) {
    out +=
        style.Bold(absl::StrFormat("%s:%d -> %s:%d", comparison.before_path, comparison.before_line,
                                   comparison.after_path, comparison.after_line)) +
        "  ";
    out += comparison.timed
               ? HumanMs(comparison.before_ms) + " -> " + HumanMs(comparison.after_ms)
               : "cost " + Short(comparison.before_cost) + " -> " + Short(comparison.after_cost);
    out += ": " + comparison.verdict + (comparison.same_shape ? ", same plan\n" : "\n");
    if (!comparison.query.empty())
      out += "  " + Cut(Printable(OneLine(comparison.query, 300)), options.width - 2) + "\n";
    out += style.Dim("      time before      after    rows before     after  node\n");
    for (const PlanChangeReport& change : comparison.changes) {
      const char* mark = change.what == "added"     ? "+"
                         : change.what == "removed" ? "-"
                         : change.what == "changed" ? "~"
                                                    : " ";
      const bool had = change.before >= 0;
      const bool has = change.after >= 0;
      const auto ms = [&](bool there, double value) {
        return !there ? std::string() : comparison.timed ? HumanMs(value) : std::string("-");
      };
      std::string line = absl::StrFormat("  %s ", mark) + PadLeft(ms(had, change.before_ms), 13) +
                         "  " + PadLeft(ms(has, change.after_ms), 9) + "  " +
                         PadLeft(had ? Short(change.before_rows) : "", 13) + "  " +
                         PadLeft(has ? Short(change.after_rows) : "", 8) + "  ";
      std::string name(std::min<size_t>(static_cast<size_t>(change.depth) * 2, kIndentMax), ' ');
      name += had ? change.before_node : change.after_node;
      if (had && has && change.before_node != change.after_node) name += " -> " + change.after_node;
      const size_t room = options.width > Columns(line) + 20 ? options.width - Columns(line) : 20;
      name = Cut(Printable(name), room);
      line += change.what == "added"     ? style.Added(name)
              : change.what == "removed" ? style.Removed(name)
              : change.what == "changed" ? style.Bold(name)
                                         : name;
      out += line + "\n";
    }
    out += "\n";
  }
  return out;
}

}  // namespace pgsift
