#ifndef PGSIFT_REPORTS_WORKLOAD_REPORT_H_
#define PGSIFT_REPORTS_WORKLOAD_REPORT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pgsift {

// The `workload` section of a report. Times are microseconds since the Unix epoch (0: unknown),
// durations milliseconds. Lists come sorted as they are to be shown.

struct NamedCount {
  std::string name;
  uint64_t count = 0;
};

struct SeriesPoint {
  int64_t time_us = 0;  // When the stretch begins.
  uint64_t calls = 0;
  uint64_t errors = 0;
  double total_ms = 0;
};

struct SlowReport {
  std::string text, parameters, path;
  double ms = 0;
  uint64_t line = 0;
  int64_t time_us = 0;
};

struct QueryReport {
  std::string id, query, example;
  uint64_t calls = 0;
  double total_ms = 0, min_ms = 0, max_ms = 0, mean_ms = 0, stddev_ms = 0;
  double p50_ms = 0, p90_ms = 0, p95_ms = 0, p99_ms = 0, p999_ms = 0;
  uint64_t transactions = 0;  // That the log shows from BEGIN to the end and that ran it;
  double held_p95_ms = 0;     // how long 95 % of these kept its locks, at most.
  uint64_t slow_calls = 0, parses = 0, binds = 0, fetches = 0, temp_files = 0, lock_waits = 0;
  double parse_ms = 0, bind_ms = 0, lock_wait_ms = 0;
  // What sampling hid, estimated; calls 0: the rate is not known.
  double estimated_calls = 0, estimated_ms = 0;
  std::vector<SlowReport> slowest;
  bool timed = false;  // Some call's duration is known.
  uint64_t errors = 0, temp_bytes = 0;
  std::vector<NamedCount> databases, users, applications, clients;
  int64_t first_us = 0, last_us = 0;
  std::vector<SeriesPoint> series;
};

struct EventExampleReport {
  std::string path, text;
  uint64_t line = 0;
  int64_t time_us = 0;
};

struct EventReport {
  std::string name;  // "deadlock".
  uint64_t count = 0;
  std::vector<EventExampleReport> examples;
};

struct LockWaitReport {
  EventExampleReport place;  // Its text says it in a sentence.
  uint64_t pid = 0;
  std::string mode, object, holders, queue, statement;
  double waited_ms = 0;
  bool acquired = false;
};

struct DeadlockProcessReport {
  uint64_t pid = 0, blocked_by = 0;
  std::string mode, object, statement;
};
struct DeadlockReport {
  std::string path, database, user, application;
  uint64_t line = 0;
  int64_t time_us = 0;
  std::vector<DeadlockProcessReport> cycle;
};

struct LockedReport {
  std::string name;  // A lock mode, or a relation.
  uint64_t waits = 0;
  double total_ms = 0, max_ms = 0;
};

struct SessionsPoint {
  int64_t time_us = 0;  // When the stretch begins.
  uint64_t sessions = 0;
};

struct ErrorReport {
  std::string sqlstate, level, message, example, statement;
  uint64_t count = 0;
  int64_t first_us = 0, last_us = 0;
};

struct TableMaintenanceReport {
  std::string table;
  uint64_t vacuums = 0, analyzes = 0, tuples_removed = 0;
  double elapsed_ms = 0;
};

struct WorkloadReport {
  int64_t first_us = 0, last_us = 0;
  uint64_t records = 0, sessions = 0, statements = 0;
  double total_ms = 0;
  std::vector<QueryReport> queries;  // Most time first.
  std::vector<SeriesPoint> series;
  std::vector<EventReport> events;  // Those that occurred.
  struct {
    uint64_t received = 0, authorized = 0, disconnections = 0, rejected = 0, peak = 0;
    double session_ms = 0;
    std::vector<NamedCount> databases, users, applications;
    std::vector<SessionsPoint> open;  // The most sessions at once, over time.
  } connections;
  struct {
    uint64_t count = 0, rolled_back = 0;
    double total_ms = 0, max_ms = 0, idle_ms = 0, idle_ms_max = 0;
  } transactions;
  struct {
    uint64_t waits = 0, acquired = 0, failed = 0, deadlocks = 0;
    double wait_ms = 0, wait_ms_max = 0;
    std::vector<LockWaitReport> examples;
    std::vector<DeadlockReport> cycles;
    std::vector<LockedReport> modes, objects;  // Most time first.
  } locks;
  struct {
    uint64_t count = 0, bytes = 0, bytes_max = 0;
  } temp_files;
  struct {
    uint64_t count = 0, timed = 0, wal = 0, requested = 0, too_frequent = 0, buffers = 0;
    double write_ms = 0, sync_ms = 0, total_ms = 0;
  } checkpoints;
  struct {
    uint64_t vacuums = 0, analyzes = 0;
    std::vector<TableMaintenanceReport> tables;
  } autovacuum;
  std::vector<ErrorReport> errors;    // Most frequent first.
  std::vector<ErrorReport> messages;  // The same for warnings and what no class knows.
  // Durations without a text that no statement was logged for: parse, bind, or not logged.
  uint64_t unattributed_durations = 0;
  double unattributed_ms = 0;
  // Additions that found no room, see --max-shapes: they count under the name `(other)`.
  uint64_t beyond_shapes = 0, beyond_messages = 0, beyond_names = 0;
};

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_WORKLOAD_REPORT_H_
