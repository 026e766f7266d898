// Workload: naming queries by the grammar, joining equal ones, sorting.

#include <algorithm>
#include <map>

#include "base/parallel.h"
#include "base/text.h"
#include "ingest/log/shape.h"
#include "ingest/log/workload.h"
#include "ingest/log/workload_state.h"
#include "parser/fingerprint.h"

namespace pgsift {
namespace {

// How often kinds of sessions ran one query, by one of the names that make a kind. There are many
// kinds for few names: these are told apart once, and counted by number.
class NameCounter {
 public:
  NameCounter(const std::vector<SessionKind>& kinds, std::string SessionKind::*name) {
    std::map<std::string_view, uint32_t> number;
    for (const SessionKind& kind : kinds) number.try_emplace(kind.*name, 0);
    number.try_emplace(kOtherName, 0);
    for (auto& [text, at] : number) {
      at = static_cast<uint32_t>(names_.size());
      names_.push_back(text);
    }
    for (const SessionKind& kind : kinds) of_kind_.push_back(number[kind.*name]);
    other_ = number[kOtherName];
    counts_.resize(names_.size());
  }

  // Most calls first, then by name.
  std::vector<NameCount> Count(const std::vector<std::pair<uint32_t, uint64_t>>& calls) {
    for (const auto& [kind, count] : calls) {
      counts_[kind == kOtherKind ? other_ : of_kind_[kind]] += count;
    }
    std::vector<NameCount> sorted;
    for (size_t i = 0; i < names_.size(); ++i) {
      if (counts_[i] > 0) sorted.push_back({std::string(names_[i]), counts_[i]});
      counts_[i] = 0;
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const NameCount& a, const NameCount& b) { return a.count > b.count; });
    return sorted;
  }

 private:
  std::vector<std::string_view> names_;  // In their order.
  std::vector<uint32_t> of_kind_;
  uint32_t other_ = 0;
  std::vector<uint64_t> counts_;
};

// The query that stands for several shapes: the one with the most calls, then the least text.
bool Represents(const QueryStats& a, const QueryStats& b) {
  if (a.calls != b.calls) return a.calls > b.calls;
  if (a.query.size() != b.query.size()) return a.query.size() < b.query.size();
  return a.query != b.query ? a.query < b.query : a.shape < b.shape;
}

void SortMessages(std::vector<MessageStats>* messages) {
  std::sort(messages->begin(), messages->end(), [](const MessageStats& a, const MessageStats& b) {
    if (a.count != b.count) return a.count > b.count;
    if (a.message != b.message) return a.message < b.message;
    return a.sqlstate != b.sqlstate ? a.sqlstate < b.sqlstate : a.level < b.level;
  });
}

}  // namespace

// Shapes with one fingerprint become one: the members' numbers go to a Workload of their own, which
// knows how to add them.
void Workload::IdentifyQueries(size_t jobs) {
  std::vector<QueryStats>& queries = totals_.queries;
  ParallelFor(jobs, queries.size(), [&queries](size_t i) {
    QueryStats& query = queries[i];
    if (query.shape == kOtherShape) {
      query.id = query.query = kOtherName;
      return;
    }
    QueryIdentity identity = IdentifyQuery(query.shortest);
    query.parsed = identity.parsed;
    query.id = Hex64(identity.parsed ? identity.fingerprint : query.shape);
    query.query = identity.parsed ? std::move(identity.normalized) : ShapeText(query.shortest);
  });

  std::map<std::string, uint32_t> index_of;  // Of an id among the joined queries.
  std::vector<uint32_t> joined_at(queries.size());
  std::vector<uint32_t> representative;
  for (uint32_t i = 0; i < queries.size(); ++i) {
    const auto [at, added] =
        index_of.try_emplace(queries[i].id, static_cast<uint32_t>(index_of.size()));
    joined_at[i] = at->second;
    if (added) {
      representative.push_back(i);
    } else if (Represents(queries[i], queries[representative[at->second]])) {
      representative[at->second] = i;
    }
  }
  Workload joined(options_);
  std::vector<QueryStats> names(representative.size());
  for (size_t i = 0; i < representative.size(); ++i) {
    const QueryStats& from = queries[representative[i]];
    names[i].shape = from.shape;
    names[i].id = from.id;
    names[i].query = from.query;
    names[i].parsed = from.parsed;
  }
  std::vector<std::vector<std::pair<uint32_t, uint64_t>>> calls(representative.size());
  for (const auto& [key, count] : state_->calls) {
    calls[joined_at[key.first]].emplace_back(key.second, count);
  }
  for (uint32_t i = 0; i < queries.size(); ++i) {
    Workload part(options_);
    part.totals_.queries.push_back(std::move(queries[i]));
    part.totals_.queries.front().shape = joined_at[i];
    joined.MergeQueries(&part);
  }
  queries = std::move(joined.totals_.queries);
  NameCounter databases(state_->kinds, &SessionKind::database);
  NameCounter users(state_->kinds, &SessionKind::user);
  NameCounter applications(state_->kinds, &SessionKind::application);
  NameCounter clients(state_->kinds, &SessionKind::client);
  for (QueryStats& query : queries) {
    const auto at = static_cast<size_t>(query.shape);
    query.shape = names[at].shape;
    query.id = std::move(names[at].id);
    query.query = std::move(names[at].query);
    query.parsed = names[at].parsed;
    query.databases = databases.Count(calls[at]);
    query.users = users.Count(calls[at]);
    query.applications = applications.Count(calls[at]);
    query.clients = clients.Count(calls[at]);
  }
  std::map<uint64_t, std::string> id_of;  // Of shapes, as they were before they were joined.
  for (const auto& [shape, i] : state_->query_at) id_of[shape] = queries[joined_at[i]].id;
  for (auto& [shape, plans] : state_->plans) {
    const auto known = id_of.find(shape);
    for (LoggedPlan& plan : plans) {
      if (known != id_of.end()) plan.query_id = known->second;
    }
  }
  FinishRuns(id_of);
}

void Workload::FinishRuns(const std::map<uint64_t, std::string>& id_of) {
  std::map<std::pair<std::string, std::string>, RunStats> joined;
  for (const auto& [key, stats] : state_->runs) {
    const auto parent = id_of.find(key.first);
    const auto child = id_of.find(key.second);
    if (child == id_of.end()) continue;
    joined[{parent == id_of.end() ? std::string() : parent->second, child->second}].Merge(stats);
  }
  for (auto& [key, stats] : joined) {
    totals_.runs.push_back({.parent = key.first, .child = key.second, .stats = stats});
  }
  std::stable_sort(
      totals_.runs.begin(), totals_.runs.end(),
      [](const QueryRun& a, const QueryRun& b) { return a.stats.busy_us > b.stats.busy_us; });
}

// What is still open when the log ends.
void Workload::FinishGroups() {
  constexpr int64_t kLongUs = int64_t{600} * 1'000'000;
  for (auto& [pid, session] : state_->sessions) {
    session.runs.Finish(&state_->runs);
    if (session.head_closed_us != 0) {
      CloseGroup(session.head_group, session.head_closed_us, session.head_session_us);
    }
    if (session.ended) continue;
    if (const int64_t begin_us = session.transactions.open_since_us(); begin_us != 0) {
      totals_.open_transactions.push_back({.pid = pid,
                                           .group = session.group,
                                           .begin_us = begin_us,
                                           .last_us = session.transactions.last_us()});
    }
    if (session.opened_us == 0) continue;
    SessionGroup& group = Named(&totals_.groups, session.group, bounded_, &totals_.beyond_names);
    ++group.left_open;
    group.left_statements += session.statements;
    const int64_t open_us = totals_.last_us - session.opened_us;
    const int64_t quiet_us = totals_.last_us - std::max(session.active_us, session.opened_us);
    group.left_silent += quiet_us >= std::min(kLongUs, open_us / 2);
    if (group.oldest_open_us == 0 || session.opened_us < group.oldest_open_us) {
      group.oldest_open_us = session.opened_us;
    }
  }
  std::vector<OpenTransaction>& open = totals_.open_transactions;
  std::sort(open.begin(), open.end(), [](const OpenTransaction& a, const OpenTransaction& b) {
    return a.begin_us != b.begin_us ? a.begin_us < b.begin_us : a.pid < b.pid;
  });
  if (open.size() > kOpenTransactionsMax) open.resize(kOpenTransactionsMax);
  for (const BusyTime& busy : state_->busy) {
    const bool named = !busy.who.application.empty() && busy.who.application != "[unknown]";
    const std::string& name = named ? busy.who.application : busy.who.user;
    Named(&totals_.groups, name, bounded_, &totals_.beyond_names).busy.Merge(busy.series);
    const auto pool = std::make_pair(busy.who.database, busy.who.user);
    if (totals_.pool_busy.size() >= kNamesMax && !totals_.pool_busy.contains(pool)) continue;
    totals_.pool_busy.try_emplace(pool, 720).first->second.Merge(busy.series);
  }
}

void Workload::FinishPlans() {
  for (auto& [shape, plans] : state_->plans) {
    for (LoggedPlan& plan : plans) totals_.plans.push_back(std::move(plan));
  }
  std::sort(totals_.plans.begin(), totals_.plans.end(),
            [](const LoggedPlan& a, const LoggedPlan& b) {
              if (a.duration_us != b.duration_us) return a.duration_us > b.duration_us;
              if (a.place.file != b.place.file) return a.place.file < b.place.file;
              return a.place.offset < b.place.offset;
            });
  // A plan whose statement was never logged names its query itself.
  ParallelFor(1, totals_.plans.empty() ? 0 : 1, [this](size_t) {
    for (LoggedPlan& plan : totals_.plans) {
      if (!plan.query_id.empty()) continue;
      const QueryIdentity identity = IdentifyQuery(plan.query);
      plan.query_id = Hex64(identity.parsed ? identity.fingerprint : plan.shape);
    }
  });
}

void Workload::Redact() {
  for (QueryStats& query : totals_.queries) {
    query.example = query.query;
    query.parameters.clear();
    query.clients.clear();
    query.shortest.clear();
    for (SlowExecution& slow : query.slowest) {
      slow.text = query.query;
      slow.parameters.clear();
    }
  }
  totals_.connections.clients.clear();
  for (EventStats& stats : totals_.events) {
    for (EventExample& example : stats.examples) example.text = FoldMessage(example.text);
  }
  for (std::vector<MessageStats>* messages : {&totals_.errors, &totals_.other_messages}) {
    for (MessageStats& stats : *messages) {
      stats.example = stats.message;
      stats.detail.clear();
      stats.statement = ShapeText(stats.statement);
    }
  }
  for (LockWait& wait : totals_.locks.examples) {
    wait.statement = ShapeText(wait.statement);
    wait.context.clear();
  }
  for (Deadlock& deadlock : totals_.deadlocks) {
    deadlock.statement = ShapeText(deadlock.statement);
    // The processes' statements stand in it.
    deadlock.detail = FoldMessage(deadlock.detail);
    for (DeadlockEdge& edge : deadlock.cycle) edge.statement = ShapeText(edge.statement);
  }
  totals_.plans.clear();
}

// "still waiting" names the holders, "acquired" says how long it took: one wait, if both are there.
void Workload::JoinLockWaits() {
  std::vector<LockWait>& waits = totals_.locks.examples;
  std::vector<bool> joined(waits.size());
  for (LockWait& ended : waits) {
    if (!ended.holders.empty()) continue;
    for (size_t i = 0; i < waits.size(); ++i) {
      LockWait& begun = waits[i];
      if (joined[i] || begun.holders.empty() || begun.pid != ended.pid ||
          begun.mode != ended.mode || begun.object != ended.object ||
          begun.waited_us > ended.waited_us || begun.place.time_us > ended.place.time_us ||
          ended.place.time_us - begun.place.time_us > ended.waited_us) {
        continue;
      }
      ended.holders = std::move(begun.holders);
      ended.queue = std::move(begun.queue);
      if (ended.context.empty()) ended.context = std::move(begun.context);
      joined[i] = true;
      break;
    }
  }
  size_t kept = 0;
  for (size_t i = 0; i < waits.size(); ++i) {
    if (joined[i]) continue;
    if (kept != i) waits[kept] = std::move(waits[i]);
    ++kept;
  }
  waits.resize(kept);
}

void Workload::Finish(size_t jobs) {
  for (const auto& [pid, session] : state_->sessions) {
    if (session.head != Session::Head::kBare) continue;
    ++totals_.unattributed_durations;
    totals_.unattributed_us += session.head_us;
  }
  FinishGroups();
  IdentifyQueries(jobs);
  FinishPlans();
  std::sort(totals_.queries.begin(), totals_.queries.end(),
            [](const QueryStats& a, const QueryStats& b) {
              if (a.total_us != b.total_us) return a.total_us > b.total_us;
              return a.calls != b.calls ? a.calls > b.calls : a.id < b.id;
            });
  SortMessages(&totals_.errors);
  SortMessages(&totals_.other_messages);
  ConnectionStats& connections = totals_.connections;
  totals_.sessions = connections.authorized > 0 ? connections.authorized
                                                : state_->sessions.size() + state_->ended_sessions;
  if (connections.authorized > 0) {
    connections.peak = state_->open.Peak();
    connections.open = state_->open.Points();
  }
  JoinLockWaits();
  if (options_.redact) Redact();
  totals_.events[static_cast<size_t>(Event::kStatement)].count += totals_.statements;
  state_ = std::make_unique<State>();
}

}  // namespace pgsift
