#ifndef PGSIFT_INGEST_LOG_EXECUTION_TALLY_H_
#define PGSIFT_INGEST_LOG_EXECUTION_TALLY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ingest/log/time_series.h"
#include "ingest/log/workload_totals.h"

// Internal to ingest/log/, for workload*.cc and read_logs.cc.

namespace pgsift {

// What the executions of queries add up to, whatever their order: kept by a thread through all the
// blocks that it reads, so that the figures stay in its cache and need not be made and merged for
// each block. What depends on the order (sessions, which shapes there is room for, texts of
// examples) stays in each block's Workload. Holds the first queries that the thread meets;
// executions of others go to the block's Workload altogether. Not thread-safe.
struct ExecutionTally {
  static constexpr uint32_t kQueriesMax = 1024;
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  struct Query {
    QueryStats stats;  // Without texts.
    // What the thread has seen: only what beats these is written to a block's Workload.
    size_t shortest = std::numeric_limits<size_t>::max();
    size_t slowest_count = 0;
    std::array<int64_t, 3> slowest_us = {};  // Slowest first.
  };
  // What sessions that differ in their clients at most add up to.
  struct Busy {
    uint64_t hash = 0;  // HashWithoutClient().
    TimeSeries series{720};
  };
  // How often one kind of sessions ran each query.
  struct Kind {
    uint64_t hash = 0;            // HashKind().
    uint32_t busy = 0;            // Index in `busy`.
    std::vector<uint32_t> calls;  // By index in `queries`; those after the last are 0.
  };
  static constexpr uint32_t kKindsMax = 1024;
  // What the current block's Workload must know: that a kind ran a query, which the thread sees for
  // the first time (`count` 0), or for which it has no room.
  struct Call {
    uint32_t query = 0;  // Index in `queries`.
    uint32_t kind = 0;   // As the block's Workload numbers kinds of sessions.
    uint32_t count = 0;
  };

  // Index in `queries`, or kNone if there is no room.
  uint32_t QueryAt(uint64_t shape);
  // The kind that the block's Workload numbers `block_kind`; null if it has not been met, or there
  // is no room.
  Kind* KindAt(uint32_t block_kind) {
    const bool known = block_kind < block_kinds.size() && block_kinds[block_kind] != kNone;
    return known ? &kinds[block_kinds[block_kind]] : nullptr;
  }
  // Makes it known, if there is room.
  Kind* MeetKind(uint32_t block_kind, uint64_t hash, uint64_t hash_without_client);
  // One call more; of what the block must know it is told.
  void CountCall(uint32_t query, uint32_t block_kind, Kind* kind);
  // The figures of a query that is in `queries`; null if it is not.
  QueryStats* Known(uint64_t shape);

  std::vector<Query> queries;
  absl::flat_hash_map<uint64_t, uint32_t> query_at;  // By shape.
  std::vector<Kind> kinds;
  absl::flat_hash_map<uint64_t, uint32_t> kind_at;  // By hash.
  std::vector<Busy> busy;
  std::vector<uint32_t> block_kinds;  // The current block's, as indexes in `kinds`.
  uint64_t statements = 0;
  int64_t total_us = 0;
  TimeSeries activity{720};
  std::vector<Call> calls;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_EXECUTION_TALLY_H_
