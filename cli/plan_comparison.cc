#include "cli/plan_comparison.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"

namespace pgsift {
namespace {

// Plans of more nodes than this are compared place by place: aligning takes the product of both.
constexpr size_t kAlignedNodesMax = 2000;

std::string NameOf(const PlanNode& node) {
  std::string name = node.type;
  if (node.type.ends_with("Join") || node.type == "Nested Loop") {
    if (!node.join_type.empty() && node.join_type != "Inner") name += " (" + node.join_type + ")";
  }
  if (!node.index.empty()) name += " using " + node.index;
  if (!node.relation.empty()) name += " on " + node.relation;
  if (!node.cte_name.empty()) name += " on " + node.cte_name;
  return name;
}

// How well two nodes fit each other; 0: not at all.
int Fit(const PlanNode& a, const PlanNode& b) {
  const bool same_target =
      a.relation == b.relation && a.alias == b.alias && a.cte_name == b.cte_name;
  if (a.type == b.type && same_target && a.index == b.index) return 6;
  if (!a.relation.empty() && same_target) return 5;  // Another way to read the same.
  if (a.type == b.type && a.relation.empty() && b.relation.empty()) return 4;
  const auto join = [](const PlanNode& node) {
    return node.type == "Nested Loop" || node.type == "Hash Join" || node.type == "Merge Join";
  };
  if (join(a) && join(b)) return 3;
  return 0;
}

std::vector<std::pair<int, int>> Aligned(const Plan& before, const Plan& after) {
  const size_t n = before.nodes.size();
  const size_t m = after.nodes.size();
  std::vector<std::pair<int, int>> pairs;
  if (n > kAlignedNodesMax || m > kAlignedNodesMax) {
    for (size_t i = 0; i < std::max(n, m); ++i) {
      pairs.emplace_back(i < n ? static_cast<int>(i) : -1, i < m ? static_cast<int>(i) : -1);
    }
    return pairs;
  }
  // best[i][j]: of the nodes from i and from j on.
  std::vector<std::vector<int>> best(n + 1, std::vector<int>(m + 1, 0));
  for (size_t i = n; i-- > 0;) {
    for (size_t j = m; j-- > 0;) {
      const int fit = Fit(before.nodes[i], after.nodes[j]);
      best[i][j] =
          std::max({best[i + 1][j], best[i][j + 1], fit > 0 ? fit + best[i + 1][j + 1] : 0});
    }
  }
  size_t i = 0;
  size_t j = 0;
  while (i < n || j < m) {
    const int fit = i < n && j < m ? Fit(before.nodes[i], after.nodes[j]) : 0;
    if (fit > 0 && best[i][j] == fit + best[i + 1][j + 1]) {
      pairs.emplace_back(static_cast<int>(i++), static_cast<int>(j++));
    } else if (j >= m || (i < n && best[i + 1][j] >= best[i][j + 1])) {
      pairs.emplace_back(static_cast<int>(i++), -1);
    } else {
      pairs.emplace_back(-1, static_cast<int>(j++));
    }
  }
  return pairs;
}

bool Differs(double a, double b, double factor, double least) {
  const double low = std::min(a, b);
  const double high = std::max(a, b);
  return high - low > least && high > factor * low;
}

}  // namespace

PlanComparisonReport ComparePlans(const Plan& before, const Plan& after, const PlanGate& gate,
                                  const SourceSet& sources) {
  PlanComparisonReport report;
  report.before_path = std::string(sources.path(before.file));
  report.after_path = std::string(sources.path(after.file));
  report.before_line = before.line;
  report.after_line = after.line;
  report.query = after.query.empty() ? before.query : after.query;
  report.timed = before.timed && after.timed;
  report.same_shape = before.shape == after.shape;
  report.before_ms = before.WholeMs();
  report.after_ms = after.WholeMs();
  report.before_cost = before.nodes.front().total_cost;
  report.after_cost = after.nodes.front().total_cost;
  const double was = report.timed ? report.before_ms : report.before_cost;
  const double is = report.timed ? report.after_ms : report.after_cost;
  report.verdict = !Differs(was, is, gate.factor, gate.ms) ? "same"
                   : is > was                              ? "slower"
                                                           : "faster";
  for (const auto& [b, a] : Aligned(before, after)) {
    PlanChangeReport change{.before = b, .after = a};
    if (b >= 0) {
      const PlanNode& node = before.At(b);
      change.depth = node.depth;
      change.before_node = NameOf(node);
      change.before_ms = node.exclusive_ms;
      change.before_rows = node.analyzed ? node.TotalRows() : node.plan_rows;
      change.before_blocks = node.own.Touched();
    }
    if (a >= 0) {
      const PlanNode& node = after.At(a);
      change.depth = node.depth;
      change.after_node = NameOf(node);
      change.after_ms = node.exclusive_ms;
      change.after_rows = node.analyzed ? node.TotalRows() : node.plan_rows;
      change.after_blocks = node.own.Touched();
    }
    const bool changed = change.before_node != change.after_node ||
                         Differs(change.before_ms, change.after_ms, gate.factor, gate.ms) ||
                         Differs(change.before_rows, change.after_rows, gate.factor, 10) ||
                         Differs(change.before_blocks, change.after_blocks, gate.factor, 100);
    change.what = b < 0 ? "added" : a < 0 ? "removed" : changed ? "changed" : "same";
    report.changes.push_back(std::move(change));
  }
  return report;
}

std::vector<std::pair<size_t, size_t>> PairPlans(std::span<const Plan* const> before,
                                                 std::span<const Plan* const> after) {
  std::vector<std::pair<size_t, size_t>> pairs;
  std::vector<bool> taken(after.size(), false);
  std::vector<size_t> rest;
  for (size_t i = 0; i < before.size(); ++i) {
    const std::string query = OneLine(before[i]->query, 100'000);
    size_t partner = after.size();
    for (size_t j = 0; j < after.size() && !query.empty(); ++j) {
      if (taken[j] || OneLine(after[j]->query, 100'000) != query) continue;
      partner = j;
      break;
    }
    if (partner == after.size()) {
      rest.push_back(i);
      continue;
    }
    taken[partner] = true;
    pairs.emplace_back(i, partner);
  }
  for (size_t i : rest) {
    if (i >= after.size() || taken[i]) continue;
    taken[i] = true;
    pairs.emplace_back(i, i);
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

}  // namespace pgsift
