// Workload: executions whose order does not matter, counted by threads across blocks.

#include <algorithm>
#include <utility>

#include "ingest/log/execution_tally.h"
#include "ingest/log/workload.h"
#include "ingest/log/workload_state.h"

namespace pgsift {

static_assert(std::tuple_size_v<decltype(ExecutionTally::Query::slowest_us)> == kSlowestMax);

uint32_t ExecutionTally::QueryAt(uint64_t shape) {
  const auto known = query_at.find(shape);
  if (known != query_at.end()) return known->second;
  if (queries.size() >= kQueriesMax) return kNone;
  const auto at = static_cast<uint32_t>(queries.size());
  query_at.emplace(shape, at);
  queries.emplace_back().stats.shape = shape;
  return at;
}

QueryStats* ExecutionTally::Known(uint64_t shape) {
  const auto known = query_at.find(shape);
  return known == query_at.end() ? nullptr : &queries[known->second].stats;
}

void Workload::AddHolds() {
  for (const EndedTransactions::Hold& hold : state_->holds) {
    QueryStats* const tallied = tally_ != nullptr ? tally_->Known(hold.shape) : nullptr;
    QueryStats& query = tallied != nullptr ? *tallied : QueryOf(hold.shape, {}, nullptr);
    query.held.Add(hold.us);
  }
  state_->holds.clear();
}

// False if the tally has no room for the query: then nothing was done.
bool Workload::AddToTally(const LogRecord& record, const Execution& execution) {
  const uint32_t at = tally_->QueryAt(execution.shape);
  if (at == ExecutionTally::kNone) return false;
  ExecutionTally::Query& query = tally_->queries[at];
  QueryStats& stats = query.stats;
  // Which is rarely in the cache: what follows does not wait for it.
  stats.latency.Prefetch(execution.duration_us);
  Session& session = *SessionOf(record.pid);
  const uint32_t kind = KindOf(record, &session);
  const int64_t time_us = TimeOf(record);
  const int64_t duration_us = execution.duration_us;
  ++tally_->statements;
  tally_->total_us += duration_us;
  ++stats.calls;
  stats.texts.Add(execution.literals);
  Widen(time_us, time_us, &stats.first_us, &stats.last_us);
  AddDuration(&stats, duration_us);
  if (time_us != 0) {
    const TimeBucket what = {.count = 1, .total_us = duration_us};
    stats.series.Add(time_us, what);
    tally_->activity.Add(time_us, what);
    state_->kind_busy[kind].Add(time_us, what);
  }
  tally_->calls.push_back({.query = at, .kind = kind});

  // A query that is new to the thread becomes known to the block here, by its first example.
  const bool shorter = execution.text.size() < query.shortest;
  const bool better = IsBetterExample(duration_us, PlaceOf(record), stats);
  const bool slow = duration_us >= options_.slow_us &&
                    (query.slowest_count < kSlowestMax || duration_us > query.slowest_us.back());
  if (shorter || better || slow) {
    QueryStats& texts = QueryOf(execution.shape, execution.text, &record);
    if (shorter) query.shortest = execution.text.size();
    if (better) {
      stats.example_us = duration_us;
      stats.example_place = PlaceOf(record);
      // The block may have a better one of an execution that was not tallied.
      if (IsBetterExample(duration_us, stats.example_place, texts)) {
        KeepExample(record, execution, &texts);
      }
    }
    if (slow) {
      int64_t* const begin = query.slowest_us.data();
      query.slowest_count = std::min(query.slowest_count + 1, kSlowestMax);
      int64_t* const place = std::find_if(begin, begin + query.slowest_count - 1,
                                          [&](int64_t each) { return each < duration_us; });
      std::move_backward(place, begin + query.slowest_count - 1, begin + query.slowest_count);
      *place = duration_us;
      KeepIfSlow(record, execution, &texts);
    }
  }
  EndExecution(record, execution, &session);
  return true;
}

void Workload::EndTally() {
  if (tally_ == nullptr) return;
  // The tally's numbers of queries as the block's.
  std::vector<uint32_t> here(tally_->queries.size(), ExecutionTally::kNone);
  for (const ExecutionTally::Call& call : tally_->calls) {
    uint32_t& query = here[call.query];
    if (query == ExecutionTally::kNone) {
      const QueryStats& known = QueryOf(tally_->queries[call.query].stats.shape, {}, nullptr);
      query = static_cast<uint32_t>(&known - totals_.queries.data());
    }
    ++state_->calls[{query, call.kind}];
  }
  tally_->calls.clear();
  tally_ = nullptr;
}

void Workload::MergeTally(ExecutionTally* tally) {
  totals_.statements += tally->statements;
  totals_.total_us += tally->total_us;
  totals_.activity.Merge(tally->activity);
  for (ExecutionTally::Query& query : tally->queries) {
    // The blocks have the texts.
    query.stats.example_us = -1;
    auto known = state_->query_at.find(query.stats.shape);
    if (known == state_->query_at.end()) known = state_->query_at.find(kOtherShape);
    MergeQuery(std::move(query.stats), &totals_.queries[known->second]);
  }
  *tally = {};
}

}  // namespace pgsift
