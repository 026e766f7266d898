#include "ingest/plan/plan_fields.h"

#include <array>
#include <cstring>

namespace pgsift {
namespace {

using Kind = PlanField::Kind;

constexpr PlanField Text(std::string PlanNode::*member) {
  PlanField field{.kind = Kind::kText};
  field.text = member;
  return field;
}
constexpr PlanField Texts(std::vector<std::string> PlanNode::*member) {
  PlanField field{.kind = Kind::kTexts};
  field.texts = member;
  return field;
}
constexpr PlanField Flag(bool PlanNode::*member) {
  PlanField field{.kind = Kind::kFlag};
  field.flag = member;
  return field;
}
constexpr PlanField Number(double PlanNode::*member) {
  PlanField field{.kind = Kind::kNumber};
  field.number = member;
  return field;
}
constexpr PlanField Buffers(double BufferCounts::*member) {
  PlanField field{.kind = Kind::kBuffers};
  field.buffers = member;
  return field;
}
constexpr PlanField Wal(double WalCounts::*member) {
  PlanField field{.kind = Kind::kWal};
  field.wal = member;
  return field;
}
constexpr PlanField Groups(SortGroups PlanNode::*member) {
  PlanField field{.kind = Kind::kSortGroups};
  field.groups = member;
  return field;
}
constexpr PlanField Shape(Kind kind) { return PlanField{.kind = kind}; }

struct Entry {
  std::string_view key;
  PlanField field;
};

constexpr Entry kEntries[] = {
    {"Node Type", Text(&PlanNode::type)},
    {"Parent Relationship", Text(&PlanNode::parent_relationship)},
    {"Subplan Name", Text(&PlanNode::subplan_name)},
    {"Parallel Aware", Flag(&PlanNode::parallel_aware)},
    {"Async Capable", Flag(&PlanNode::async_capable)},
    {"Inner Unique", Flag(&PlanNode::inner_unique)},
    {"Disabled", Flag(&PlanNode::disabled)},
    {"Strategy", Text(&PlanNode::strategy)},
    {"Partial Mode", Text(&PlanNode::partial_mode)},
    {"Operation", Text(&PlanNode::operation)},
    {"Command", Text(&PlanNode::command)},
    {"Join Type", Text(&PlanNode::join_type)},
    {"Scan Direction", Text(&PlanNode::scan_direction)},
    {"Index Name", Text(&PlanNode::index)},
    {"Relation Name", Text(&PlanNode::relation)},
    {"Schema", Text(&PlanNode::schema)},
    {"Alias", Text(&PlanNode::alias)},
    {"CTE Name", Text(&PlanNode::cte_name)},
    {"Function Name", Text(&PlanNode::function_name)},
    {"Table Function Name", Text(&PlanNode::table_function_name)},
    {"Tuplestore Name", Text(&PlanNode::tuplestore_name)},
    {"Custom Plan Provider", Text(&PlanNode::custom_provider)},
    {"Startup Cost", Number(&PlanNode::startup_cost)},
    {"Total Cost", Number(&PlanNode::total_cost)},
    {"Plan Rows", Number(&PlanNode::plan_rows)},
    {"Plan Width", Number(&PlanNode::plan_width)},
    {"Actual Startup Time", Number(&PlanNode::actual_startup_ms)},
    {"Actual Total Time", Number(&PlanNode::actual_total_ms)},
    {"Actual Rows", Number(&PlanNode::actual_rows)},
    {"Actual Loops", Number(&PlanNode::loops)},
    {"Output", Texts(&PlanNode::output)},
    {"Filter", Text(&PlanNode::filter)},
    {"Index Cond", Text(&PlanNode::index_cond)},
    {"Recheck Cond", Text(&PlanNode::recheck_cond)},
    {"Hash Cond", Text(&PlanNode::hash_cond)},
    {"Merge Cond", Text(&PlanNode::merge_cond)},
    {"Join Filter", Text(&PlanNode::join_filter)},
    {"One-Time Filter", Text(&PlanNode::one_time_filter)},
    {"TID Cond", Text(&PlanNode::tid_cond)},
    {"Order By", Text(&PlanNode::order_by)},
    {"Run Condition", Text(&PlanNode::run_condition)},
    {"Function Call", Text(&PlanNode::function_call)},
    {"Table Function Call", Text(&PlanNode::function_call)},
    {"Remote SQL", Text(&PlanNode::remote_sql)},
    {"Window", Text(&PlanNode::window)},
    {"Conflict Resolution", Text(&PlanNode::conflict_resolution)},
    {"Conflict Arbiter Indexes", Texts(&PlanNode::conflict_arbiters)},
    {"Conflict Filter", Text(&PlanNode::conflict_filter)},
    {"Sort Key", Texts(&PlanNode::sort_keys)},
    {"Presorted Key", Texts(&PlanNode::presorted_keys)},
    {"Group Key", Texts(&PlanNode::group_keys)},
    {"Grouping Sets", Shape(Kind::kGroupingSets)},
    {"Cache Key", Text(&PlanNode::cache_key)},
    {"Cache Mode", Text(&PlanNode::cache_mode)},
    {"Rows Removed by Filter", Number(&PlanNode::rows_removed_by_filter)},
    {"Rows Removed by Index Recheck", Number(&PlanNode::rows_removed_by_recheck)},
    {"Rows Removed by Join Filter", Number(&PlanNode::rows_removed_by_join_filter)},
    {"Rows Removed by Conflict Filter", Number(&PlanNode::rows_removed_by_conflict_filter)},
    {"Heap Fetches", Number(&PlanNode::heap_fetches)},
    {"Exact Heap Blocks", Number(&PlanNode::exact_heap_blocks)},
    {"Lossy Heap Blocks", Number(&PlanNode::lossy_heap_blocks)},
    {"Index Searches", Number(&PlanNode::index_searches)},
    {"Tuples Inserted", Number(&PlanNode::tuples_inserted)},
    {"Conflicting Tuples", Number(&PlanNode::conflicting_tuples)},
    {"Workers Planned", Number(&PlanNode::workers_planned)},
    {"Workers Launched", Number(&PlanNode::workers_launched)},
    {"Subplans Removed", Number(&PlanNode::subplans_removed)},
    {"Sort Method", Text(&PlanNode::sort_method)},
    {"Sort Space Used", Number(&PlanNode::sort_space_kb)},
    {"Sort Space Type", Text(&PlanNode::sort_space_type)},
    {"Full-sort Groups", Groups(&PlanNode::full_sort_groups)},
    {"Pre-sorted Groups", Groups(&PlanNode::presorted_groups)},
    {"Hash Buckets", Number(&PlanNode::hash_buckets)},
    {"Original Hash Buckets", Number(&PlanNode::original_hash_buckets)},
    {"Hash Batches", Number(&PlanNode::hash_batches)},
    {"Original Hash Batches", Number(&PlanNode::original_hash_batches)},
    {"Peak Memory Usage", Number(&PlanNode::peak_memory_kb)},
    {"Planned Partitions", Number(&PlanNode::planned_partitions)},
    {"HashAgg Batches", Number(&PlanNode::hashagg_batches)},
    {"Disk Usage", Number(&PlanNode::disk_usage_kb)},
    {"Cache Hits", Number(&PlanNode::cache_hits)},
    {"Cache Misses", Number(&PlanNode::cache_misses)},
    {"Cache Evictions", Number(&PlanNode::cache_evictions)},
    {"Cache Overflows", Number(&PlanNode::cache_overflows)},
    {"Storage", Text(&PlanNode::storage)},
    {"Maximum Storage", Number(&PlanNode::storage_kb)},
    {"Shared Hit Blocks", Buffers(&BufferCounts::shared_hit)},
    {"Shared Read Blocks", Buffers(&BufferCounts::shared_read)},
    {"Shared Dirtied Blocks", Buffers(&BufferCounts::shared_dirtied)},
    {"Shared Written Blocks", Buffers(&BufferCounts::shared_written)},
    {"Local Hit Blocks", Buffers(&BufferCounts::local_hit)},
    {"Local Read Blocks", Buffers(&BufferCounts::local_read)},
    {"Local Dirtied Blocks", Buffers(&BufferCounts::local_dirtied)},
    {"Local Written Blocks", Buffers(&BufferCounts::local_written)},
    {"Temp Read Blocks", Buffers(&BufferCounts::temp_read)},
    {"Temp Written Blocks", Buffers(&BufferCounts::temp_written)},
    {"I/O Read Time", Buffers(&BufferCounts::shared_read_ms)},
    {"I/O Write Time", Buffers(&BufferCounts::shared_write_ms)},
    {"Shared I/O Read Time", Buffers(&BufferCounts::shared_read_ms)},
    {"Shared I/O Write Time", Buffers(&BufferCounts::shared_write_ms)},
    {"Local I/O Read Time", Buffers(&BufferCounts::local_read_ms)},
    {"Local I/O Write Time", Buffers(&BufferCounts::local_write_ms)},
    {"Temp I/O Read Time", Buffers(&BufferCounts::temp_read_ms)},
    {"Temp I/O Write Time", Buffers(&BufferCounts::temp_write_ms)},
    {"WAL Records", Wal(&WalCounts::records)},
    {"WAL FPI", Wal(&WalCounts::full_page_images)},
    {"WAL Bytes", Wal(&WalCounts::bytes)},
    {"WAL Buffers Full", Wal(&WalCounts::buffers_full)},
    {"Plans", Shape(Kind::kPlans)},
    {"Workers", Shape(Kind::kWorkers)},
};

struct WorkerEntry {
  std::string_view key;
  WorkerField field;
};

constexpr WorkerEntry kWorkerEntries[] = {
    {"Actual Startup Time", {.number = &PlanWorker::startup_ms}},
    {"Actual Total Time", {.number = &PlanWorker::total_ms}},
    {"Actual Rows", {.number = &PlanWorker::rows}},
    {"Actual Loops", {.number = &PlanWorker::loops}},
    {"Sort Method", {.text = &PlanWorker::sort_method}},
    {"Sort Space Type", {.text = &PlanWorker::sort_space_type}},
    {"Sort Space Used", {.number = &PlanWorker::sort_space_kb}},
    {"HashAgg Batches", {.number = &PlanWorker::hashagg_batches}},
    {"Peak Memory Usage", {.number = &PlanWorker::peak_memory_kb}},
    {"Disk Usage", {.number = &PlanWorker::disk_usage_kb}},
    {"Cache Hits", {.number = &PlanWorker::cache_hits}},
    {"Cache Misses", {.number = &PlanWorker::cache_misses}},
    {"Cache Evictions", {.number = &PlanWorker::cache_evictions}},
    {"Cache Overflows", {.number = &PlanWorker::cache_overflows}},
    {"Exact Heap Blocks", {.number = &PlanWorker::exact_heap_blocks}},
    {"Lossy Heap Blocks", {.number = &PlanWorker::lossy_heap_blocks}},
};

constexpr char Canonical(char c) { return c == ' ' || c == '/' ? '-' : c; }

// Cheap, and good enough to spread the keys above over the table: see kSlots.
constexpr uint32_t HashOf(std::string_view key) {
  const size_t size = key.size();
  if (size == 0) return 0;
  const auto at = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<uint8_t>(Canonical(key[i])));
  };
  const uint32_t hash = static_cast<uint32_t>(size) * 0x9E3779B1u + at(0) * 0x85EBCA6Bu +
                        at(size / 2) * 0xC2B2AE35u + at(size / 4) * 0x165667B1u +
                        at(size - 1) * 0x27D4EB2Fu;
  return hash >> 23;
}

constexpr size_t kSlotCount = 512;

// Open addressing, made at compile time: the index into kEntries + 1, 0 for a free slot.
constexpr std::array<uint8_t, kSlotCount> MakeSlots() {
  std::array<uint8_t, kSlotCount> slots = {};
  for (size_t i = 0; i < std::size(kEntries); ++i) {
    size_t slot = HashOf(kEntries[i].key) % kSlotCount;
    while (slots[slot] != 0) slot = (slot + 1) % kSlotCount;
    slots[slot] = static_cast<uint8_t>(i + 1);
  }
  return slots;
}
static_assert(std::size(kEntries) < 255);
constexpr std::array<uint8_t, kSlotCount> kSlots = MakeSlots();

}  // namespace

bool SameKey(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (std::memcmp(a.data(), b.data(), a.size()) == 0) return true;
  for (size_t i = 0; i < a.size(); ++i) {
    if (Canonical(a[i]) != Canonical(b[i])) return false;
  }
  return true;
}

const PlanField& FieldOf(std::string_view key) {
  static constexpr PlanField kIgnored = {};
  size_t slot = HashOf(key) % kSlotCount;
  while (kSlots[slot] != 0) {
    const Entry& entry = kEntries[kSlots[slot] - 1];
    if (SameKey(entry.key, key)) return entry.field;
    slot = (slot + 1) % kSlotCount;
  }
  return kIgnored;
}

WorkerField WorkerFieldOf(std::string_view key) {
  for (const WorkerEntry& entry : kWorkerEntries) {
    if (SameKey(entry.key, key)) return entry.field;
  }
  const PlanField field = FieldOf(key);
  if (field.kind == Kind::kBuffers) return {.buffers = field.buffers};
  return {};
}

}  // namespace pgsift
