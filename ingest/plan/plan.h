#ifndef PGSIFT_INGEST_PLAN_PLAN_H_
#define PGSIFT_INGEST_PLAN_PLAN_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/span.h"

namespace pgsift {

// Blocks of 8 kB, and the time that reading and writing them took, summed over processes. As
// EXPLAIN counts them: over all loops and processes, children included.
struct BufferCounts {
  double shared_hit = 0, shared_read = 0, shared_dirtied = 0, shared_written = 0;
  double local_hit = 0, local_read = 0, local_dirtied = 0, local_written = 0;
  double temp_read = 0, temp_written = 0;
  // Up to 16 local blocks count as shared ones here. Only with track_io_timing.
  double shared_read_ms = 0, shared_write_ms = 0;
  double local_read_ms = 0, local_write_ms = 0;
  double temp_read_ms = 0, temp_write_ms = 0;

  double IoReadMs() const { return shared_read_ms + local_read_ms + temp_read_ms; }
  double IoWriteMs() const { return shared_write_ms + local_write_ms + temp_write_ms; }
  double IoMs() const { return IoReadMs() + IoWriteMs(); }
  // Blocks of tables and indexes that were looked at.
  double Touched() const { return shared_hit + shared_read + local_hit + local_read; }
  bool empty() const { return Touched() + temp_read + temp_written + shared_written <= 0; }
};

struct WalCounts {
  double records = 0, full_page_images = 0, bytes = 0, buffers_full = 0;
};

// What one parallel worker did in a node. Averages of one loop, as in the node itself.
struct PlanWorker {
  int number = 0;
  double rows = 0, loops = 0, startup_ms = 0, total_ms = 0;
  std::string sort_method, sort_space_type;
  double sort_space_kb = 0;
  double hashagg_batches = 0, peak_memory_kb = 0, disk_usage_kb = 0;
  double cache_hits = 0, cache_misses = 0, cache_evictions = 0, cache_overflows = 0;
  double exact_heap_blocks = 0, lossy_heap_blocks = 0;
  BufferCounts buffers;
};

// The groups of one kind that an Incremental Sort sorted.
struct SortGroups {
  double count = 0;
  std::vector<std::string> methods;
  double average_memory_kb = 0, peak_memory_kb = 0, average_disk_kb = 0, peak_disk_kb = 0;
};

// One node of a plan. Numbers are as EXPLAIN prints them: rows, times and rows removed are averages
// of one loop; buffers, WAL, heap fetches, heap blocks and cache counts are totals. Absent numbers
// are 0, absent texts empty.
struct PlanNode {
  int id = 0;       // Its place in Plan::nodes.
  int parent = -1;  // -1: the root.
  int depth = 0;
  std::vector<int> children;

  std::string type;  // "Seq Scan".
  std::string schema, relation, alias, index;
  std::string parent_relationship;  // "Outer", "Inner", "SubPlan", "InitPlan", "Member".
  std::string subplan_name, cte_name, function_name, table_function_name, tuplestore_name;
  std::string custom_provider;
  std::string join_type, strategy, partial_mode, operation, scan_direction, command;
  std::string filter, index_cond, recheck_cond, hash_cond, merge_cond, join_filter, one_time_filter;
  std::string tid_cond, order_by, run_condition, function_call, remote_sql, window;
  std::string conflict_resolution, conflict_filter;
  std::string cache_key, cache_mode;
  std::vector<std::string> output, sort_keys, presorted_keys, group_keys, conflict_arbiters;
  bool parallel_aware = false;
  bool async_capable = false;
  bool inner_unique = false;
  bool disabled = false;  // By an enable_ setting: said from 18 on, before by a cost of 1e10.

  // Where COSTS was off, ComputeTimes sets plan_rows to actual_rows: nothing was misestimated.
  double startup_cost = 0, total_cost = 0, plan_rows = 0, plan_width = 0;
  bool analyzed = false;        // Has actual numbers.
  bool timed = false;           // Has actual times: not TIMING OFF.
  bool never_executed = false;  // Analyzed, with no loops.
  double actual_rows = 0, loops = 0, actual_startup_ms = 0, actual_total_ms = 0;
  double rows_removed_by_filter = 0, rows_removed_by_recheck = 0, rows_removed_by_join_filter = 0;
  double rows_removed_by_conflict_filter = 0;
  double heap_fetches = 0, exact_heap_blocks = 0, lossy_heap_blocks = 0, index_searches = 0;
  double tuples_inserted = 0, conflicting_tuples = 0;
  double workers_planned = 0, workers_launched = 0;
  std::string sort_method, sort_space_type;
  double sort_space_kb = 0;  // Largest of the leader and the workers.
  SortGroups full_sort_groups, presorted_groups;
  double hash_buckets = 0, original_hash_buckets = 0;
  double hash_batches = 0, original_hash_batches = 0;
  double planned_partitions = 0, hashagg_batches = 0;
  double peak_memory_kb = 0, disk_usage_kb = 0;  // Largest of the leader and the workers.
  double cache_hits = 0, cache_misses = 0, cache_evictions = 0, cache_overflows = 0;
  std::string storage;  // "Memory" or "Disk", from 18 on.
  double storage_kb = 0;
  double subplans_removed = 0;
  BufferCounts buffers;
  WalCounts wal;
  std::vector<PlanWorker> workers;

  // Worked out by ComputeTimes: wall-clock time of all loops, with and without what is below; the
  // node's own part of buffers, WAL and cost; its share of the plan (see there).
  double inclusive_ms = 0;
  double exclusive_ms = 0;
  double uncertainty_ms = 0;  // Of inclusive_ms, from EXPLAIN's rounding.
  double processes = 1;       // That ran it side by side.
  BufferCounts own;
  WalCounts own_wal;
  double own_cost = 0;
  double share = 0;

  uint64_t offset = 0;  // In the input's text.
  uint64_t line = 0;    // 1-based.

  double Loops() const { return loops > 0 ? loops : 1; }
  double TotalRows() const { return actual_rows * Loops(); }
  double TotalRemovedByFilter() const { return rows_removed_by_filter * Loops(); }
  double TotalRemovedByJoinFilter() const { return rows_removed_by_join_filter * Loops(); }
  double TotalRemovedByRecheck() const { return rows_removed_by_recheck * Loops(); }
  bool Is(std::string_view node_type) const { return type == node_type; }
  bool IsInitPlan() const { return parent_relationship == "InitPlan"; }
  bool IsSubPlan() const { return parent_relationship == "SubPlan"; }
  bool IsGather() const { return type == "Gather" || type == "Gather Merge"; }
};

struct PlanTrigger {
  std::string name, constraint, relation;
  double time_ms = 0;
  double calls = 0;
};

// Compilation of expressions, over all processes. Its time is inside that of the nodes.
struct PlanJit {
  double functions = 0;
  bool inlining = false, optimization = false, expressions = false, deforming = false;
  double generation_ms = 0, deform_ms = 0, inlining_ms = 0, optimization_ms = 0, emission_ms = 0;
  double total_ms = 0;
};

// EXPLAIN (SERIALIZE): turning the result into what is sent to the client.
struct PlanSerialization {
  bool present = false;
  double time_ms = 0, output_kb = 0;
  std::string format;  // "text", "binary".
  BufferCounts buffers;
};

// The executions that a log, or an input of very many plans, shows planned in one way.
struct LoggedRuns {
  double runs = 0;  // 0: the plan stands for itself alone.
  double total_ms = 0, longest_ms = 0;
  int64_t first_us = 0, last_us = 0;  // Microseconds since the Unix epoch; 0: no times.
};

enum class PlanFormat : uint8_t { kJson, kText, kYaml, kXml };
// "json", "text", "yaml", "xml".
std::string_view PlanFormatName(PlanFormat format);

// The plan of one statement. Owns all it holds.
struct Plan {
  FileId file = FileId::kNone;
  uint64_t offset = 0;  // Of its JSON or text in the input.
  uint64_t line = 0;
  PlanFormat format = PlanFormat::kJson;
  bool truncated = false;  // It broke off; `nodes` is what was whole.
  std::string query;       // Where the input has it (auto_explain).
  std::string parameters;  // Query Parameters of auto_explain (16 and later).
  std::string query_id;    // EXPLAIN's, with compute_query_id; else empty.
  std::string shape_id;    // Of the log's statements: QueryStats::id; else empty.
  LoggedRuns logged;       // What it stands for, where it is one of many.
  bool analyzed = false;
  bool timed = false;            // The root has times.
  bool has_buffers = false;      // Some node has buffers.
  bool has_costs = true;         // Some node has an estimate: not COSTS OFF.
  bool fractional_rows = false;  // Rows have decimals: 18 and later.
  double planning_ms = 0, execution_ms = 0;
  double planning_memory_kb = 0, planning_memory_allocated_kb = 0;
  BufferCounts planning_buffers;
  PlanJit jit;
  PlanSerialization serialization;
  std::vector<std::pair<std::string, std::string>> settings;  // That differ from the default.
  std::vector<PlanTrigger> triggers;
  std::vector<PlanNode> nodes;  // In the order of the input; nodes[0] is the root.

  // Worked out by ComputeTimes.
  double trigger_ms = 0;
  double detached_ms = 0;  // Of InitPlans that no node waits for: they run after the root.
  double outside_ms = 0;   // Execution time outside all nodes and triggers.
  uint64_t shape = 0;      // Of nodes, relations, indexes and conditions without constants.
  uint64_t kind = 0;       // PlanKind(), where it was worked out when the plan was read; else 0.

  // The whole that shares refer to: execution time, else the root's.
  double WholeMs() const {
    return execution_ms > 0 ? execution_ms : nodes.empty() ? 0 : nodes.front().inclusive_ms;
  }
  const PlanNode& At(int id) const { return nodes[static_cast<size_t>(id)]; }
  const PlanNode* ParentOf(const PlanNode& node) const {
    return node.parent < 0 ? nullptr : &At(node.parent);
  }
  // The nth child that is neither InitPlan nor SubPlan; null: there is none.
  const PlanNode* ChildOf(const PlanNode& node, size_t n = 0) const;
  // "enable_seqscan" -> "off"; empty: not among the settings shown.
  std::string_view Setting(std::string_view name) const;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_H_
