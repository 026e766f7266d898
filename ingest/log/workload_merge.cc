// Workload: adding what the next part of a log says.

#include <algorithm>

#include "ingest/log/workload.h"
#include "ingest/log/workload_state.h"

namespace pgsift {
namespace {

// What the limits of memory need to know.
struct Bounds {
  bool bounded = false;
  uint64_t* beyond_names = nullptr;
};

void MergeCounts(const std::map<std::string, uint64_t>& next, const Bounds& bounds,
                 std::map<std::string, uint64_t>* counts) {
  for (const auto& [name, count] : next) {
    Named(counts, name, bounds.bounded, bounds.beyond_names) += count;
  }
}

void MergeWaits(const std::map<std::string, LockObjectStats>& next, const Bounds& bounds,
                std::map<std::string, LockObjectStats>* stats) {
  for (const auto& [name, from] : next) {
    LockObjectStats& to = Named(stats, name, bounds.bounded, bounds.beyond_names);
    to.waits += from.waits;
    to.total_us += from.total_us;
    to.max_us = std::max(to.max_us, from.max_us);
  }
}

void MergeTable(const TableMaintenance& from, TableMaintenance* to) {
  to->vacuums += from.vacuums;
  to->analyzes += from.analyzes;
  to->aggressive += from.aggressive;
  to->wraparound += from.wraparound;
  to->vacuum_us += from.vacuum_us;
  to->analyze_us += from.analyze_us;
  to->vacuum_us_max = std::max(to->vacuum_us_max, from.vacuum_us_max);
  to->index_scans += from.index_scans;
  to->index_scans_max = std::max(to->index_scans_max, from.index_scans_max);
  to->pages_removed += from.pages_removed;
  to->tuples_removed += from.tuples_removed;
  to->tuples_remain = std::max(to->tuples_remain, from.tuples_remain);
  to->tuples_not_removable_max =
      std::max(to->tuples_not_removable_max, from.tuples_not_removable_max);
  to->cutoff_age_max = std::max(to->cutoff_age_max, from.cutoff_age_max);
  to->wal_bytes += from.wal_bytes;
}

void MergeCheckpoints(const CheckpointStats& from, CheckpointStats* to) {
  to->starting += from.starting;
  to->complete += from.complete;
  to->too_frequent += from.too_frequent;
  to->timed += from.timed;
  to->wal += from.wal;
  to->requested += from.requested;
  to->buffers += from.buffers;
  to->buffers_max = std::max(to->buffers_max, from.buffers_max);
  to->wal_added += from.wal_added;
  to->wal_removed += from.wal_removed;
  to->wal_recycled += from.wal_recycled;
  to->write_us += from.write_us;
  to->sync_us += from.sync_us;
  to->total_us += from.total_us;
  to->longest_sync_us = std::max(to->longest_sync_us, from.longest_sync_us);
  to->total_us_max = std::max(to->total_us_max, from.total_us_max);
  to->distance_kb_max = std::max(to->distance_kb_max, from.distance_kb_max);
}

void MergeConnections(const ConnectionStats& from, const Bounds& bounds, ConnectionStats* to) {
  to->received += from.received;
  to->authorized += from.authorized;
  to->disconnections += from.disconnections;
  to->rejected += from.rejected;
  to->lost += from.lost;
  to->session_us += from.session_us;
  to->session_times.Merge(from.session_times);
  to->series.Merge(from.series);
  MergeCounts(from.databases, bounds, &to->databases);
  MergeCounts(from.users, bounds, &to->users);
  MergeCounts(from.applications, bounds, &to->applications);
  MergeCounts(from.clients, bounds, &to->clients);
}

void MergeLocks(LockStats&& from, const Bounds& bounds, LockStats* to) {
  to->still_waiting += from.still_waiting;
  to->acquired += from.acquired;
  to->failed += from.failed;
  to->total_us += from.total_us;
  to->max_us = std::max(to->max_us, from.max_us);
  MergeWaits(from.modes, bounds, &to->modes);
  MergeWaits(from.objects, bounds, &to->objects);
  for (LockWait& wait : from.examples) KeepLockWait(std::move(wait), &to->examples);
}

void MergeEvents(std::array<EventStats, kEventCount>&& from,
                 std::array<EventStats, kEventCount>* to) {
  for (size_t i = 0; i < kEventCount; ++i) {
    EventStats& stats = (*to)[i];
    stats.count += from[i].count;
    stats.series.Merge(from[i].series);
    for (EventExample& example : from[i].examples) {
      if (stats.examples.size() == kEventExamplesMax) break;
      stats.examples.push_back(std::move(example));
    }
  }
}

}  // namespace

void MergeQuery(QueryStats&& from, QueryStats* to) {
  if (to->shortest.empty() ||
      (!from.shortest.empty() && from.shortest.size() < to->shortest.size())) {
    to->shortest = std::move(from.shortest);
  }
  for (SlowExecution& slow : from.slowest) KeepSlow(std::move(slow), &to->slowest);
  if (IsBetterExample(from.example_us, from.example_place, *to)) {
    to->example = std::move(from.example);
    to->parameters = std::move(from.parameters);
    to->example_place = from.example_place;
    to->example_us = from.example_us;
  }
  if (from.timed_calls > 0) {
    to->min_us = to->timed_calls == 0 ? from.min_us : std::min(to->min_us, from.min_us);
  }
  to->max_us = std::max(to->max_us, from.max_us);
  to->calls += from.calls;
  to->timed_calls += from.timed_calls;
  to->slow_calls += from.slow_calls;
  to->sampled_calls += from.sampled_calls;
  to->sampled_us += from.sampled_us;
  to->squares_us += from.squares_us;
  to->total_us += from.total_us;
  to->parses += from.parses;
  to->binds += from.binds;
  to->fetches += from.fetches;
  to->parse_us += from.parse_us;
  to->bind_us += from.bind_us;
  to->latency.Merge(from.latency);
  to->held.Merge(from.held);
  to->texts.Merge(from.texts);
  to->errors += from.errors;
  to->temp_files += from.temp_files;
  to->temp_bytes += from.temp_bytes;
  to->lock_waits += from.lock_waits;
  to->lock_wait_us += from.lock_wait_us;
  Widen(from.first_us, from.last_us, &to->first_us, &to->last_us);
  to->series.Merge(from.series);
}

void Workload::ShiftLines(uint64_t lines) {
  for (QueryStats& query : totals_.queries) {
    query.example_place.line += lines;
    for (SlowExecution& slow : query.slowest) slow.place.line += lines;
  }
  for (EventStats& stats : totals_.events) {
    for (EventExample& example : stats.examples) example.place.line += lines;
  }
  for (MessageStats& stats : totals_.errors) stats.place.line += lines;
  for (MessageStats& stats : totals_.other_messages) stats.place.line += lines;
  for (LockWait& wait : totals_.locks.examples) wait.place.line += lines;
  for (Deadlock& deadlock : totals_.deadlocks) deadlock.place.line += lines;
  for (auto& [pid, session] : state_->sessions) {
    session.pending_place.line += lines;
    session.runs.ForEachPlace([lines](LogPlace& place) { place.line += lines; });
  }
  for (auto& [key, stats] : state_->runs) stats.place.line += lines;
  for (auto& [shape, plans] : state_->plans) {
    for (LoggedPlan& plan : plans) plan.place.line += lines;
  }
}

std::string MessageKey(const MessageStats& stats) {
  std::string key(1, static_cast<char>('0' + static_cast<int>(stats.level)));
  return key.append(stats.sqlstate).append("/").append(stats.message);
}

void Workload::MergeMessages(std::vector<MessageStats>&& from, std::vector<MessageStats>* to) {
  for (MessageStats& stats : from) {
    std::string key = MessageKey(stats);
    if (bounded_ && to->size() >= kMessagesMax && !state_->message_at.contains(key)) {
      totals_.beyond_messages += stats.count;
      stats.sqlstate.clear();
      stats.message = kOtherName;
      key = MessageKey(stats);
    }
    const auto [found, added] =
        state_->message_at.try_emplace(key, static_cast<uint32_t>(to->size()));
    if (added) {
      to->push_back(std::move(stats));
      continue;
    }
    MessageStats& known = (*to)[found->second];
    known.count += stats.count;
    Widen(stats.first_us, stats.last_us, &known.first_us, &known.last_us);
  }
}

// Calls by kind, in as much memory as there is: beyond it they count for a kind named kOtherName.
void Workload::CountCall(uint32_t query, uint32_t kind, uint64_t calls) {
  const bool full = bounded_ && state_->calls.size() >= kCallsMax;
  if (full && !state_->calls.contains({query, kind})) {
    if (calls == 0) return;
    totals_.beyond_names += calls;
    kind = kOtherKind;
  }
  state_->calls[{query, kind}] += calls;
}

// Of those for whose kinds there was no room it is not kept.
void Workload::MergeBusy(uint64_t hash, const TimeSeries& series) {
  const auto known = state_->busy_at.find(hash);
  if (known != state_->busy_at.end()) state_->busy[known->second].series.Merge(series);
}

void Workload::MergeQueries(Workload* next) {
  std::vector<uint32_t> query_at(next->totals_.queries.size());
  for (size_t i = 0; i < query_at.size(); ++i) {
    QueryStats& from = next->totals_.queries[i];
    const auto known = state_->query_at.find(from.shape);
    if (known != state_->query_at.end()) {
      query_at[i] = known->second;
      MergeQuery(std::move(from), &totals_.queries[known->second]);
    } else if (bounded_ && totals_.queries.size() >= options_.shapes_max) {
      QueryStats& other = OtherQuery();
      query_at[i] = static_cast<uint32_t>(&other - totals_.queries.data());
      from.shortest.clear();
      from.slowest.clear();
      // Without a place it is no better than any other.
      from.example_us = -1;
      from.example_place = {};
      MergeQuery(std::move(from), &other);
    } else {
      query_at[i] = static_cast<uint32_t>(totals_.queries.size());
      state_->query_at.emplace(from.shape, query_at[i]);
      totals_.queries.push_back(std::move(from));
    }
  }
  std::vector<uint32_t> kind_at(next->state_->kinds.size());
  for (size_t i = 0; i < kind_at.size(); ++i) {
    const uint64_t hash = next->state_->kind_hashes[i];
    const auto known = state_->kind_at.find(hash);
    if (known != state_->kind_at.end()) {
      kind_at[i] = known->second;
    } else if (bounded_ && state_->kinds.size() >= kKindsMax) {
      ++totals_.beyond_names;
      kind_at[i] = kOtherKind;
    } else {
      kind_at[i] = state_->AddKind(std::move(next->state_->kinds[i]), hash);
    }
  }
  for (const BusyTime& busy : next->state_->busy) {
    MergeBusy(HashWithoutClient(busy.who), busy.series);
  }
  // In order, so that what finds no room does not depend on the map's.
  std::vector<std::pair<std::pair<uint32_t, uint32_t>, uint64_t>> calls(next->state_->calls.begin(),
                                                                        next->state_->calls.end());
  if (bounded_ && state_->calls.size() + calls.size() > kCallsMax) {
    std::sort(calls.begin(), calls.end());
  }
  for (const auto& [key, count] : calls) {
    const uint32_t kind = key.second == kOtherKind ? kOtherKind : kind_at[key.second];
    CountCall(query_at[key.first], kind, count);
  }
}

// Joins what a process began before with what it ended after.
void Workload::MergeSessions(Workload* next) {
  using Head = Session::Head;
  for (auto& [pid, after] : next->state_->sessions) {
    const auto [at, added] = state_->sessions.try_emplace(pid);
    Session& before = at->second;
    if (added) {
      before = std::move(after);
      DropEnded(pid);
      continue;
    }
    before.transactions.Merge(after.transactions, Ended());
    AddHolds();
    before.ended = after.ended;
    if (after.head_closed_us != 0 && before.opened_us != 0) {
      CloseGroup(before.group, after.head_closed_us, after.head_session_us);
      before.opened_us = 0;
      after.head_closed_us = 0;
    }
    switch (after.head) {
      case Head::kOpen:
        before.temp_files += after.temp_files;
        before.temp_bytes += after.temp_bytes;
        continue;
      case Head::kBare:
        if (before.pending) {
          const uint64_t shape = before.pending_shape;
          FinishPending(&before, after.head_us, after.head_time_us);
          GiveTempFiles(shape, before.temp_files + after.head_temp_files,
                        before.temp_bytes + after.head_temp_bytes);
        } else if (before.head == Head::kOpen) {
          before.head_us = after.head_us;
          before.head_time_us = after.head_time_us;
          before.head_temp_files = before.temp_files + after.head_temp_files;
          before.head_temp_bytes = before.temp_bytes + after.head_temp_bytes;
        } else {
          ++totals_.unattributed_durations;
          totals_.unattributed_us += after.head_us;
        }
        break;
      case Head::kShape:
        if (before.temp_files > 0) {
          GiveTempFiles(after.head_shape, before.temp_files, before.temp_bytes);
        }
        before.head_shape = before.head == Head::kOpen ? after.head_shape : before.head_shape;
        break;
      case Head::kFailed:
        UncountFailed(after.head_shape, &before);
        if (before.temp_files > 0) {
          GiveTempFiles(after.head_shape, before.temp_files, before.temp_bytes);
        }
        before.head_shape = before.head == Head::kOpen ? after.head_shape : before.head_shape;
        break;
      case Head::kClosed:
        break;
    }
    if (before.head == Head::kOpen) before.head = after.head;
    before.runs.Merge(std::move(after.runs), &state_->runs);
    MergeOpening(std::move(after), &before);
    before.pending = after.pending;
    before.pending_shape = after.pending_shape;
    before.pending_verb = after.pending_verb;
    before.pending_kind = after.pending_kind;
    before.pending_text = std::move(after.pending_text);
    before.pending_parameters = std::move(after.pending_parameters);
    before.pending_bits = after.pending_bits;
    before.pending_place = after.pending_place;
    before.temp_files = after.temp_files;
    before.temp_bytes = after.temp_bytes;
    DropEnded(pid);
  }
}

// What the next part knows of who has the session open.
void Workload::MergeOpening(Session&& after, Session* before) {
  if (after.head_closed_us != 0 && before->head_closed_us == 0) {
    before->head_closed_us = after.head_closed_us;
    before->head_session_us = after.head_session_us;
    before->head_group = std::move(after.head_group);
  }
  if (after.opened_us != 0) {
    before->group = std::move(after.group);
    before->opened_us = after.opened_us;
    before->active_us = after.active_us;
    before->statements = after.statements;
    return;
  }
  before->active_us = std::max(before->active_us, after.active_us);
  before->statements += after.statements;
}

void Workload::MergeGroups(Workload* next) {
  for (auto& [name, from] : next->totals_.groups) {
    SessionGroup& to = Named(&totals_.groups, name, bounded_, &totals_.beyond_names);
    to.opened += from.opened;
    to.closed += from.closed;
    to.brief += from.brief;
    to.session_us += from.session_us;
    to.opens.Merge(from.opens);
    to.closes.Merge(from.closes);
  }
}

void Workload::MergeRuns(Workload* next) {
  std::vector<std::pair<uint64_t, uint64_t>> keys;
  for (const auto& [key, stats] : next->state_->runs) keys.push_back(key);
  // In order, so that what finds no room does not depend on the map's.
  std::sort(keys.begin(), keys.end());
  for (const auto& key : keys) {
    if (bounded_ && state_->runs.size() >= kRunsMax && !state_->runs.contains(key)) continue;
    state_->runs[key].Merge(next->state_->runs[key]);
  }
}

// The first part of a log need not remember what later parts cannot refer to.
void Workload::DropEnded(uint32_t pid) {
  if (!first_) return;
  const auto at = state_->sessions.find(pid);
  const bool crowded = state_->sessions.size() > kSessionsMax && !at->second.pending;
  if (!at->second.ended && !crowded) return;
  if (at->second.head == Session::Head::kBare) {
    ++totals_.unattributed_durations;
    totals_.unattributed_us += at->second.head_us;
  }
  ++state_->ended_sessions;
  at->second.runs.Finish(&state_->runs);
  if (at->second.head_closed_us != 0) {
    CloseGroup(at->second.head_group, at->second.head_closed_us, at->second.head_session_us);
  }
  state_->sessions.erase(at);
}

void Workload::MergeServer(Workload* next) {
  WorkloadTotals& from = next->totals_;
  MergeEvents(std::move(from.events), &totals_.events);
  const Bounds bounds{.bounded = bounded_, .beyond_names = &totals_.beyond_names};
  MergeConnections(from.connections, bounds, &totals_.connections);
  MergeLocks(std::move(from.locks), bounds, &totals_.locks);
  for (Deadlock& deadlock : from.deadlocks) {
    if (totals_.deadlocks.size() < kDeadlocksMax) totals_.deadlocks.push_back(std::move(deadlock));
  }
  totals_.temp_files.count += from.temp_files.count;
  totals_.temp_files.bytes += from.temp_files.bytes;
  totals_.temp_files.bytes_max = std::max(totals_.temp_files.bytes_max, from.temp_files.bytes_max);
  MergeCheckpoints(from.checkpoints, &totals_.checkpoints);
  for (const auto& [name, table] : from.maintenance) {
    MergeTable(table, &Named(&totals_.maintenance, name, bounded_, &totals_.beyond_names));
  }
  MergeMessages(std::move(from.errors), &totals_.errors);
  MergeMessages(std::move(from.other_messages), &totals_.other_messages);
  totals_.plans_seen += from.plans_seen;
  MergePlans(next);
  state_->open.Merge(next->state_->open);
  state_->ended_sessions += next->state_->ended_sessions;
}

void Workload::MergePlans(Workload* next) {
  std::vector<uint64_t> shapes;
  for (const auto& [shape, plans] : next->state_->plans) shapes.push_back(shape);
  std::sort(shapes.begin(), shapes.end());
  for (uint64_t shape : shapes) {
    const bool full = bounded_ && state_->plans.size() >= kPlanShapesMax;
    if (full && !state_->plans.contains(shape)) continue;
    std::vector<LoggedPlan>& plans = state_->plans[shape];
    for (LoggedPlan& plan : next->state_->plans[shape]) KeepPlan(std::move(plan), bounded_, &plans);
  }
}

void Workload::Merge(Workload&& next) {
  WorkloadTotals& from = next.totals_;
  totals_.records += from.records;
  for (size_t i = 0; i < totals_.levels.size(); ++i) totals_.levels[i] += from.levels[i];
  Widen(from.first_us, from.last_us, &totals_.first_us, &totals_.last_us);
  totals_.statements += from.statements;
  totals_.total_us += from.total_us;
  totals_.transactions.Merge(from.transactions);
  totals_.beyond_shapes += from.beyond_shapes;
  totals_.beyond_messages += from.beyond_messages;
  totals_.beyond_names += from.beyond_names;
  totals_.unattributed_durations += from.unattributed_durations;
  totals_.unattributed_us += from.unattributed_us;
  totals_.activity.Merge(from.activity);
  MergeQueries(&next);
  MergeRuns(&next);
  MergeGroups(&next);
  MergeSessions(&next);
  MergeServer(&next);
}

}  // namespace pgsift
