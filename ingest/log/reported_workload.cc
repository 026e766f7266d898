#include "ingest/log/reported_workload.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "ingest/log/reported_server.h"
#include "ingest/log/reported_values.h"
#include "ingest/log/shape.h"
#include "ingest/log/workload_state.h"

namespace pgsift {
namespace {

using reported::Count;
using reported::Names;
using reported::Number;
using reported::Text;
using reported::Time;
using reported::Us;
using simdjson::dom::element;

// `calls` durations that have the quantiles of the report.
LatencySketch SketchOf(element query, uint64_t calls) {
  LatencySketch sketch;
  if (calls == 0) return sketch;
  constexpr std::pair<double, const char*> kPoints[] = {
      {0, "min_ms"},    {0.5, "p50_ms"},    {0.9, "p90_ms"}, {0.95, "p95_ms"},
      {0.99, "p99_ms"}, {0.999, "p999_ms"}, {1, "max_ms"}};
  // So many steps in a stretch between two quantiles: none is wider than what a reader sees.
  constexpr uint64_t kSteps = 50;
  const auto n = static_cast<double>(calls);
  double from_us = Number(query, kPoints[0].second) * 1000;
  uint64_t added = 0;
  for (size_t i = 1; i < std::size(kPoints); ++i) {
    const double to_us = Number(query, kPoints[i].second) * 1000;
    const auto until = static_cast<uint64_t>(std::llround(kPoints[i].first * n));
    const uint64_t count = until > added ? until - added : 0;
    const uint64_t steps = std::min(count, kSteps);
    for (uint64_t step = 0; step < steps; ++step) {
      const uint64_t here = count * (step + 1) / steps - count * step / steps;
      const double share = static_cast<double>(step + 1) / static_cast<double>(steps);
      sketch.AddTimes(static_cast<int64_t>(from_us + share * (to_us - from_us)), here);
    }
    added = std::max(added, until);
    from_us = to_us;
  }
  return sketch;
}

// Gives every call a kind so that the counts by database, by user, … are those of the report: who
// was which together it does not say.
template <typename Visit>
void JoinNames(std::array<std::vector<NameCount>, 4> lists, uint64_t calls, const Visit& visit) {
  std::array<size_t, 4> at{};
  while (calls > 0) {
    SessionKind kind;
    std::string* const names[] = {&kind.database, &kind.user, &kind.application, &kind.client};
    uint64_t least = calls;
    for (size_t i = 0; i < lists.size(); ++i) {
      while (at[i] < lists[i].size() && lists[i][at[i]].count == 0) ++at[i];
      if (at[i] == lists[i].size()) continue;
      *names[i] = lists[i][at[i]].name;
      least = std::min(least, lists[i][at[i]].count);
    }
    for (size_t i = 0; i < lists.size(); ++i) {
      if (at[i] < lists[i].size()) lists[i][at[i]].count -= least;
    }
    visit(std::move(kind), least);
    calls -= least;
  }
}

}  // namespace

// Fills a Workload from outside of the log's own door.
class ReportedWorkload {
 public:
  ReportedWorkload(std::string_view json, Workload* workload)
      : json_(json), workload_(*workload), totals_(workload->totals_) {}

  void Read(element report) {
    totals_.first_us = Time(report, "first_time");
    totals_.last_us = Time(report, "last_time");
    totals_.records = Count(report, "records");
    workload_.state_->ended_sessions = Count(report, "sessions");
    totals_.statements = Count(report, "statements");
    totals_.total_us = Us(report, "total_ms");
    totals_.unattributed_durations = Count(report, "unattributed_durations");
    totals_.unattributed_us = Us(report, "unattributed_ms");
    totals_.activity = SeriesOf(report, 720);
    simdjson::dom::array queries;
    if (report["queries"].get(queries) == simdjson::SUCCESS) {
      for (element query : queries) Query(query);
    }
    Events(report);
    ReadReportedServer(report, &totals_, &workload_.state_->open);
    Messages(report);
  }

 private:
  static TimeSeries SeriesOf(element object, uint32_t buckets_max) {
    TimeSeries series(buckets_max);
    simdjson::dom::array points;
    if (object["series"].get(points) != simdjson::SUCCESS) return series;
    for (element point : points) {
      if (const int64_t time_us = Time(point, "time"); time_us != 0) {
        series.Add(time_us, {.count = Count(point, "calls"),
                             .errors = Count(point, "errors"),
                             .total_us = Us(point, "total_ms")});
      }
    }
    return series;
  }

  // Where the report speaks of it.
  LogPlace PlaceOf(const std::string& id) {
    LogPlace place{.file = static_cast<FileId>(0)};
    const size_t at = json_.find("\"" + id + "\"", searched_);
    if (at == json_.npos) return place;
    line_ +=
        static_cast<uint64_t>(std::count(json_.begin() + static_cast<std::ptrdiff_t>(searched_),
                                         json_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    searched_ = at;
    place.offset = at;
    place.line = line_;
    return place;
  }

  void Query(element from) {
    QueryStats query;
    const std::string text = Text(from, "query");
    const std::string id = Text(from, "id");
    if (text.empty()) return;
    query.example = Text(from, "example");
    if (query.example.empty()) query.example = text;
    // The text that the report's own shapes were told by.
    query.shortest = text;
    query.shape = id == kOtherName ? kOtherShape : ShapeHash(query.shortest);
    query.calls = Count(from, "calls");
    query.total_us = Us(from, "total_ms");
    query.errors = Count(from, "errors");
    query.parses = Count(from, "parses");
    query.parse_us = Us(from, "parse_ms");
    query.binds = Count(from, "binds");
    query.bind_us = Us(from, "bind_ms");
    query.fetches = Count(from, "fetches");
    query.lock_waits = Count(from, "lock_waits");
    query.lock_wait_us = Us(from, "lock_wait_ms");
    query.temp_files = Count(from, "temp_files");
    query.temp_bytes = Count(from, "temp_bytes");
    query.first_us = Time(from, "first_time");
    query.last_us = Time(from, "last_time");
    query.series = SeriesOf(from, 120);
    query.example_place = PlaceOf(id);
    query.example_place.time_us = query.first_us;
    Times(from, &query);
    // Texts that differ in more than literals have ids of their own, and so have shapes.
    const auto [at, added] = workload_.state_->query_at.try_emplace(
        query.shape, static_cast<uint32_t>(totals_.queries.size()));
    if (!added) return;
    totals_.queries.push_back(std::move(query));
    const uint32_t index = at->second;
    JoinNames({Names(from, "databases"), Names(from, "users"), Names(from, "applications"),
               Names(from, "clients")},
              totals_.queries.back().calls, [&](SessionKind kind, uint64_t calls) {
                workload_.CountCall(index, KindOf(std::move(kind)), calls);
              });
  }

  static void Times(element from, QueryStats* query) {
    const double held_us = Number(from, "held_p95_ms") * 1000;
    query->held.AddTimes(static_cast<int64_t>(held_us), Count(from, "transactions"));
    const double mean_us = Number(from, "mean_ms") * 1000;
    element timed;
    if (from["mean_ms"].get(timed) != simdjson::SUCCESS) return;
    query->timed_calls = query->calls;
    query->min_us = Us(from, "min_ms");
    query->max_us = Us(from, "max_ms");
    query->example_us = query->max_us;
    query->slow_calls = Count(from, "slow_calls");
    const double deviation_us = Number(from, "stddev_ms") * 1000;
    query->squares_us = static_cast<Uint128>(static_cast<double>(query->timed_calls) *
                                             (mean_us * mean_us + deviation_us * deviation_us));
    query->latency = SketchOf(from, query->timed_calls);
    simdjson::dom::array slowest;
    if (from["slowest"].get(slowest) != simdjson::SUCCESS) return;
    for (element slow : slowest) {
      if (query->parameters.empty()) query->parameters = Text(slow, "parameters");
      LogPlace place = query->example_place;
      place.time_us = Time(slow, "time");
      KeepSlow({.duration_us = Us(slow, "ms"),
                .text = Text(slow, "text"),
                .parameters = Text(slow, "parameters"),
                .place = place},
               &query->slowest);
    }
  }

  uint32_t KindOf(SessionKind kind) {
    LogRecord record;
    record.database = kind.database;
    record.user = kind.user;
    record.application = kind.application;
    record.client = kind.client;
    Workload::Session session;
    return workload_.KindOf(record, &session);
  }

  void Events(element report) {
    for (size_t i = 0; i < totals_.events.size(); ++i) {
      element event;
      const std::string_view name = EventName(static_cast<Event>(i));
      if (report["events"][name].get(event) != simdjson::SUCCESS) continue;
      uint64_t count = Count(event, "count");
      // Finish() adds them once more.
      if (static_cast<Event>(i) == Event::kStatement) count -= std::min(count, totals_.statements);
      totals_.events[i].count = count;
    }
  }

  // As they are found again when logs are merged with this.
  void Messages(element report) {
    ReadReportedMessages(report, "errors", &totals_.errors);
    ReadReportedMessages(report, "messages", &totals_.other_messages);
    for (const std::vector<MessageStats>* messages : {&totals_.errors, &totals_.other_messages}) {
      for (uint32_t i = 0; i < messages->size(); ++i) {
        workload_.state_->message_at.try_emplace(MessageKey((*messages)[i]), i);
      }
    }
  }

  const std::string_view json_;
  Workload& workload_;
  WorkloadTotals& totals_;
  size_t searched_ = 0;
  uint64_t line_ = 1;
};

bool LooksLikeReport(std::string_view head) {
  const size_t brace = head.find_first_not_of(" \t\r\n");
  if (brace == head.npos || head[brace] != '{') return false;
  return head.find("\"schema_version\"") != head.npos && head.find("\"tool\"") != head.npos;
}

std::optional<Partial> ReadReportedWorkload(std::string_view json, std::string_view path,
                                            std::string* error) {
  simdjson::dom::parser parser;
  element document;
  const simdjson::padded_string padded(json);
  if (const auto code = parser.parse(padded).get(document); code != simdjson::SUCCESS) {
    *error = std::string("is no whole JSON document: ") + simdjson::error_message(code) +
             "; write the report anew";
    return std::nullopt;
  }
  element workload;
  if (document["workload"].get(workload) != simdjson::SUCCESS) {
    *error =
        "has no workload: give a report of `pgsift logs --format json`, or what --partial wrote";
    return std::nullopt;
  }
  Partial partial;
  ReportedWorkload(json, &partial.workload).Read(workload);
  if (partial.workload.totals().queries.empty()) {
    *error = "holds no query: give a report of logs that do";
    return std::nullopt;
  }
  partial.paths.emplace_back(path);
  partial.results.push_back({.format = "report",
                             .bytes = json.size(),
                             .lines = CountNewlines(json),
                             .records = partial.workload.totals().queries.size(),
                             .record_bytes = json.size()});
  return partial;
}

}  // namespace pgsift
