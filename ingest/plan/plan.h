#ifndef PGSIFT_INGEST_PLAN_PLAN_H_
#define PGSIFT_INGEST_PLAN_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/span.h"

namespace pgsift {

// Blocks of 8 kB, over all loops and processes, children included, as EXPLAIN counts them.
struct BufferCounts {
  uint64_t shared_hit = 0, shared_read = 0, shared_dirtied = 0, shared_written = 0;
  uint64_t local_hit = 0, local_read = 0, local_dirtied = 0, local_written = 0;
  uint64_t temp_read = 0, temp_written = 0;
  double io_read_ms = 0, io_write_ms = 0;
};

// One node of a plan. Numbers are as EXPLAIN prints them: rows, times and rows removed are averages
// of one loop; buffers, heap fetches and heap blocks are totals. Absent numbers are 0, absent texts
// empty.
struct PlanNode {
  int id = 0;       // Its place in Plan::nodes.
  int parent = -1;  // -1: the root.
  int depth = 0;
  std::vector<int> children;

  std::string type;  // "Seq Scan".
  std::string schema, relation, alias, index;
  std::string parent_relationship;  // "Outer", "Inner", "SubPlan", "InitPlan", "Member".
  std::string subplan_name, cte_name, function_name;
  std::string join_type, strategy, partial_mode, operation, scan_direction, command;
  std::string filter, index_cond, recheck_cond, hash_cond, merge_cond, join_filter, one_time_filter;
  std::vector<std::string> sort_keys, presorted_keys, group_keys;
  bool parallel_aware = false;
  bool disabled = false;

  double startup_cost = 0, total_cost = 0, plan_rows = 0, plan_width = 0;
  bool analyzed = false;        // Has actual numbers.
  bool timed = false;           // Has actual times: not TIMING OFF.
  bool never_executed = false;  // Analyzed, with no loops.
  double actual_rows = 0, loops = 0, actual_startup_ms = 0, actual_total_ms = 0;
  double rows_removed_by_filter = 0, rows_removed_by_recheck = 0, rows_removed_by_join_filter = 0;
  double heap_fetches = 0, exact_heap_blocks = 0, lossy_heap_blocks = 0, index_searches = 0;
  double workers_planned = 0, workers_launched = 0;
  std::string sort_method, sort_space_type;
  double sort_space_kb = 0;  // Largest of the leader and the workers.
  double hash_buckets = 0, hash_batches = 0, original_hash_batches = 0;
  double peak_memory_kb = 0, disk_usage_kb = 0;
  double cache_hits = 0, cache_misses = 0, cache_evictions = 0;
  double subplans_removed = 0;
  uint64_t wal_records = 0, wal_bytes = 0;
  BufferCounts buffers;

  // Worked out by ComputeTimes: wall-clock time of all loops, with and without what is below.
  double inclusive_ms = 0;
  double exclusive_ms = 0;

  uint64_t offset = 0;  // In the input's text.
  uint64_t line = 0;    // 1-based.

  double TotalRows() const { return actual_rows * (loops > 0 ? loops : 1); }
};

struct PlanTrigger {
  std::string name, constraint, relation;
  double time_ms = 0;
  double calls = 0;
};

// The plan of one statement. Owns all it holds.
struct Plan {
  FileId file = FileId::kNone;
  uint64_t offset = 0;  // Of its JSON or text in the input.
  uint64_t line = 0;
  std::string query;     // Where the input has it (auto_explain).
  std::string query_id;  // EXPLAIN's, with compute_query_id; else empty.
  bool analyzed = false;
  double planning_ms = 0, execution_ms = 0, jit_ms = 0;
  std::vector<PlanTrigger> triggers;
  std::vector<PlanNode> nodes;  // In the order of the input; nodes[0] is the root.
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_H_
