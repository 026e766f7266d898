#include "ingest/plan/init_plan_readers.h"

#include <algorithm>
#include <string>

namespace pgsift {
namespace {

bool NamesIt(const std::string& text, const std::string& name) {
  for (size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const size_t after = at + name.size();
    if (after >= text.size() || text[after] < '0' || text[after] > '9') return true;
  }
  return false;
}

bool Mentions(const PlanNode& node, const std::string& name) {
  for (const std::string* text :
       {&node.filter, &node.index_cond, &node.recheck_cond, &node.hash_cond, &node.merge_cond,
        &node.join_filter, &node.one_time_filter, &node.tid_cond, &node.order_by,
        &node.run_condition, &node.function_call, &node.conflict_filter}) {
    if (!text->empty() && NamesIt(*text, name)) return true;
  }
  for (const std::vector<std::string>* texts : {&node.output, &node.sort_keys, &node.group_keys}) {
    for (const std::string& text : *texts) {
      if (NamesIt(text, name)) return true;
    }
  }
  return false;
}

// What the conditions call the value: "$0" up to 16, "InitPlan 1" since.
std::vector<std::string> NamesOf(const std::string& name) {
  const size_t returns = name.find("(returns ");
  if (returns == std::string::npos) return {name};
  std::vector<std::string> names;
  size_t at = returns + 9;
  while (at < name.size() && name[at] == '$') {
    const size_t end = name.find_first_of(",)", at);
    if (end == std::string::npos) break;
    names.push_back(name.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

bool Inside(const Plan& plan, const PlanNode& node, const PlanNode& root) {
  for (int at = node.id; at >= 0; at = plan.At(at).parent) {
    if (at == root.id) return true;
  }
  return false;
}

}  // namespace

std::vector<int> ReadersOf(const Plan& plan, const PlanNode& init) {
  const bool cte = init.subplan_name.starts_with("CTE ");
  const std::string cte_name = cte ? init.subplan_name.substr(4) : std::string();
  const std::vector<std::string> names =
      cte ? std::vector<std::string>() : NamesOf(init.subplan_name);
  std::vector<int> readers;
  for (const PlanNode& node : plan.nodes) {
    const bool reads = cte ? node.type == "CTE Scan" && node.cte_name == cte_name
                           : std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                               return Mentions(node, name);
                             });
    if (reads && (node.exclusive_ms > 0 || !plan.timed) && !Inside(plan, node, init))
      readers.push_back(node.id);
  }
  const auto longest_first = [&](int a, int b) {
    const double left = plan.At(a).exclusive_ms;
    const double right = plan.At(b).exclusive_ms;
    return left != right ? left > right : a < b;
  };
  // Plans without times have buffers to share out all the same.
  if (!plan.timed) {
    if (readers.empty() && init.parent >= 0 && !cte) readers.push_back(init.parent);
    return readers;
  }
  std::sort(readers.begin(), readers.end(), longest_first);
  // A CTE that changes data runs to its end after the query, whoever reads it.
  if (cte && (readers.empty() || init.type == "ModifyTable")) return readers;
  if (init.parent < 0) return readers;
  readers.push_back(init.parent);
  // Without VERBOSE the output lists are not shown: the value may be asked for by any node below.
  std::vector<int> others;
  const PlanNode& parent = plan.At(init.parent);
  for (const PlanNode& node : plan.nodes) {
    if (node.id == parent.id || node.exclusive_ms < init.inclusive_ms || init.inclusive_ms <= 0)
      continue;
    if (!Inside(plan, node, parent) || Inside(plan, node, init)) continue;
    others.push_back(node.id);
  }
  std::sort(others.begin(), others.end(), longest_first);
  readers.insert(readers.end(), others.begin(), others.end());
  return readers;
}

}  // namespace pgsift
