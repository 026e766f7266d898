#include "ingest/plan/plan_times.h"

#include <algorithm>
#include <string>

namespace pgsift {
namespace {

// Times of a plan's nodes, bottom up.
class TimeWalk {
 public:
  explicit TimeWalk(Plan* plan) : nodes_(plan->nodes), processes_(plan->nodes.size(), 1) {}

  void Run() {
    if (nodes_.empty()) return;
    CountProcesses(0, 1, 1, false);
    for (size_t i = nodes_.size(); i-- > 0;) Inclusive(&nodes_[i]);
    for (PlanNode& node : nodes_) node.exclusive_ms = node.inclusive_ms;
    for (PlanNode& node : nodes_) SubtractChildren(&node);
    for (PlanNode& node : nodes_) {
      if (IsInitPlan(node)) TakeFromReaders(node);
    }
  }

 private:
  static bool IsGather(const PlanNode& node) {
    return node.type == "Gather" || node.type == "Gather Merge";
  }
  static bool IsInitPlan(const PlanNode& node) { return node.parent_relationship == "InitPlan"; }

  // How many processes ran a node side by side: its loops are the sum over them.
  void CountProcesses(size_t i, double processes, double gather_loops, bool below_gather) {
    const PlanNode& node = nodes_[i];
    double own = processes;
    if (IsInitPlan(node)) {
      own = 1;
      below_gather = false;
    } else if (below_gather && node.loops > 0) {
      own = std::max(1.0, std::min(processes, node.loops / std::max(1.0, gather_loops)));
    }
    processes_[i] = own;
    const bool gather = IsGather(node);
    for (int child : node.children) {
      if (gather) {
        CountProcesses(static_cast<size_t>(child), node.workers_launched + 1,
                       std::max(1.0, node.loops), true);
      } else {
        CountProcesses(static_cast<size_t>(child), own, gather_loops, below_gather);
      }
    }
  }

  void Inclusive(PlanNode* node) {
    if (!node->timed || node->loops <= 0) {
      node->inclusive_ms = 0;
      return;
    }
    node->inclusive_ms =
        node->actual_total_ms * node->loops / processes_[static_cast<size_t>(node->id)];
    const double below = ChildrenMs(*node);
    if (below <= node->inclusive_ms) return;
    // Workers that do not run all the time make the children of a Gather or a parallel Append seem
    // longer than it: what they did fits into its time.
    if (IsGather(*node) || node->type == "Append") {
      for (int child : node->children) {
        if (!IsInitPlan(At(child))) Scale(child, node->inclusive_ms / below);
      }
      return;
    }
    // Elsewhere it is rounding: the node took at least what is below it.
    node->inclusive_ms = below;
  }

  double ChildrenMs(const PlanNode& node) const {
    double sum = 0;
    for (int child : node.children) {
      if (!IsInitPlan(At(child))) sum += At(child).inclusive_ms;
    }
    return sum;
  }

  void Scale(int id, double factor) {
    PlanNode& node = nodes_[static_cast<size_t>(id)];
    node.inclusive_ms *= factor;
    for (int child : node.children) Scale(child, factor);
  }

  void SubtractChildren(PlanNode* node) {
    node->exclusive_ms = std::max(0.0, node->exclusive_ms - ChildrenMs(*node));
  }

  // An InitPlan hangs below one node and is computed when another first asks for its value: its
  // time is inside that one's, and is taken out there.
  void TakeFromReaders(const PlanNode& init) {
    double left = init.inclusive_ms;
    std::vector<PlanNode*> readers;
    for (PlanNode& node : nodes_) {
      if (&node != &init && Reads(node, init) && !Inside(node, init)) readers.push_back(&node);
    }
    std::sort(readers.begin(), readers.end(), [](const PlanNode* a, const PlanNode* b) {
      return a->exclusive_ms != b->exclusive_ms ? a->exclusive_ms > b->exclusive_ms : a->id < b->id;
    });
    if (init.parent >= 0) readers.push_back(&nodes_[static_cast<size_t>(init.parent)]);
    for (PlanNode* reader : readers) {
      const double taken = std::min(left, reader->exclusive_ms);
      reader->exclusive_ms -= taken;
      left -= taken;
    }
  }

  bool Inside(const PlanNode& node, const PlanNode& root) const {
    for (int at = node.id; at >= 0; at = At(at).parent) {
      if (at == root.id) return true;
    }
    return false;
  }

  static bool Mentions(const PlanNode& node, const std::string& name) {
    for (const std::string* text :
         {&node.filter, &node.index_cond, &node.recheck_cond, &node.hash_cond, &node.merge_cond,
          &node.join_filter, &node.one_time_filter}) {
      for (size_t at = text->find(name); at != std::string::npos; at = text->find(name, at + 1)) {
        const size_t after = at + name.size();
        if (after >= text->size() || (*text)[after] < '0' || (*text)[after] > '9') return true;
      }
    }
    return false;
  }

  static bool Reads(const PlanNode& node, const PlanNode& init) {
    const std::string& name = init.subplan_name;
    if (name.starts_with("CTE ")) return node.type == "CTE Scan" && node.cte_name == name.substr(4);
    // "InitPlan 1 (returns $0,$1)" up to 16, "InitPlan 1" since.
    const size_t returns = name.find("(returns ");
    if (returns == std::string::npos) return Mentions(node, name);
    size_t at = returns + 9;
    while (at < name.size() && name[at] == '$') {
      const size_t end = name.find_first_of(",)", at);
      if (end == std::string::npos) break;
      if (Mentions(node, name.substr(at, end - at))) return true;
      at = end + 1;
    }
    return false;
  }

  const PlanNode& At(int id) const { return nodes_[static_cast<size_t>(id)]; }

  std::vector<PlanNode>& nodes_;
  std::vector<double> processes_;
};

}  // namespace

void ComputeTimes(Plan* plan) { TimeWalk(plan).Run(); }

}  // namespace pgsift
