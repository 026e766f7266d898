#include "ingest/plan/plan_times.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "ingest/plan/init_plan_readers.h"

namespace pgsift {
namespace {

constexpr double BufferCounts::*kBufferMembers[] = {
    &BufferCounts::shared_hit,     &BufferCounts::shared_read,    &BufferCounts::shared_dirtied,
    &BufferCounts::shared_written, &BufferCounts::local_hit,      &BufferCounts::local_read,
    &BufferCounts::local_dirtied,  &BufferCounts::local_written,  &BufferCounts::temp_read,
    &BufferCounts::temp_written,   &BufferCounts::shared_read_ms, &BufferCounts::shared_write_ms,
    &BufferCounts::local_read_ms,  &BufferCounts::local_write_ms, &BufferCounts::temp_read_ms,
    &BufferCounts::temp_write_ms};
constexpr double WalCounts::*kWalMembers[] = {&WalCounts::records, &WalCounts::full_page_images,
                                              &WalCounts::bytes, &WalCounts::buffers_full};

// Takes `part` out of `whole`, not below 0.
void Subtract(const BufferCounts& part, BufferCounts* whole) {
  for (auto member : kBufferMembers) whole->*member = std::max(0.0, whole->*member - part.*member);
}
void Subtract(const WalCounts& part, WalCounts* whole) {
  for (auto member : kWalMembers) whole->*member = std::max(0.0, whole->*member - part.*member);
}

// Times of a plan's nodes, bottom up.
class TimeWalk {
 public:
  explicit TimeWalk(Plan* plan) : plan_(*plan), nodes_(plan->nodes) {}

  void Run() {
    CountProcesses();
    for (size_t i = nodes_.size(); i-- > 0;) Inclusive(&nodes_[i]);
    for (PlanNode& node : nodes_) {
      node.exclusive_ms = node.inclusive_ms;
      node.own = node.buffers;
      node.own_wal = node.wal;
      node.uncertainty_ms = node.timed ? 0.0005 * node.loops / node.processes : 0;
    }
    for (PlanNode& node : nodes_) SubtractChildren(&node);
    for (PlanNode& node : nodes_) {
      if (node.IsInitPlan()) TakeFromReaders(node);
    }
  }

 private:
  // How many processes ran a node side by side: its loops are the sum over them. Parents come
  // before their children.
  void CountProcesses() {
    std::vector<double> loops_above(nodes_.size());  // Of the nearest Gather; 0: there is none.
    for (PlanNode& node : nodes_) {
      double most = 1;
      double gather_loops = 0;
      if (node.parent >= 0) {
        const PlanNode& parent = At(node.parent);
        const bool gathered = parent.IsGather();
        most = gathered ? parent.workers_launched + 1 : parent.processes;
        gather_loops =
            gathered ? std::max(1.0, parent.loops) : loops_above[static_cast<size_t>(node.parent)];
      }
      node.processes = most;
      // What hangs on the Gather itself is run by the leader; what hangs below it, from 17 on, by
      // each process.
      if (node.IsInitPlan() && node.parent >= 0 && At(node.parent).IsGather()) {
        node.processes = 1;
        gather_loops = 0;
      } else if (gather_loops > 0 && node.loops > 0) {
        node.processes = std::max(1.0, std::min(most, node.loops / gather_loops));
        if (!node.workers.empty())
          node.processes = std::max(1.0, std::min(node.processes, Participants(node)));
      }
      loops_above[static_cast<size_t>(node.id)] = gather_loops;
    }
  }

  // The workers that ran the node, and the leader where loops are left for it.
  static double Participants(const PlanNode& node) {
    double loops = 0;
    double active = 0;
    for (const PlanWorker& worker : node.workers) {
      loops += worker.loops;
      if (worker.loops > 0) ++active;
    }
    // Workers that say nothing of their loops say nothing of who took part.
    if (loops <= 0) return node.processes + node.loops;
    return active + (node.loops > loops ? 1 : 0);
  }

  void Inclusive(PlanNode* node) {
    if (!node->timed || node->loops <= 0) {
      node->inclusive_ms = 0;
      return;
    }
    node->inclusive_ms = node->actual_total_ms * node->loops / node->processes;
    const double below = ChildrenMs(*node);
    if (below <= node->inclusive_ms) return;
    // Workers that do not run all the time make the children of a Gather or a parallel Append seem
    // longer than it: what they did fits into its time.
    if (node->IsGather() || node->type == "Append") {
      for (int child : node->children) {
        if (!At(child).IsInitPlan()) Scale(child, node->inclusive_ms / below);
      }
      return;
    }
    // Elsewhere it is rounding: the node took at least what is below it.
    node->inclusive_ms = below;
  }

  double ChildrenMs(const PlanNode& node) const {
    double sum = 0;
    for (int child : node.children) {
      if (!At(child).IsInitPlan()) sum += At(child).inclusive_ms;
    }
    return sum;
  }

  void Scale(int root, double factor) {
    std::vector<int> waiting = {root};
    while (!waiting.empty()) {
      PlanNode& node = nodes_[static_cast<size_t>(waiting.back())];
      waiting.pop_back();
      if (node.IsInitPlan() && node.processes <= 1) continue;
      node.inclusive_ms *= factor;
      waiting.insert(waiting.end(), node.children.begin(), node.children.end());
    }
  }

  void SubtractChildren(PlanNode* node) {
    node->exclusive_ms = std::max(0.0, node->exclusive_ms - ChildrenMs(*node));
    for (int child : node->children) {
      if (At(child).IsInitPlan()) continue;
      Subtract(At(child).buffers, &node->own);
      Subtract(At(child).wal, &node->own_wal);
    }
  }

  // An InitPlan hangs below one node and is computed when another first asks for its value: what it
  // took is inside that one's, and is taken out there.
  void TakeFromReaders(const PlanNode& init) {
    double left = init.inclusive_ms;
    BufferCounts buffers = init.buffers;
    for (int id : ReadersOf(plan_, init)) {
      PlanNode& reader = nodes_[static_cast<size_t>(id)];
      const double taken = std::min(left, reader.exclusive_ms);
      reader.exclusive_ms -= taken;
      left -= taken;
      const BufferCounts before = reader.own;
      Subtract(buffers, &reader.own);
      for (auto member : kBufferMembers) {
        buffers.*member = std::max(0.0, buffers.*member - (before.*member - reader.own.*member));
      }
      Subtract(init.wal, &reader.own_wal);
    }
    plan_.detached_ms += left;
  }

  const PlanNode& At(int id) const { return nodes_[static_cast<size_t>(id)]; }

  Plan& plan_;
  std::vector<PlanNode>& nodes_;
};

// Shares the root's cost out. EXPLAIN prices the inner side of a Nested Loop once and the child of
// a Limit as if it ran to its end: here a node's children cost what they add to it.
class CostWalk {
 public:
  explicit CostWalk(Plan* plan) : plan_(*plan), nodes_(plan->nodes) {}
  // What a node costs with all below it is kept in own_cost until its children took their parts:
  // they come after it.
  void Run() {
    nodes_.front().own_cost = nodes_.front().total_cost;
    for (PlanNode& node : nodes_) Share(&node);
  }

 private:
  void Share(PlanNode* node) {
    const double effective = node->own_cost;
    const double scale = node->total_cost > 0 ? effective / node->total_cost : 0;
    const bool loop = node->type == "Nested Loop";
    double sum = 0;
    for (int id : node->children) {
      PlanNode& child = nodes_[static_cast<size_t>(id)];
      double times = 1;
      if (loop && child.parent_relationship == "Inner") {
        if (const PlanNode* outer = plan_.ChildOf(*node)) times = std::max(1.0, outer->plan_rows);
      }
      child.own_cost = child.total_cost * times * scale;
      sum += child.own_cost;
    }
    const double fit = sum > effective && sum > 0 ? effective / sum : 1;
    node->own_cost = std::max(0.0, effective - sum * fit);
    for (int id : node->children) nodes_[static_cast<size_t>(id)].own_cost *= fit;
  }

  Plan& plan_;
  std::vector<PlanNode>& nodes_;
};

void ComputeShares(Plan* plan) {
  const PlanNode& root = plan->nodes.front();
  double blocks = 0;
  for (const PlanNode& node : plan->nodes) blocks += node.own.Touched();
  for (PlanNode& node : plan->nodes) {
    double share = 0;
    if (plan->timed) {
      share = node.exclusive_ms / std::max(1e-9, std::max(plan->WholeMs(), root.inclusive_ms));
    } else if (blocks > 0) {
      share = node.own.Touched() / blocks;
    } else if (root.total_cost > 0) {
      share = node.own_cost / root.total_cost;
    }
    node.share = std::clamp(share, 0.0, 1.0);
  }
}

// Up to 17 a node that an enable_ setting forbids costs 1e10 more, before its first row. What it
// costs in the end does not tell: a loop or a sub-query for each row multiplies what is below.
void FindDisabled(Plan* plan) {
  constexpr double kDisableCost = 1e10;
  if (plan->nodes.front().total_cost < kDisableCost) return;
  for (PlanNode& node : plan->nodes) {
    double below = 0;
    for (int child : node.children) below += plan->At(child).total_cost;
    if (node.startup_cost - below >= 0.99 * kDisableCost) node.disabled = true;
  }
}

void NoteCosts(Plan* plan) {
  plan->has_costs =
      plan->has_costs && std::any_of(plan->nodes.begin(), plan->nodes.end(), [](const auto& node) {
        return node.plan_rows > 0 || node.total_cost > 0 || node.plan_width > 0;
      });
  if (plan->has_costs) return;
  for (PlanNode& node : plan->nodes) node.plan_rows = node.actual_rows;
}

}  // namespace

uint64_t PlanShape(const Plan& plan) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const PlanNode& node : plan.nodes) {
    const unsigned char depth = static_cast<unsigned char>(node.depth & 0xFF);
    hash = StableHash(std::string_view(reinterpret_cast<const char*>(&depth), 1), hash);
    for (const std::string* text : {&node.type, &node.join_type, &node.strategy, &node.operation,
                                    &node.relation, &node.index}) {
      hash = StableHash(*text, hash);
      hash = StableHash("\n", hash);
    }
  }
  return hash;
}

void ComputeTimes(Plan* plan) {
  if (plan->nodes.empty()) return;
  plan->trigger_ms = plan->detached_ms = plan->outside_ms = 0;
  NoteCosts(plan);
  TimeWalk(plan).Run();
  CostWalk(plan).Run();
  ComputeShares(plan);
  FindDisabled(plan);
  for (const PlanTrigger& trigger : plan->triggers) plan->trigger_ms += trigger.time_ms;
  if (plan->timed && plan->execution_ms > 0) {
    plan->outside_ms =
        std::max(0.0, plan->execution_ms - plan->nodes.front().inclusive_ms - plan->trigger_ms -
                          plan->detached_ms - plan->serialization.time_ms);
  }
  plan->shape = PlanShape(*plan);
}

}  // namespace pgsift
