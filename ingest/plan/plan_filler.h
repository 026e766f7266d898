#ifndef PGSIFT_INGEST_PLAN_PLAN_FILLER_H_
#define PGSIFT_INGEST_PLAN_PLAN_FILLER_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/plan/plan_fields.h"
#include "ingest/plan/plan_reader.h"

namespace pgsift {

// Fills a Plan from the tree of a statement's EXPLAIN, whatever it was read from, so that all
// formats give the same model. `Value` is a handle on a value of that tree:
//   bool IsObject(), Flag(), HasDecimals(); double Number(); std::string Text();
//   void ForEachMember(fn(std::string_view key, Value)); void ForEachItem(fn(Value));
//   void Locate(PlanNode*): sets the node's offset and line; called in the order of the nodes.
// Does not recurse, however deep the plan is.
template <typename Value>
class PlanFiller {
 public:
  explicit PlanFiller(Plan* plan) : plan_(*plan) {}

  // Returns false if `statement` has no "Plan". `overflow` says whether nodes were left out because
  // of kPlanNodesMax or kPlanDepthMax.
  bool Fill(const Value& statement) {
    bool any = false;
    statement.ForEachMember([&](std::string_view key, const Value& value) {
      if (key == "Plan" && value.IsObject() && !any) {
        any = true;
        ReadNodes(value);
      } else {
        Statement(key, value);
      }
    });
    if (!any) return false;
    return Finish();
  }
  // The same of a root node alone, without what is said of the whole plan.
  bool FillRoot(const Value& node) {
    ReadNodes(node);
    return Finish();
  }
  bool overflow() const { return overflow_; }

 private:
  bool Finish() {
    if (plan_.nodes.empty()) return false;
    plan_.nodes.shrink_to_fit();
    plan_.analyzed = plan_.nodes.front().analyzed;
    plan_.timed = plan_.nodes.front().timed;
    return true;
  }

  void Statement(std::string_view key, const Value& value) {
    if (SameKey(key, "Query Text")) {
      plan_.query = value.Text();
    } else if (SameKey(key, "Query Parameters")) {
      plan_.parameters = value.Text();
    } else if (SameKey(key, "Query Identifier")) {
      plan_.query_id = value.Text();
    } else if (SameKey(key, "Planning Time")) {
      plan_.planning_ms = value.Number();
    } else if (SameKey(key, "Execution Time") || SameKey(key, "Total Runtime")) {
      plan_.execution_ms = value.Number();
    } else if (key == "Planning") {
      value.ForEachMember([&](std::string_view name, const Value& number) {
        if (SameKey(name, "Memory Used")) plan_.planning_memory_kb = number.Number();
        if (SameKey(name, "Memory Allocated")) plan_.planning_memory_allocated_kb = number.Number();
        AddBuffers(name, number, &plan_.planning_buffers);
      });
    } else if (key == "Settings") {
      value.ForEachMember([&](std::string_view name, const Value& text) {
        plan_.settings.emplace_back(std::string(name), text.Text());
      });
    } else if (key == "Triggers") {
      value.ForEachItem([&](const Value& item) { Trigger(item); });
    } else if (key == "JIT") {
      Jit(value);
    } else if (key == "Serialization") {
      PlanSerialization& serialization = plan_.serialization;
      serialization.present = true;
      value.ForEachMember([&](std::string_view name, const Value& part) {
        if (name == "Time") serialization.time_ms = part.Number();
        if (SameKey(name, "Output Volume")) serialization.output_kb = part.Number();
        if (name == "Format") serialization.format = part.Text();
        AddBuffers(name, part, &serialization.buffers);
      });
    }
  }

  static void AddBuffers(std::string_view key, const Value& value, BufferCounts* buffers) {
    const PlanField field = FieldOf(key);
    if (field.kind == PlanField::Kind::kBuffers) buffers->*field.buffers += value.Number();
  }

  void Trigger(const Value& item) {
    PlanTrigger trigger;
    item.ForEachMember([&](std::string_view key, const Value& value) {
      if (SameKey(key, "Trigger Name")) trigger.name = value.Text();
      if (SameKey(key, "Constraint Name")) trigger.constraint = value.Text();
      if (key == "Relation") trigger.relation = value.Text();
      if (key == "Time") trigger.time_ms = value.Number();
      if (key == "Calls") trigger.calls = value.Number();
    });
    plan_.triggers.push_back(std::move(trigger));
  }

  void Jit(const Value& value) {
    PlanJit& jit = plan_.jit;
    value.ForEachMember([&](std::string_view key, const Value& part) {
      if (key == "Functions") jit.functions = part.Number();
      if (key == "Options") {
        part.ForEachMember([&](std::string_view name, const Value& option) {
          if (name == "Inlining") jit.inlining = option.Flag();
          if (name == "Optimization") jit.optimization = option.Flag();
          if (name == "Expressions") jit.expressions = option.Flag();
          if (name == "Deforming") jit.deforming = option.Flag();
        });
      }
      if (key != "Timing") return;
      part.ForEachMember([&](std::string_view name, const Value& time) {
        if (name == "Generation") {
          // An object from 17 on.
          if (time.IsObject()) {
            time.ForEachMember([&](std::string_view which, const Value& number) {
              if (which == "Deform") jit.deform_ms = number.Number();
              if (which == "Total") jit.generation_ms = number.Number();
            });
          } else {
            jit.generation_ms = time.Number();
          }
        }
        if (name == "Inlining") jit.inlining_ms = time.Number();
        if (name == "Optimization") jit.optimization_ms = time.Number();
        if (name == "Emission") jit.emission_ms = time.Number();
        if (name == "Total") jit.total_ms = time.Number();
      });
    });
  }

  // A node that is to be read, below one that was.
  struct Waiting {
    Value value;
    int parent;
    int depth;
  };

  // In the order of the text: a node's children are read before what follows it.
  void ReadNodes(const Value& root) {
    constexpr size_t kUsualNodes = 16;
    if (plan_.nodes.capacity() == 0) plan_.nodes.reserve(kUsualNodes);
    waiting_.push_back({root, -1, 0});
    while (!waiting_.empty()) {
      const Waiting next = waiting_.back();
      waiting_.pop_back();
      if (next.depth > kPlanDepthMax || plan_.nodes.size() >= kPlanNodesMax) {
        overflow_ = true;
        continue;
      }
      const int id = static_cast<int>(plan_.nodes.size());
      PlanNode& node = plan_.nodes.emplace_back();
      node.id = id;
      node.parent = next.parent;
      node.depth = next.depth;
      next.value.Locate(&node);
      if (next.parent >= 0) plan_.nodes[static_cast<size_t>(next.parent)].children.push_back(id);
      const size_t before = waiting_.size();
      next.value.ForEachMember(
          [&](std::string_view key, const Value& field) { Member(key, field, &node); });
      std::reverse(waiting_.begin() + static_cast<std::ptrdiff_t>(before), waiting_.end());
      FinishNode(&node);
    }
  }

  void Member(std::string_view key, const Value& value, PlanNode* of) {
    const PlanField& field = FieldOf(key);
    PlanNode& node = *of;
    switch (field.kind) {
      case PlanField::Kind::kIgnored:
        return;
      case PlanField::Kind::kText:
        node.*field.text = value.Text();
        return;
      case PlanField::Kind::kTexts:
        value.ForEachItem(
            [&](const Value& item) { (node.*field.texts).emplace_back(item.Text()); });
        return;
      case PlanField::Kind::kFlag:
        node.*field.flag = value.Flag();
        return;
      case PlanField::Kind::kNumber:
        node.*field.number = value.Number();
        if (field.number == &PlanNode::loops) node.analyzed = true;
        if (field.number == &PlanNode::actual_total_ms) node.timed = true;
        if (field.number == &PlanNode::actual_rows) {
          plan_.fractional_rows = plan_.fractional_rows || value.HasDecimals();
        }
        return;
      case PlanField::Kind::kBuffers:
        node.buffers.*field.buffers = value.Number();
        plan_.has_buffers = true;
        return;
      case PlanField::Kind::kWal:
        node.wal.*field.wal = value.Number();
        return;
      case PlanField::Kind::kSortGroups:
        ReadGroups(value, &(node.*field.groups));
        return;
      case PlanField::Kind::kGroupingSets:
        ReadGroupingSets(value, &node);
        return;
      case PlanField::Kind::kWorkers:
        value.ForEachItem([&](const Value& item) { ReadWorker(item, &node); });
        return;
      case PlanField::Kind::kPlans:
        value.ForEachItem([&](const Value& item) {
          if (item.IsObject()) waiting_.push_back({item, node.id, node.depth + 1});
        });
        return;
    }
  }

  static void ReadGroups(const Value& value, SortGroups* groups) {
    value.ForEachMember([&](std::string_view key, const Value& part) {
      if (SameKey(key, "Group Count")) groups->count = part.Number();
      if (SameKey(key, "Sort Methods Used")) {
        part.ForEachItem([&](const Value& item) { groups->methods.emplace_back(item.Text()); });
      }
      const bool memory = SameKey(key, "Sort Space Memory");
      if (!memory && !SameKey(key, "Sort Space Disk")) return;
      part.ForEachMember([&](std::string_view name, const Value& number) {
        if (SameKey(name, "Average Sort Space Used")) {
          (memory ? groups->average_memory_kb : groups->average_disk_kb) = number.Number();
        } else if (SameKey(name, "Peak Sort Space Used")) {
          (memory ? groups->peak_memory_kb : groups->peak_disk_kb) = number.Number();
        }
      });
    });
  }

  // [{"Sort Key": […], "Group Keys": [["a", "b"], []], "Hash Keys": …}]: the keys, each once.
  static void ReadGroupingSets(const Value& value, PlanNode* node) {
    value.ForEachItem([&](const Value& set) {
      set.ForEachMember([&](std::string_view key, const Value& lists) {
        if (!SameKey(key, "Group Keys") && !SameKey(key, "Hash Keys")) return;
        lists.ForEachItem([&](const Value& list) {
          list.ForEachItem([&](const Value& item) {
            std::string text(item.Text());
            std::vector<std::string>& keys = node->group_keys;
            if (std::find(keys.begin(), keys.end(), text) == keys.end()) keys.push_back(text);
          });
        });
      });
    });
  }

  static void ReadWorker(const Value& item, PlanNode* node) {
    PlanWorker worker;
    item.ForEachMember([&](std::string_view key, const Value& value) {
      if (SameKey(key, "Worker Number")) worker.number = static_cast<int>(value.Number());
      const WorkerField field = WorkerFieldOf(key);
      if (field.text != nullptr) worker.*field.text = value.Text();
      if (field.number != nullptr) worker.*field.number = value.Number();
      if (field.buffers != nullptr) worker.buffers.*field.buffers = value.Number();
    });
    node->workers.push_back(std::move(worker));
  }

  static void FinishNode(PlanNode* node) {
    node->never_executed = node->analyzed && node->loops <= 0;
    for (const PlanWorker& worker : node->workers) {
      node->peak_memory_kb = std::max(node->peak_memory_kb, worker.peak_memory_kb);
      node->disk_usage_kb = std::max(node->disk_usage_kb, worker.disk_usage_kb);
      node->hashagg_batches = std::max(node->hashagg_batches, worker.hashagg_batches);
      node->cache_hits += worker.cache_hits;
      node->cache_misses += worker.cache_misses;
      node->cache_evictions += worker.cache_evictions;
      node->cache_overflows += worker.cache_overflows;
      node->exact_heap_blocks += worker.exact_heap_blocks;
      node->lossy_heap_blocks += worker.lossy_heap_blocks;
      const bool disk = worker.sort_space_type == "Disk";
      if (disk && node->sort_space_type != "Disk") {
        node->sort_space_type = "Disk";
        node->sort_method = worker.sort_method;
        node->sort_space_kb = 0;
      }
      if (node->sort_method.empty() && !worker.sort_method.empty()) {
        node->sort_method = worker.sort_method;
        node->sort_space_type = worker.sort_space_type;
      }
      if (disk || node->sort_space_type != "Disk") {
        node->sort_space_kb = std::max(node->sort_space_kb, worker.sort_space_kb);
      }
    }
  }

  Plan& plan_;
  std::vector<Waiting> waiting_;  // What is to be read next, last.
  bool overflow_ = false;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_FILLER_H_
