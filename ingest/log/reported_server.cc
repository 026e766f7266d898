#include "ingest/log/reported_server.h"

#include <algorithm>
#include <map>
#include <string>

#include "ingest/log/reported_values.h"

namespace pgsift {
namespace {

using reported::Count;
using reported::Each;
using reported::Names;
using reported::Text;
using reported::Time;
using reported::Us;
using simdjson::dom::element;

LogLevel LevelOf(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(LogLevel::kPanic); ++i) {
    if (LogLevelName(static_cast<LogLevel>(i)) == name) return static_cast<LogLevel>(i);
  }
  return LogLevel::kLog;
}

void ReadCounts(element part, std::string_view key, std::map<std::string, uint64_t>* counts) {
  for (NameCount& each : Names(part, key)) (*counts)[std::move(each.name)] += each.count;
}

void ReadConnections(element part, ConnectionStats* to, OpenSessions* open) {
  to->received = Count(part, "received");
  to->authorized = Count(part, "authorized");
  to->disconnections = Count(part, "disconnections");
  to->rejected = Count(part, "rejected");
  to->session_us = Us(part, "session_ms");
  ReadCounts(part, "by_database", &to->databases);
  ReadCounts(part, "by_user", &to->users);
  ReadCounts(part, "by_application", &to->applications);
  std::vector<OpenSessions::Point> points;
  Each(part, "open", [&](element point) {
    points.push_back({.time_us = Time(point, "time"), .sessions = Count(point, "sessions")});
  });
  *open = OpenSessions::Of(points, Count(part, "peak"));
}

void ReadObjects(element part, std::string_view key,
                 std::map<std::string, LockObjectStats>* objects) {
  Each(part, key, [&](element each) {
    (*objects)[Text(each, "name")] = {.waits = Count(each, "waits"),
                                      .total_us = Us(each, "total_ms"),
                                      .max_us = Us(each, "max_ms")};
  });
}

// [7, 8] as "7, 8".
std::string Processes(element wait, std::string_view key) {
  std::string list;
  Each(wait, key, [&](element pid) {
    uint64_t number = 0;
    if (pid.get(number) != simdjson::SUCCESS) return;
    if (!list.empty()) list += ", ";
    list += std::to_string(number);
  });
  return list;
}

void ReadLocks(element part, LockStats* to) {
  to->still_waiting = Count(part, "waits");
  to->acquired = Count(part, "acquired");
  to->failed = Count(part, "failed");
  to->total_us = Us(part, "wait_ms");
  to->max_us = Us(part, "wait_ms_max");
  ReadObjects(part, "modes", &to->modes);
  ReadObjects(part, "objects", &to->objects);
  Each(part, "examples", [&](element wait) {
    bool acquired = false;
    if (wait["acquired"].get(acquired) != simdjson::SUCCESS) acquired = false;
    to->examples.push_back(
        {.place = {.file = FileId{0}, .line = Count(wait, "line"), .time_us = Time(wait, "time")},
         .pid = static_cast<uint32_t>(Count(wait, "pid")),
         .mode = Text(wait, "mode"),
         .object = Text(wait, "object"),
         .holders = Processes(wait, "holders"),
         .queue = Processes(wait, "queue"),
         .statement = Text(wait, "statement"),
         .waited_us = Us(wait, "waited_ms"),
         .acquired = acquired});
  });
}

}  // namespace

void ReadReportedServer(element report, WorkloadTotals* totals, OpenSessions* open) {
  element part;
  if (report["connections"].get(part) == simdjson::SUCCESS) {
    ReadConnections(part, &totals->connections, open);
  }
  if (report["transactions"].get(part) == simdjson::SUCCESS) {
    TransactionStats& to = totals->transactions;
    to.count = Count(part, "count");
    to.rolled_back = Count(part, "rolled_back");
    to.total_us = Us(part, "total_ms");
    to.max_us = Us(part, "max_ms");
    to.idle_us = Us(part, "idle_ms");
    to.idle_us_max = Us(part, "idle_ms_max");
  }
  if (report["locks"].get(part) == simdjson::SUCCESS) ReadLocks(part, &totals->locks);
  if (report["temp_files"].get(part) == simdjson::SUCCESS) {
    totals->temp_files = {.count = Count(part, "count"),
                          .bytes = Count(part, "bytes"),
                          .bytes_max = Count(part, "bytes_max")};
  }
  if (report["checkpoints"].get(part) == simdjson::SUCCESS) {
    CheckpointStats& to = totals->checkpoints;
    to.complete = Count(part, "count");
    to.timed = Count(part, "timed");
    to.wal = Count(part, "wal");
    to.requested = Count(part, "requested");
    to.starting = to.timed + to.wal + to.requested;
    to.too_frequent = Count(part, "too_frequent");
    to.buffers = Count(part, "buffers");
    to.write_us = Us(part, "write_ms");
    to.sync_us = Us(part, "sync_ms");
  }
}

void ReadReportedMessages(element report, std::string_view key,
                          std::vector<MessageStats>* messages) {
  Each(report, key, [&](element each) {
    MessageStats stats{.level = LevelOf(Text(each, "level")),
                       .sqlstate = Text(each, "sqlstate"),
                       .message = Text(each, "message"),
                       .count = Count(each, "count"),
                       .example = Text(each, "example"),
                       .statement = Text(each, "statement"),
                       .first_us = Time(each, "first_time"),
                       .last_us = Time(each, "last_time")};
    // What it is, is told from its text, as in a log.
    const LogRecord record{.level = stats.level,
                           .sqlstate = stats.sqlstate,
                           .message = stats.example.empty() ? stats.message : stats.example};
    stats.event = ClassifyRecord(record);
    messages->push_back(std::move(stats));
  });
}

}  // namespace pgsift
