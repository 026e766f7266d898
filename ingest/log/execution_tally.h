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
  // An execution in the current block.
  struct Call {
    uint32_t query = 0;  // Index in `queries`.
    uint32_t kind = 0;   // As the block's Workload numbers kinds of sessions.
  };

  // Index in `queries`, or kNone if there is no room.
  uint32_t QueryAt(uint64_t shape);
  // The figures of a query that is in `queries`; null if it is not.
  QueryStats* Known(uint64_t shape);

  std::vector<Query> queries;
  absl::flat_hash_map<uint64_t, uint32_t> query_at;  // By shape.
  uint64_t statements = 0;
  int64_t total_us = 0;
  TimeSeries activity{720};
  std::vector<Call> calls;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_EXECUTION_TALLY_H_
