#include "reports/html_plan_viewer.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/json_writer.h"

namespace pgsift {
namespace {

struct KeyName {
  std::string_view ours, explain;
};

constexpr KeyName kTexts[] = {
    {"schema", "Schema"},
    {"alias", "Alias"},
    {"cte", "CTE Name"},
    {"function", "Function Name"},
    {"table_function", "Table Function Name"},
    {"tuplestore", "Tuplestore Name"},
    {"custom_provider", "Custom Plan Provider"},
    {"join_type", "Join Type"},
    {"strategy", "Strategy"},
    {"partial_mode", "Partial Mode"},
    {"operation", "Operation"},
    {"command", "Command"},
    {"scan_direction", "Scan Direction"},
    {"filter", "Filter"},
    {"index_cond", "Index Cond"},
    {"recheck_cond", "Recheck Cond"},
    {"hash_cond", "Hash Cond"},
    {"merge_cond", "Merge Cond"},
    {"join_filter", "Join Filter"},
    {"one_time_filter", "One-Time Filter"},
    {"tid_cond", "TID Cond"},
    {"order_by", "Order By"},
    {"run_condition", "Run Condition"},
    {"function_call", "Function Call"},
    {"remote_sql", "Remote SQL"},
    {"window", "Window"},
    {"conflict_resolution", "Conflict Resolution"},
    {"conflict_filter", "Conflict Filter"},
    {"cache_key", "Cache Key"},
    {"cache_mode", "Cache Mode"},
    {"sort_method", "Sort Method"},
    {"sort_space_type", "Sort Space Type"},
    {"storage", "Storage"},
};

constexpr KeyName kLists[] = {
    {"output", "Output"},
    {"sort_keys", "Sort Key"},
    {"presorted_keys", "Presorted Key"},
    {"group_keys", "Group Key"},
    {"conflict_arbiters", "Conflict Arbiter Indexes"},
};

constexpr KeyName kNumbers[] = {
    {"startup_cost", "Startup Cost"},
    {"plan_width", "Plan Width"},
    {"heap_fetches", "Heap Fetches"},
    {"exact_heap_blocks", "Exact Heap Blocks"},
    {"lossy_heap_blocks", "Lossy Heap Blocks"},
    {"index_searches", "Index Searches"},
    {"tuples_inserted", "Tuples Inserted"},
    {"conflicting_tuples", "Conflicting Tuples"},
    {"workers_planned", "Workers Planned"},
    {"workers_launched", "Workers Launched"},
    {"subplans_removed", "Subplans Removed"},
    {"sort_space_kb", "Sort Space Used"},
    {"hash_buckets", "Hash Buckets"},
    {"original_hash_buckets", "Original Hash Buckets"},
    {"hash_batches", "Hash Batches"},
    {"original_hash_batches", "Original Hash Batches"},
    {"planned_partitions", "Planned Partitions"},
    {"hashagg_batches", "HashAgg Batches"},
    {"peak_memory_kb", "Peak Memory Usage"},
    {"disk_usage_kb", "Disk Usage"},
    {"cache_hits", "Cache Hits"},
    {"cache_misses", "Cache Misses"},
    {"cache_evictions", "Cache Evictions"},
    {"cache_overflows", "Cache Overflows"},
    {"storage_kb", "Maximum Storage"},
    {"wal_records", "WAL Records"},
    {"wal_fpi", "WAL FPI"},
    {"wal_bytes", "WAL Bytes"},
    {"wal_buffers_full", "WAL Buffers Full"},
};

constexpr KeyName kBuffers[] = {
    {"shared_hit", "Shared Hit Blocks"},
    {"shared_read", "Shared Read Blocks"},
    {"shared_dirtied", "Shared Dirtied Blocks"},
    {"shared_written", "Shared Written Blocks"},
    {"local_hit", "Local Hit Blocks"},
    {"local_read", "Local Read Blocks"},
    {"local_dirtied", "Local Dirtied Blocks"},
    {"local_written", "Local Written Blocks"},
    {"temp_read", "Temp Read Blocks"},
    {"temp_written", "Temp Written Blocks"},
    {"shared_io_read_ms", "Shared I/O Read Time"},
    {"shared_io_write_ms", "Shared I/O Write Time"},
    {"local_io_read_ms", "Local I/O Read Time"},
    {"local_io_write_ms", "Local I/O Write Time"},
    {"temp_io_read_ms", "Temp I/O Read Time"},
    {"temp_io_write_ms", "Temp I/O Write Time"},
};

template <size_t n>
std::string_view ExplainName(const KeyName (&names)[n], std::string_view ours) {
  for (const KeyName& name : names) {
    if (name.ours == ours) return name.explain;
  }
  return {};
}

class ViewerPlan {
 public:
  ViewerPlan(const PlanReport& plan, const NodeRemarks& remarks)
      : plan_(plan), children_(plan.nodes.size()) {
    for (const PlanNodeReport& node : plan.nodes) {
      if (node.parent >= 0) children_[static_cast<size_t>(node.parent)].push_back(node.id);
    }
    for (const auto& [node, text] : remarks) remarks_[node].push_back(text);
  }

  std::string Write() {
    explain_.BeginArray().BeginObject().Key("Plan");
    Node(0, 1);
    if (plan_.planning_ms > 0) explain_.Field("Planning Time", plan_.planning_ms);
    if (!plan_.settings.empty()) {
      explain_.Key("Settings").BeginObject();
      for (const auto& [name, value] : plan_.settings) explain_.Field(name, value);
      explain_.EndObject();
    }
    if (!plan_.triggers.empty()) {
      explain_.Key("Triggers").BeginArray();
      for (const PlanTriggerReport& trigger : plan_.triggers) {
        explain_.BeginObject().Field("Trigger Name", trigger.name);
        if (!trigger.constraint.empty()) explain_.Field("Constraint Name", trigger.constraint);
        explain_.Field("Relation", trigger.relation)
            .Field("Time", trigger.time_ms)
            .Field("Calls", trigger.calls)
            .EndObject();
      }
      explain_.EndArray();
    }
    if (plan_.timed) explain_.Field("Execution Time", plan_.execution_ms);
    explain_.EndObject().EndArray();

    JsonWriter json(JsonWriter::Layout::kCompact, true);
    json.BeginObject().Field("source", explain_.Take()).Field("query", plan_.query);
    json.Key("findings").BeginObject();
    for (const auto& [node, texts] : remarks_) {
      json.Key(std::to_string(node)).BeginArray();
      for (const std::string& text : texts) json.String(text);
      json.EndArray();
    }
    return json.EndObject().EndObject().Take();
  }

 private:
  // `divisor`: by what the viewer divides the times of this node, the processes of the Gather
  // above.
  void Node(int id, double divisor) {
    const PlanNodeReport& node = plan_.nodes[static_cast<size_t>(id)];
    const double loops = std::max(1.0, node.loops);
    explain_.BeginObject().Field("Node Type", node.type);
    Relationship(node.relationship);
    if (!node.relation.empty()) explain_.Field("Relation Name", node.relation);
    if (!node.index.empty()) explain_.Field("Index Name", node.index);
    for (const auto& [name, text] : node.texts) {
      if (const auto key = ExplainName(kTexts, name); !key.empty()) explain_.Field(key, text);
    }
    for (const auto& [name, items] : node.lists) {
      const auto key = ExplainName(kLists, name);
      if (key.empty()) continue;
      explain_.Key(key).BeginArray();
      for (const std::string& item : items) explain_.String(item);
      explain_.EndArray();
    }
    explain_.Field("Total Cost", node.cost).Field("Plan Rows", node.rows_planned / loops);
    double launched = 0;
    double startup_ms = 0;
    for (const auto& [name, value] : node.numbers) {
      if (name == "workers_launched") launched = value;
      if (name == "startup_ms") startup_ms = value;
      if (name == "parallel_aware") explain_.Field("Parallel Aware", true);
      if (name == "rows_removed_by_join_filter")
        explain_.Field("Rows Removed by Join Filter", value / loops);
      if (name == "rows_removed_by_recheck")
        explain_.Field("Rows Removed by Index Recheck", value / loops);
      if (const auto key = ExplainName(kNumbers, name); !key.empty()) explain_.Field(key, value);
    }
    if (node.rows_removed > 0) explain_.Field("Rows Removed by Filter", node.rows_removed / loops);
    if (node.analyzed) {
      if (plan_.timed) {
        const double total_ms = node.inclusive_ms * divisor / loops;
        explain_.Field("Actual Startup Time", std::min(startup_ms, total_ms))
            .Field("Actual Total Time", total_ms);
      }
      explain_.Field("Actual Rows", node.rows / loops).Field("Actual Loops", node.loops);
    }
    for (const auto& [name, value] : node.buffers) {
      if (const auto key = ExplainName(kBuffers, name); !key.empty()) explain_.Field(key, value);
    }
    if (const auto remarks = remarks_.find(id); remarks != remarks_.end()) {
      std::string all;
      for (const std::string& text : remarks->second) all += (all.empty() ? "" : "; ") + text;
      explain_.Field("Findings of pgsift", all);
    }
    const std::vector<int>& children = children_[static_cast<size_t>(id)];
    if (!children.empty()) {
      explain_.Key("Plans").BeginArray();
      for (int child : children) {
        const std::string& relationship = plan_.nodes[static_cast<size_t>(child)].relationship;
        const bool aside = IsInitPlan(relationship) || IsSubPlan(relationship);
        Node(child, aside ? 1 : launched > 0 ? launched + 1 : divisor);
      }
      explain_.EndArray();
    }
    explain_.EndObject();
  }

  static bool IsInitPlan(std::string_view relationship) {
    return relationship.starts_with("InitPlan") || relationship.starts_with("CTE ");
  }
  static bool IsSubPlan(std::string_view relationship) {
    return relationship.starts_with("SubPlan");
  }

  void Relationship(const std::string& relationship) {
    if (relationship.empty()) return;
    const bool named = relationship.find(' ') != relationship.npos;
    if (IsInitPlan(relationship)) {
      explain_.Field("Parent Relationship", "InitPlan");
    } else if (IsSubPlan(relationship)) {
      explain_.Field("Parent Relationship", "SubPlan");
    } else {
      explain_.Field("Parent Relationship", relationship);
      return;
    }
    if (named) explain_.Field("Subplan Name", relationship);
  }

  const PlanReport& plan_;
  std::vector<std::vector<int>> children_;
  std::map<int, std::vector<std::string>> remarks_;
  JsonWriter explain_;
};

}  // namespace

std::string PlanForViewer(const PlanReport& plan, const NodeRemarks& remarks) {
  if (plan.nodes.empty()) return {};
  return ViewerPlan(plan, remarks).Write();
}

}  // namespace pgsift
