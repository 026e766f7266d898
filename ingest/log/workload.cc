// Workload: the door, and what statements and durations say.

#include "ingest/log/workload.h"

#include <algorithm>
#include <cmath>

#include "ingest/log/begins.h"
#include "ingest/log/server_messages.h"
#include "ingest/log/shape_cache.h"
#include "ingest/log/workload_state.h"

namespace pgsift {
namespace {

// The bound values that a record's DETAIL gives.
std::string_view ParametersOf(const LogRecord& record) {
  std::string_view detail = record.detail;
  constexpr size_t kMark = std::string_view("parameters: ").size();
  const bool bound = Begins(detail, "parameters: ") || Begins(detail, "Parameters: ");
  return bound ? detail.substr(kMark) : std::string_view();
}

}  // namespace

double QueryStats::stddev_us() const {
  if (timed_calls == 0) return 0;
  const auto count = static_cast<long double>(timed_calls);
  const long double mean = static_cast<long double>(total_us) / count;
  const long double variance = static_cast<long double>(squares_us) / count - mean * mean;
  return static_cast<double>(std::sqrt(std::max<long double>(variance, 0)));
}

std::string_view Cut(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xc0) == 0x80) --bytes_max;
  return text.substr(0, bytes_max);
}

Workload::Workload(const WorkloadOptions& options)
    : options_(options), state_(std::make_unique<State>()) {}
Workload::Workload(Workload&&) noexcept = default;
Workload& Workload::operator=(Workload&&) noexcept = default;
Workload::~Workload() = default;

LogPlace Workload::PlaceOf(const LogRecord& record) const {
  return {
      .file = file_, .offset = record.offset, .line = record.line + 1, .time_us = TimeOf(record)};
}

Workload::Session* Workload::SessionOf(uint32_t pid) {
  Session& session = state_->sessions[pid];
  session.ended = false;
  return &session;
}

// All shapes for which there is no room.
QueryStats& Workload::OtherQuery() {
  ++totals_.beyond_shapes;
  const auto [at, added] =
      state_->query_at.try_emplace(kOtherShape, static_cast<uint32_t>(totals_.queries.size()));
  if (added) {
    totals_.queries.emplace_back().shape = kOtherShape;
    totals_.queries.back().example = totals_.queries.back().shortest = kOtherName;
  }
  return totals_.queries[at->second];
}

QueryStats& Workload::QueryOf(uint64_t shape, std::string_view text, const LogRecord* record) {
  const bool full = bounded_ && totals_.queries.size() >= options_.shapes_max;
  if (full) {
    const auto known = state_->query_at.find(shape);
    return known == state_->query_at.end() ? OtherQuery() : totals_.queries[known->second];
  }
  const auto [at, added] =
      state_->query_at.try_emplace(shape, static_cast<uint32_t>(totals_.queries.size()));
  if (added) totals_.queries.emplace_back().shape = shape;
  QueryStats& query = totals_.queries[at->second];
  if (record != nullptr && (query.shortest.empty() || text.size() < query.shortest.size())) {
    query.shortest = OwnText(*record, Cut(text, kTextBytesMax));
    if (query.example.empty()) {
      query.example = Cut(query.shortest, kExampleBytesMax);
      query.parameters = OwnText(*record, Cut(ParametersOf(*record), kExampleBytesMax));
      query.example_place = PlaceOf(*record);
    }
  }
  return query;
}

void Workload::Add(const LogRecord& record) {
  ++totals_.records;
  ++totals_.levels[static_cast<size_t>(record.level)];
  if (record.has_time) {
    Widen(record.time_us, record.time_us, &totals_.first_us, &totals_.last_us);
  }
  // Most records of a busy log are these: told before all others.
  if (record.level == LogLevel::kLog) {
    const std::optional<DurationMessage> message = ReadDuration(record.message);
    if (message) return AddStatement(record, *message);
  }
  AddEvent(record, ClassifyRecord(record));
}

// Who ran a statement: mostly who ran the session's last.
uint32_t Workload::KindOf(const LogRecord& record, Session* session) {
  State& state = *state_;
  const bool same = record.names_id != 0 && record.names_id == session->names_id;
  session->names_id = record.names_id;
  if (same || (session->kind < state.kinds.size() && IsOf(state.kinds[session->kind], record))) {
    return session->kind;
  }
  const uint64_t hash = HashKind(record);
  const auto known = state.kind_at.find(hash);
  return session->kind =
             known != state.kind_at.end() ? known->second : state.AddKind(KindIn(record), hash);
}

uint32_t Workload::State::AddKind(SessionKind kind, uint64_t hash) {
  const auto at = static_cast<uint32_t>(kinds.size());
  const auto [owner, added] =
      busy_at.try_emplace(HashWithoutClient(kind), static_cast<uint32_t>(busy.size()));
  if (added) {
    busy.emplace_back().who = kind;
    busy.back().who.client.clear();
  }
  kind_busy.push_back(owner->second);
  kind_at.emplace(hash, at);
  kind_hashes.push_back(hash);
  kinds.push_back(std::move(kind));
  return at;
}

TimeSeries* Workload::BusyOf(uint32_t kind) {
  return &state_->busy[state_->kind_busy[kind]].series;
}

void Workload::AddToSeries(QueryStats* query, int64_t time_us, const TimeBucket& what) {
  if (time_us == 0) return;
  query->series.Add(time_us, what);
  totals_.activity.Add(time_us, what);
}

void Workload::AddDuration(QueryStats* query, int64_t duration_us) const {
  query->min_us = query->timed_calls == 0 ? duration_us : std::min(query->min_us, duration_us);
  query->max_us = std::max(query->max_us, duration_us);
  ++query->timed_calls;
  query->slow_calls += duration_us >= options_.slow_us;
  if (duration_us < options_.sample_above_us) {
    ++query->sampled_calls;
    query->sampled_us += duration_us;
  }
  query->total_us += duration_us;
  query->squares_us += static_cast<Uint128>(duration_us) * static_cast<Uint128>(duration_us);
  query->latency.Add(duration_us);
}

void Workload::AddStatement(const LogRecord& record, const DurationMessage& message) {
  using Kind = DurationMessage::Kind;
  if (message.kind == Kind::kPlan) return AddPlan(record, message);
  if (message.kind == Kind::kOther) {
    ++totals_.events[static_cast<size_t>(Event::kStatement)].count;
    return;
  }
  if (message.kind == Kind::kBare) return AddBareDuration(record, message.duration_us);
  if (message.kind == Kind::kStatement || message.kind == Kind::kExecute) {
    const ShapeAndLiterals shape =
        shapes_ != nullptr ? shapes_->Of(message.text) : ShapeAndLiteralsOf(message.text);
    return AddExecution(record, {.shape = shape.shape,
                                 .literals = shape.literals,
                                 .bits = RunBitsOf(shape, message.text, ParametersOf(record)),
                                 .verb = TransactionVerbOf(message.text),
                                 .text = message.text,
                                 .timed = message.timed,
                                 .duration_us = message.duration_us});
  }
  // Parsing, planning and fetching the rest of a result are no executions of their own.
  QueryStats& query = QueryOf(ShapeHash(message.text), message.text, &record);
  if (message.kind == Kind::kParse) {
    ++query.parses;
    query.parse_us += message.duration_us;
  } else if (message.kind == Kind::kBind) {
    ++query.binds;
    query.bind_us += message.duration_us;
  } else {
    ++query.fetches;
    query.total_us += message.duration_us;
    totals_.total_us += message.duration_us;
  }
}

void Workload::KeepExample(const LogRecord& record, const Execution& execution, QueryStats* query) {
  query->example = OwnText(record, Cut(execution.text, kExampleBytesMax));
  query->parameters = OwnText(record, Cut(ParametersOf(record), kExampleBytesMax));
  query->example_place = PlaceOf(record);
  query->example_us = execution.duration_us;
}

void Workload::KeepIfSlow(const LogRecord& record, const Execution& execution, QueryStats* query) {
  if (execution.duration_us < options_.slow_us ||
      (query->slowest.size() == kSlowestMax &&
       execution.duration_us <= query->slowest.back().duration_us)) {
    return;
  }
  KeepSlow({.duration_us = execution.duration_us,
            .text = OwnText(record, Cut(execution.text, kMessageBytesMax)),
            .parameters = OwnText(record, Cut(ParametersOf(record), kMessageBytesMax)),
            .place = PlaceOf(record)},
           &query->slowest);
}

void Workload::AddExecution(const LogRecord& record, const Execution& execution) {
  if (tally_ != nullptr && execution.timed && AddToTally(record, execution)) return;
  QueryStats& query = QueryOf(execution.shape, execution.text, &record);
  const int64_t time_us = TimeOf(record);
  ++query.calls;
  query.texts.Add(execution.literals);
  ++totals_.statements;
  Widen(time_us, time_us, &query.first_us, &query.last_us);
  Session& session = *SessionOf(record.pid);
  const uint32_t kind = KindOf(record, &session);
  ++state_->calls[{static_cast<uint32_t>(&query - totals_.queries.data()), kind}];
  AddToSeries(&query, time_us, {.count = 1, .total_us = execution.duration_us});
  if (execution.timed) {
    AddDuration(&query, execution.duration_us);
    totals_.total_us += execution.duration_us;
    if (IsBetterExample(execution.duration_us, PlaceOf(record), query)) {
      KeepExample(record, execution, &query);
    }
    KeepIfSlow(record, execution, &query);
    if (time_us != 0) {
      BusyOf(kind)->Add(time_us, {.count = 1, .total_us = execution.duration_us});
    }
    return EndExecution(record, execution, &session);
  }
  if (session.head == Session::Head::kOpen) session.head = Session::Head::kClosed;
  session.temp_files = session.temp_bytes = 0;
  session.pending = true;
  session.pending_shape = execution.shape;
  session.pending_kind = state_->kind_hashes[kind];
  session.pending_verb = execution.verb;
  session.pending_bits = execution.bits;
  session.pending_text = Cut(execution.text, kMessageBytesMax);
  if (record.tabbed && session.pending_text.find('\n') != std::string::npos) {
    session.pending_text = WithoutTabs(session.pending_text);
  }
  session.pending_parameters = OwnText(record, Cut(ParametersOf(record), kMessageBytesMax));
  session.pending_place = PlaceOf(record);
}

// What the end of a statement, with its duration, means for its session.
void Workload::EndExecution(const LogRecord& record, const Execution& execution, Session* session) {
  if (const int64_t time_us = TimeOf(record); time_us != 0) {
    session->transactions.Add(execution.verb, execution.shape, time_us - execution.duration_us,
                              time_us, Ended());
    AddHolds();
    AddRun(record, execution, session);
  }
  if (session->temp_files > 0) {
    GiveTempFiles(execution.shape, session->temp_files, session->temp_bytes);
    session->temp_files = session->temp_bytes = 0;
  }
  if (session->head == Session::Head::kOpen) {
    session->head = Session::Head::kShape;
    session->head_shape = execution.shape;
  }
  session->pending = false;
}

EndedTransactions Workload::Ended() {
  return {.stats = &totals_.transactions, .holds = &state_->holds};
}

void Workload::AddRun(const LogRecord& record, const Execution& execution, Session* session) {
  ++session->statements;
  session->active_us = record.time_us;
  session->runs.Add({.shape = execution.shape,
                     .verb = execution.verb,
                     .calls = 1,
                     .begin_us = record.time_us - execution.duration_us,
                     .end_us = record.time_us,
                     .busy_us = execution.duration_us,
                     .texts = execution.bits.texts,
                     .rows = execution.bits.rows,
                     .place = PlaceOf(record)},
                    &state_->runs);
}

void Workload::AddPendingRun(Session* session, int64_t duration_us, int64_t time_us) {
  ++session->statements;
  session->active_us = time_us;
  session->runs.Add({.shape = session->pending_shape,
                     .verb = session->pending_verb,
                     .calls = 1,
                     .begin_us = time_us - duration_us,
                     .end_us = time_us,
                     .busy_us = duration_us,
                     .texts = session->pending_bits.texts,
                     .rows = session->pending_bits.rows,
                     .place = session->pending_place},
                    &state_->runs);
}

// A statement of this shape has failed. If `session` began it, it was counted as a call when it was
// logged, and is none: the server counts what has run to its end.
void Workload::UncountFailed(uint64_t shape, Session* session) {
  if (!session->pending || session->pending_shape != shape) return;
  session->pending = false;
  auto known = state_->query_at.find(shape);
  if (known == state_->query_at.end()) known = state_->query_at.find(kOtherShape);
  if (known == state_->query_at.end()) return;
  const uint32_t at = known->second;
  QueryStats& query = totals_.queries[at];
  --query.calls;
  --totals_.statements;
  // Counts wrap around, so this takes one off.
  AddToSeries(&query, session->pending_place.time_us, {.count = ~uint64_t{0}});
  const auto kind = state_->kind_at.find(session->pending_kind);
  auto calls = state_->calls.end();
  if (kind != state_->kind_at.end()) calls = state_->calls.find({at, kind->second});
  if (calls == state_->calls.end()) calls = state_->calls.find({at, kOtherKind});
  if (calls != state_->calls.end() && --calls->second == 0) state_->calls.erase(calls);
}

// The statement that `session` began took `duration_us`.
void Workload::FinishPending(Session* session, int64_t duration_us, int64_t time_us) {
  QueryStats& query = QueryOf(session->pending_shape, {}, nullptr);
  AddDuration(&query, duration_us);
  totals_.total_us += duration_us;
  AddToSeries(&query, time_us, {.total_us = duration_us});
  // All for which there is no room have no examples, wherever the log was cut.
  const bool known = query.shape != kOtherShape;
  if (known && IsBetterExample(duration_us, session->pending_place, query)) {
    query.example = session->pending_text;
    query.parameters = session->pending_parameters;
    query.example_place = session->pending_place;
    query.example_us = duration_us;
  }
  if (known && duration_us >= options_.slow_us) {
    KeepSlow({.duration_us = duration_us,
              .text = session->pending_text,
              .parameters = session->pending_parameters,
              .place = session->pending_place},
             &query.slowest);
  }
  if (time_us != 0) {
    session->transactions.Add(session->pending_verb, session->pending_shape, time_us - duration_us,
                              time_us, Ended());
    AddHolds();
    AddPendingRun(session, duration_us, time_us);
    const auto kind = state_->kind_at.find(session->pending_kind);
    if (kind != state_->kind_at.end()) {
      BusyOf(kind->second)->Add(time_us, {.count = 1, .total_us = duration_us});
    }
  }
  session->pending = false;
}

// The duration belongs to the statement that its session has begun; with none begun it is that of
// a parse or a bind.
void Workload::AddBareDuration(const LogRecord& record, int64_t duration_us) {
  Session& session = *SessionOf(record.pid);
  const int64_t time_us = TimeOf(record);
  // csvlog and jsonlog (and %i) say what the process did: only executions have a statement before.
  if (record.command_tag == "PARSE" || record.command_tag == "BIND") {
    ++totals_.unattributed_durations;
    totals_.unattributed_us += duration_us;
    return;
  }
  if (session.pending) {
    const uint64_t shape = session.pending_shape;
    FinishPending(&session, duration_us, time_us);
    if (session.temp_files > 0) GiveTempFiles(shape, session.temp_files, session.temp_bytes);
    session.temp_files = session.temp_bytes = 0;
  } else if (session.head == Session::Head::kOpen) {
    session.head = Session::Head::kBare;
    session.head_us = duration_us;
    session.head_time_us = time_us;
    session.head_temp_files = std::exchange(session.temp_files, 0);
    session.head_temp_bytes = std::exchange(session.temp_bytes, 0);
  } else {
    ++totals_.unattributed_durations;
    totals_.unattributed_us += duration_us;
  }
}

}  // namespace pgsift
