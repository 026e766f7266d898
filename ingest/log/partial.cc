#include "ingest/log/partial.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <type_traits>

#include "absl/strings/str_format.h"
#include "ingest/log/mix.h"
#include "ingest/log/workload_state.h"

namespace pgsift {
namespace {

constexpr std::string_view kMagic = "pgsift-partial ";

uint64_t Checksum(std::string_view bytes) {
  uint64_t hash = bytes.size();
  while (!bytes.empty()) {
    uint64_t word = 0;
    const size_t size = std::min<size_t>(bytes.size(), 8);
    for (size_t i = 0; i < size; ++i) {
      word |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    hash = Mix(hash, word);
    bytes.remove_prefix(size);
  }
  return hash;
}

// Writes values one after the other. The same calls on a PartialReader read them.
class PartialWriter {
 public:
  static constexpr bool kReading = false;

  void operator()(const std::string& text) {
    (*this)(static_cast<uint64_t>(text.size()));
    out_.append(text);
  }
  template <typename T>
  requires std::is_enum_v<T>
  void operator()(const T& value) { (*this)(static_cast<uint64_t>(value)); }
  template <std::integral T>
  void operator()(const T& value) {
    auto left = static_cast<uint64_t>(value);
    // Small negative numbers stay short.
    if constexpr (std::is_signed_v<T>) left = left << 1 ^ static_cast<uint64_t>(value >> 63);
    while (left >= 0x80) {
      out_ += static_cast<char>(left | 0x80);
      left >>= 7;
    }
    out_ += static_cast<char>(left);
  }
  void operator()(const Uint128& value) {
    (*this)(static_cast<uint64_t>(value));
    (*this)(static_cast<uint64_t>(value >> 64));
  }
  bool ok() const { return true; }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

// Reads them. Failing once, all that follows reads as zero.
class PartialReader {
 public:
  static constexpr bool kReading = true;
  explicit PartialReader(std::string_view bytes) : rest_(bytes) {}

  void operator()(std::string& text) {
    uint64_t size = 0;
    (*this)(size);
    if (size > rest_.size()) return Fail();
    text = rest_.substr(0, static_cast<size_t>(size));
    rest_.remove_prefix(static_cast<size_t>(size));
  }
  template <typename T>
  requires std::is_enum_v<T>
  void operator()(T& value) {
    uint64_t number = 0;
    (*this)(number);
    value = static_cast<T>(number);
  }
  template <std::integral T>
  void operator()(T& value) {
    uint64_t read = 0;
    for (int shift = 0;; shift += 7) {
      if (rest_.empty() || shift > 63) return Fail();
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      read |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if constexpr (std::is_signed_v<T>) {
      read = read >> 1 ^ (~(read & 1) + 1);
    }
    value = static_cast<T>(read);
  }
  void operator()(Uint128& value) {
    uint64_t low = 0, high = 0;
    (*this)(low);
    (*this)(high);
    value = static_cast<Uint128>(high) << 64 | low;
  }
  // The size of a list that follows. Every element takes a byte or more.
  size_t Size() {
    uint64_t size = 0;
    (*this)(size);
    if (size > rest_.size()) Fail();
    return ok_ ? static_cast<size_t>(size) : 0;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  void Fail() {
    ok_ = false;
    rest_ = {};
  }
  std::string_view rest_;
  bool ok_ = true;
};

// A list: its size, then each element.
template <typename Stream, typename List, typename Each>
void TransferList(Stream& stream, List& list, const Each& each) {
  if constexpr (Stream::kReading) {
    list.clear();
    const size_t size = stream.Size();
    for (size_t i = 0; i < size && stream.ok(); ++i) {
      auto value = typename List::value_type();
      each(value);
      list.push_back(std::move(value));
    }
  } else {
    stream(static_cast<uint64_t>(list.size()));
    for (auto& value : list) each(value);
  }
}

// A map, in order of its keys.
template <typename Stream, typename Map, typename Each>
void TransferMap(Stream& stream, Map& map, const Each& each) {
  using Key = std::remove_const_t<typename Map::key_type>;
  if constexpr (Stream::kReading) {
    map.clear();
    const size_t size = stream.Size();
    for (size_t i = 0; i < size && stream.ok(); ++i) {
      Key key{};
      stream(key);
      each(map[key]);
    }
  } else {
    std::vector<Key> keys;
    for (const auto& entry : map) keys.push_back(entry.first);
    std::sort(keys.begin(), keys.end());
    stream(static_cast<uint64_t>(keys.size()));
    for (Key& key : keys) {
      stream(key);
      each(map.find(key)->second);
    }
  }
}

template <typename Stream, typename... Values>
void TransferAll(Stream& stream, Values&... values) {
  (stream(values), ...);
}

template <typename Stream>
void Transfer(Stream& stream, LogPlace& place) {
  TransferAll(stream, place.file, place.offset, place.line, place.time_us);
}

template <typename Stream>
void Transfer(Stream& stream, LatencySketch& sketch) {
  if constexpr (Stream::kReading) {
    const size_t size = stream.Size();
    for (size_t i = 0; i < size && stream.ok(); ++i) {
      uint32_t bucket = 0, count = 0;
      TransferAll(stream, bucket, count);
      sketch.AddBucket(bucket, count);
    }
  } else {
    uint64_t size = 0;
    sketch.ForEachBucket([&](uint32_t, uint32_t) { ++size; });
    stream(size);
    sketch.ForEachBucket(
        [&](uint32_t bucket, uint32_t count) { TransferAll(stream, bucket, count); });
  }
}

template <typename Stream>
void Transfer(Stream& stream, TimeSeries& series) {
  int64_t width = series.width_us();
  stream(width);
  if constexpr (Stream::kReading) {
    series.Widen(width);
    const size_t size = stream.Size();
    for (size_t i = 0; i < size && stream.ok(); ++i) {
      int64_t begin = 0;
      TimeBucket bucket;
      TransferAll(stream, begin, bucket.count, bucket.errors, bucket.total_us);
      series.Add(begin * series.width_us(), bucket);
    }
  } else {
    uint64_t size = 0;
    for (const TimeBucket& bucket : series.buckets()) size += !bucket.empty();
    stream(size);
    for (size_t i = 0; i < series.buckets().size(); ++i) {
      const TimeBucket& bucket = series.buckets()[i];
      if (bucket.empty()) continue;
      const int64_t begin = series.BeginOf(i) / width;
      TransferAll(stream, begin, bucket.count, bucket.errors, bucket.total_us);
    }
  }
}

template <typename Stream>
void Transfer(Stream& stream, LevelSeries& series) {
  int64_t width = series.width_us();
  stream(width);
  if constexpr (Stream::kReading) {
    series.Widen(width);
    const size_t size = stream.Size();
    for (size_t i = 0; i < size && stream.ok(); ++i) {
      int64_t begin = 0;
      LevelSeries::Bucket bucket{.used = true};
      TransferAll(stream, begin, bucket.max, bucket.last);
      series.AddBucket(begin * series.width_us(), bucket);
    }
  } else {
    uint64_t size = 0;
    for (const LevelSeries::Bucket& bucket : series.buckets()) size += bucket.used;
    stream(size);
    for (size_t i = 0; i < series.buckets().size(); ++i) {
      const LevelSeries::Bucket& bucket = series.buckets()[i];
      if (!bucket.used) continue;
      const int64_t begin = series.BeginOf(i) / width;
      TransferAll(stream, begin, bucket.max, bucket.last);
    }
  }
}

template <typename Stream>
void Transfer(Stream& stream, QueryStats& q) {
  TransferAll(stream, q.shape, q.shortest, q.example, q.parameters, q.example_us, q.calls,
              q.timed_calls, q.slow_calls, q.sampled_calls, q.sampled_us, q.total_us, q.squares_us,
              q.min_us, q.max_us, q.parses, q.binds, q.fetches, q.parse_us, q.bind_us, q.errors,
              q.temp_files, q.temp_bytes, q.lock_waits, q.lock_wait_us, q.first_us, q.last_us);
  Transfer(stream, q.example_place);
  Transfer(stream, q.latency);
  Transfer(stream, q.held);
  TransferList(stream, q.texts.registers(), [&](uint8_t& longest) { stream(longest); });
  Transfer(stream, q.series);
  TransferList(stream, q.slowest, [&](SlowExecution& slow) {
    TransferAll(stream, slow.duration_us, slow.text, slow.parameters);
    Transfer(stream, slow.place);
  });
}

template <typename Stream>
void Transfer(Stream& stream, MessageStats& m) {
  TransferAll(stream, m.level, m.sqlstate, m.message, m.event, m.count, m.example, m.detail,
              m.statement, m.first_us, m.last_us);
  Transfer(stream, m.place);
}

template <typename Stream>
void TransferCounts(Stream& stream, std::map<std::string, uint64_t>& counts) {
  TransferMap(stream, counts, [&](uint64_t& count) { stream(count); });
}

template <typename Stream>
void Transfer(Stream& stream, ConnectionStats& c) {
  TransferAll(stream, c.received, c.authorized, c.disconnections, c.rejected, c.lost, c.session_us);
  Transfer(stream, c.session_times);
  Transfer(stream, c.series);
  for (auto* counts : {&c.databases, &c.users, &c.applications, &c.clients}) {
    TransferCounts(stream, *counts);
  }
}

template <typename Stream>
void Transfer(Stream& stream, LockStats& l) {
  TransferAll(stream, l.still_waiting, l.acquired, l.failed, l.total_us, l.max_us);
  for (auto* stats : {&l.modes, &l.objects}) {
    TransferMap(stream, *stats, [&](LockObjectStats& of) {
      TransferAll(stream, of.waits, of.total_us, of.max_us);
    });
  }
  TransferList(stream, l.examples, [&](LockWait& w) {
    Transfer(stream, w.place);
    TransferAll(stream, w.pid, w.mode, w.object, w.holders, w.queue, w.statement, w.context,
                w.waited_us, w.acquired);
  });
}

template <typename Stream>
void Transfer(Stream& stream, Deadlock& d) {
  Transfer(stream, d.place);
  TransferList(stream, d.cycle, [&](DeadlockEdge& edge) {
    TransferAll(stream, edge.pid, edge.blocked_by, edge.mode, edge.object, edge.statement);
  });
  TransferAll(stream, d.detail, d.context, d.statement, d.database, d.user, d.application);
}

template <typename Stream>
void Transfer(Stream& stream, LoggedPlan& p) {
  Transfer(stream, p.place);
  TransferAll(stream, p.duration_us, p.format, p.json, p.text, p.query, p.shape, p.plan_shape,
              p.runs, p.total_us, p.first_us, p.last_us);
}

template <typename Stream>
void Transfer(Stream& stream, CheckpointStats& c) {
  TransferAll(stream, c.starting, c.complete, c.too_frequent, c.timed, c.wal, c.requested,
              c.buffers, c.buffers_max, c.wal_added, c.wal_removed, c.wal_recycled, c.write_us,
              c.sync_us, c.total_us, c.longest_sync_us, c.total_us_max, c.distance_kb_max);
}

template <typename Stream>
void Transfer(Stream& stream, TableMaintenance& t) {
  TransferAll(stream, t.vacuums, t.analyzes, t.aggressive, t.wraparound, t.vacuum_us, t.analyze_us,
              t.vacuum_us_max, t.index_scans, t.index_scans_max, t.pages_removed, t.tuples_removed,
              t.tuples_remain, t.tuples_not_removable_max, t.cutoff_age_max, t.wal_bytes);
}

template <typename Stream>
void Transfer(Stream& stream, WorkloadTotals& t) {
  TransferAll(stream, t.records, t.first_us, t.last_us, t.statements, t.total_us, t.beyond_shapes,
              t.beyond_messages, t.beyond_names, t.unattributed_durations, t.unattributed_us,
              t.plans_seen);
  for (uint64_t& level : t.levels) stream(level);
  TransactionStats& x = t.transactions;
  TransferAll(stream, x.count, x.rolled_back, x.total_us, x.max_us, x.idle_us, x.idle_us_max);
  TransferList(stream, t.queries, [&](QueryStats& query) { Transfer(stream, query); });
  Transfer(stream, t.activity);
  for (EventStats& event : t.events) {
    stream(event.count);
    TransferList(stream, event.examples, [&](EventExample& example) {
      Transfer(stream, example.place);
      stream(example.text);
    });
    Transfer(stream, event.series);
  }
  Transfer(stream, t.connections);
  TransferMap(stream, t.groups, [&](SessionGroup& g) {
    TransferAll(stream, g.opened, g.closed, g.brief, g.session_us);
    Transfer(stream, g.opens);
    Transfer(stream, g.closes);
  });
  Transfer(stream, t.locks);
  TransferList(stream, t.deadlocks, [&](Deadlock& deadlock) { Transfer(stream, deadlock); });
  TransferAll(stream, t.temp_files.count, t.temp_files.bytes, t.temp_files.bytes_max);
  Transfer(stream, t.checkpoints);
  TransferMap(stream, t.maintenance, [&](TableMaintenance& table) { Transfer(stream, table); });
  TransferList(stream, t.errors, [&](MessageStats& message) { Transfer(stream, message); });
  TransferList(stream, t.other_messages, [&](MessageStats& message) { Transfer(stream, message); });
}

template <typename Stream>
void Transfer(Stream& stream, LogFileResult& r) {
  TransferAll(stream, r.format, r.line_prefix, r.language, r.bytes, r.lines, r.records,
              r.record_bytes, r.filtered_records, r.skipped_records, r.skipped_bytes,
              r.first_skipped_line, r.unknown_zones, r.error);
}

}  // namespace

// What a Workload is made of, for both directions.
class PartialFormat {
 public:
  template <typename Stream>
  static void TransferWorkload(Stream& stream, Workload& workload) {
    WorkloadOptions& options = workload.options_;
    uint64_t shapes_max = options.shapes_max;
    TransferAll(stream, options.slow_us, options.sample_above_us, shapes_max);
    options.shapes_max = static_cast<size_t>(shapes_max);
    Transfer(stream, workload.totals_);
    Workload::State& state = *workload.state_;
    TransferMap(stream, state.query_at, [&](uint32_t& index) { stream(index); });
    TransferMap(stream, state.kind_at, [&](uint32_t& index) { stream(index); });
    const auto transfer_kind = [&](SessionKind& kind) {
      TransferAll(stream, kind.database, kind.user, kind.application, kind.client);
    };
    TransferList(stream, state.kinds, transfer_kind);
    TransferList(stream, state.kind_hashes, [&](uint64_t& hash) { stream(hash); });
    TransferList(stream, state.kind_busy, [&](uint32_t& index) { stream(index); });
    TransferList(stream, state.busy, [&](BusyTime& busy) {
      transfer_kind(busy.who);
      Transfer(stream, busy.series);
    });
    if constexpr (Stream::kReading) {
      for (const BusyTime& busy : state.busy) {
        const auto at = static_cast<uint32_t>(state.busy_at.size());
        state.busy_at.emplace(HashWithoutClient(busy.who), at);
      }
    }
    TransferCalls(stream, state);
    TransferRuns(stream, state);
    TransferMap(stream, state.message_at, [&](uint32_t& index) { stream(index); });
    TransferMap(stream, state.plans, [&](std::vector<LoggedPlan>& plans) {
      TransferList(stream, plans, [&](LoggedPlan& plan) { Transfer(stream, plan); });
    });
    OpenSessions::ForEachField(state.open, [&](auto& field) { stream(field); });
    Transfer(stream, state.open.before_series);
    Transfer(stream, state.open.after_series);
    stream(state.ended_sessions);
    TransferMap(stream, state.sessions,
                [&](Workload::Session& session) { TransferSession(stream, session); });
  }

  // Whether indexes lead somewhere: a file may be damaged in a way that the checksum does not see.
  static bool IsSound(const Workload& workload) {
    const Workload::State& state = *workload.state_;
    const size_t queries = workload.totals_.queries.size();
    bool sound = state.kinds.size() == state.kind_hashes.size() &&
                 state.kinds.size() == state.kind_busy.size();
    sound &= state.busy_at.size() == state.busy.size();
    for (const uint32_t at : state.kind_busy) sound &= at < state.busy.size();
    for (const auto& [shape, at] : state.query_at) sound &= at < queries;
    for (const auto& [hash, at] : state.kind_at) sound &= at < state.kinds.size();
    for (const auto& [key, at] : state.message_at) {
      const bool error = !key.empty() && key.front() - '0' >= static_cast<int>(LogLevel::kError);
      sound &= at < (error ? workload.totals_.errors : workload.totals_.other_messages).size();
    }
    for (const auto& [key, count] : state.calls) {
      sound &= key.first < queries && (key.second < state.kinds.size() || key.second == kOtherKind);
    }
    return sound;
  }

  static void RenameFiles(const std::vector<FileId>& ids, Workload* workload) {
    const auto shift = [&ids](LogPlace& place) {
      const auto index = static_cast<size_t>(place.file);
      place.file = index < ids.size() ? ids[index] : FileId::kNone;
    };
    WorkloadTotals& totals = workload->totals_;
    for (QueryStats& query : totals.queries) {
      shift(query.example_place);
      for (SlowExecution& slow : query.slowest) shift(slow.place);
    }
    for (EventStats& event : totals.events) {
      for (EventExample& example : event.examples) shift(example.place);
    }
    for (MessageStats& message : totals.errors) shift(message.place);
    for (MessageStats& message : totals.other_messages) shift(message.place);
    for (LockWait& wait : totals.locks.examples) shift(wait.place);
    for (Deadlock& deadlock : totals.deadlocks) shift(deadlock.place);
    for (auto& [pid, session] : workload->state_->sessions) {
      shift(session.pending_place);
      session.runs.ForEachPlace(shift);
    }
    for (auto& [key, stats] : workload->state_->runs) shift(stats.place);
    for (auto& [shape, plans] : workload->state_->plans) {
      for (LoggedPlan& plan : plans) shift(plan.place);
    }
  }

 private:
  template <typename Stream>
  static void TransferCalls(Stream& stream, Workload::State& state) {
    using Calls = std::vector<std::pair<std::pair<uint32_t, uint32_t>, uint64_t>>;
    Calls calls(state.calls.begin(), state.calls.end());
    std::sort(calls.begin(), calls.end());
    TransferList(stream, calls, [&](auto& call) {
      TransferAll(stream, call.first.first, call.first.second, call.second);
    });
    if constexpr (Stream::kReading) {
      for (const auto& [key, count] : calls) state.calls[key] = count;
    }
  }

  template <typename Stream>
  static void TransferRuns(Stream& stream, Workload::State& state) {
    std::vector<std::pair<std::pair<uint64_t, uint64_t>, RunStats>> runs(state.runs.begin(),
                                                                         state.runs.end());
    std::sort(runs.begin(), runs.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    TransferList(stream, runs, [&](auto& run) {
      RunStats& s = run.second;
      TransferAll(stream, run.first.first, run.first.second, s.groups, s.calls, s.calls_max,
                  s.loops, s.loop_calls, s.same_text_groups, s.same_text_calls, s.same_row_groups,
                  s.same_row_calls, s.in_transactions, s.busy_us, s.elapsed_us);
      Transfer(stream, s.place);
    });
    if constexpr (Stream::kReading) {
      for (const auto& [key, stats] : runs) state.runs[key] = stats;
    }
  }

  template <typename Stream>
  static void TransferEntries(Stream& stream, std::vector<RunEntry>& entries) {
    TransferList(stream, entries, [&](RunEntry& e) {
      TransferAll(stream, e.shape, e.verb, e.calls, e.begin_us, e.end_us, e.busy_us, e.texts,
                  e.rows);
      Transfer(stream, e.place);
    });
  }

  template <typename Stream, typename Number>
  static void TransferField(Stream& stream, Number& number) {
    stream(number);
  }
  template <typename Stream>
  static void TransferField(Stream& stream, std::vector<ShapeInTransaction>& shapes) {
    TransferList(stream, shapes,
                 [&](ShapeInTransaction& each) { TransferAll(stream, each.shape, each.since_us); });
  }

  template <typename Stream>
  static void TransferSession(Stream& stream, Workload::Session& s) {
    TransferAll(stream, s.head, s.head_us, s.head_time_us, s.head_shape, s.head_temp_files,
                s.head_temp_bytes, s.pending, s.pending_shape, s.pending_verb, s.pending_kind,
                s.pending_bits.texts, s.pending_bits.rows, s.pending_text, s.pending_parameters,
                s.temp_files, s.temp_bytes, s.ended, s.group, s.opened_us, s.active_us,
                s.statements, s.head_closed_us, s.head_session_us, s.head_group);
    s.runs.ForEachField([&](std::vector<RunEntry>* entries) { TransferEntries(stream, *entries); },
                        [&](auto* field) { stream(*field); });
    Transfer(stream, s.pending_place);
    s.transactions.ForEachField([&](auto* field) { TransferField(stream, *field); });
  }
};

std::string WritePartial(const Partial& partial) {
  return WritePartial(partial.workload, partial.paths, partial.results);
}

std::string WritePartial(const Workload& workload, const std::vector<std::string>& paths,
                         const std::vector<LogFileResult>& results) {
  PartialWriter writer;
  // The writer changes nothing: one description of the format serves both directions.
  TransferList(writer, const_cast<std::vector<std::string>&>(paths),
               [&](std::string& path) { writer(path); });
  TransferList(writer, const_cast<std::vector<LogFileResult>&>(results),
               [&](LogFileResult& result) { Transfer(writer, result); });
  PartialFormat::TransferWorkload(writer, const_cast<Workload&>(workload));
  const std::string body = writer.Take();
  return absl::StrFormat("%s%d %016x\n", kMagic, kPartialVersion, Checksum(body)) + body;
}

bool LooksLikePartial(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::optional<Partial> ReadPartial(std::string_view bytes, std::string* error) {
  if (!LooksLikePartial(bytes)) {
    *error = "is no partial; `pgsift logs --partial FILE` writes one";
    return std::nullopt;
  }
  const size_t line = std::min(bytes.find('\n'), bytes.size());
  const std::string head(bytes.substr(kMagic.size(), line - kMagic.size()));
  const std::string_view body = bytes.substr(std::min(line + 1, bytes.size()));
  const std::string version = absl::StrFormat("%d ", kPartialVersion);
  if (!head.starts_with(version)) {
    *error = absl::StrFormat(
        "is a partial of version %s; this pgsift reads version %d: write it anew with "
        "`pgsift logs --partial`",
        head.substr(0, head.find(' ')), kPartialVersion);
    return std::nullopt;
  }
  if (head.substr(version.size()) != absl::StrFormat("%016x", Checksum(body))) {
    *error = "is damaged: its checksum is wrong; copy it again or write it anew";
    return std::nullopt;
  }
  Partial partial;
  PartialReader reader(body);
  TransferList(reader, partial.paths, [&](std::string& path) { reader(path); });
  TransferList(reader, partial.results, [&](LogFileResult& result) { Transfer(reader, result); });
  PartialFormat::TransferWorkload(reader, partial.workload);
  if (!reader.ok() || !reader.at_end() || partial.paths.size() != partial.results.size() ||
      !PartialFormat::IsSound(partial.workload)) {
    *error = "is damaged: it ends early; copy it again or write it anew";
    return std::nullopt;
  }
  return partial;
}

Partial MergePartials(std::vector<Partial> partials, bool last) {
  Partial whole;
  std::vector<size_t> order(partials.size());
  std::iota(order.begin(), order.end(), size_t{0});
  for (Partial& partial : partials) {
    std::vector<FileId> ids;
    for (size_t i = 0; i < partial.paths.size(); ++i) {
      ids.push_back(static_cast<FileId>(whole.paths.size() + i));
    }
    PartialFormat::RenameFiles(ids, &partial.workload);
    whole.paths.insert(whole.paths.end(), partial.paths.begin(), partial.paths.end());
    whole.results.insert(whole.results.end(), partial.results.begin(), partial.results.end());
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return partials[a].workload.totals().first_us < partials[b].workload.totals().first_us;
  });
  for (size_t i = 0; i < order.size(); ++i) {
    Workload& next = partials[order[i]].workload;
    if (i == 0) {
      whole.workload = std::move(next);
      whole.workload.SetBounded(last);
    } else {
      whole.workload.Merge(std::move(next));
    }
  }
  return whole;
}

void RenameFiles(const std::vector<FileId>& ids, Workload* workload) {
  PartialFormat::RenameFiles(ids, workload);
}

}  // namespace pgsift
