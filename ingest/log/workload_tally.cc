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

ExecutionTally::Kind* ExecutionTally::MeetKind(uint32_t block_kind, uint64_t hash,
                                               uint64_t hash_without_client) {
  auto known = kind_at.find(hash);
  if (known == kind_at.end()) {
    if (kinds.size() >= kKindsMax) return nullptr;
    const auto owner = std::find_if(busy.begin(), busy.end(), [&](const Busy& each) {
      return each.hash == hash_without_client;
    });
    const auto owner_at = static_cast<uint32_t>(owner - busy.begin());
    if (owner == busy.end()) busy.emplace_back().hash = hash_without_client;
    known = kind_at.emplace(hash, static_cast<uint32_t>(kinds.size())).first;
    kinds.push_back({.hash = hash, .busy = owner_at, .calls = {}});
  }
  if (block_kind >= block_kinds.size()) block_kinds.resize(block_kind + 1, kNone);
  block_kinds[block_kind] = known->second;
  return &kinds[known->second];
}

void ExecutionTally::CountCall(uint32_t query, uint32_t block_kind, Kind* kind) {
  if (kind == nullptr) return calls.push_back({.query = query, .kind = block_kind, .count = 1});
  constexpr size_t kStep = 64;
  if (query >= kind->calls.size()) kind->calls.resize((query / kStep + 1) * kStep);
  if (kind->calls[query]++ == 0) calls.push_back({.query = query, .kind = block_kind});
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
  ExecutionTally::Kind* tallied = tally_->KindAt(kind);
  if (tallied == nullptr) {
    tallied =
        tally_->MeetKind(kind, state_->kind_hashes[kind], HashWithoutClient(state_->kinds[kind]));
  }
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
    (tallied != nullptr ? &tally_->busy[tallied->busy].series : BusyOf(kind))->Add(time_us, what);
  }
  tally_->CountCall(at, kind, tallied);

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
    state_->calls[{query, call.kind}] += call.count;
  }
  tally_->calls.clear();
  tally_->block_kinds.clear();
  tally_ = nullptr;
}

void Workload::MergeTally(ExecutionTally* tally) {
  totals_.statements += tally->statements;
  totals_.total_us += tally->total_us;
  totals_.activity.Merge(tally->activity);
  std::vector<uint32_t> query_at;
  for (ExecutionTally::Query& query : tally->queries) {
    // The blocks have the texts.
    query.stats.example_us = -1;
    query.stats.example_place = {};
    auto known = state_->query_at.find(query.stats.shape);
    if (known == state_->query_at.end()) known = state_->query_at.find(kOtherShape);
    query_at.push_back(known->second);
    MergeQuery(std::move(query.stats), &totals_.queries[known->second]);
  }
  for (const ExecutionTally::Busy& busy : tally->busy) MergeBusy(busy.hash, busy.series);
  for (const ExecutionTally::Kind& kind : tally->kinds) {
    const auto known = state_->kind_at.find(kind.hash);
    const bool other = known == state_->kind_at.end();
    for (size_t i = 0; i < kind.calls.size(); ++i) {
      if (kind.calls[i] == 0) continue;
      CountCall(query_at[i], other ? kOtherKind : known->second, kind.calls[i]);
    }
  }
  *tally = {};
}

}  // namespace pgsift
