#ifndef PGSIFT_INGEST_LOG_WORKLOAD_TOTALS_H_
#define PGSIFT_INGEST_LOG_WORKLOAD_TOTALS_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/span.h"
#include "ingest/log/distinct_count.h"
#include "ingest/log/events.h"
#include "ingest/log/mix.h"
#include "ingest/log/open_sessions.h"
#include "ingest/log/session_transactions.h"
#include "ingest/log/sketch.h"
#include "ingest/log/time_series.h"

// What the logs say, added up. Plain values that own their text; times are microseconds since the
// Unix epoch (UTC), durations are microseconds, so that sums are exact in any order.

namespace pgsift {

// What entries are called that stand for all for which there was no room.
inline constexpr std::string_view kOtherName = "(other)";

// Where a record lies.
struct LogPlace {
  FileId file = FileId::kNone;
  uint64_t offset = 0;
  uint64_t line = 0;    // 1-based.
  int64_t time_us = 0;  // 0: the log has no times.
};

struct NameCount {
  std::string name;
  uint64_t count = 0;
};

// One execution, kept because it was slow.
struct SlowExecution {
  int64_t duration_us = 0;
  std::string text, parameters;
  LogPlace place;
};

// All statements that differ in literals only.
struct QueryStats {
  uint64_t shape = 0;      // See shape.h; of the shape with the most calls, where several are one.
  std::string id;          // 16 hexadecimal digits: the grammar's fingerprint, or the shape.
  bool parsed = false;     // The grammar accepts it.
  std::string query;       // With $1, $2 … for literals; the folded shape if not parsed.
  std::string shortest;    // The shortest text seen: what the grammar gets to see.
  std::string example;     // The slowest execution's text.
  std::string parameters;  // Its parameters, as the log's DETAIL gives them.
  LogPlace example_place;
  int64_t example_us = -1;     // -1: no execution was timed.
  uint64_t calls = 0;          // Executions that were logged.
  uint64_t timed_calls = 0;    // Of these, those whose duration is known.
  uint64_t slow_calls = 0;     // Of these, those at or above the slow limit.
  uint64_t sampled_calls = 0;  // Of the timed ones, those below the limit of sampling,
  int64_t sampled_us = 0;      // and their time: each stands for several (WorkloadOptions).
  int64_t total_us = 0;        // Execution only; parse and bind are apart.
  Uint128 squares_us = 0;      // Sum of the squares of the durations.
  int64_t min_us = 0, max_us = 0;
  uint64_t parses = 0, binds = 0, fetches = 0;
  int64_t parse_us = 0, bind_us = 0;
  LatencySketch latency;
  // How long its locks are held: from its first execution in a transaction to the transaction's
  // end. Of transactions that statements of the log begin and end.
  LatencySketch held;
  DistinctCount texts;  // Of the executions' texts as they were sent, parameters left out.
  uint64_t errors = 0;
  uint64_t temp_files = 0, temp_bytes = 0;
  uint64_t lock_waits = 0;
  int64_t lock_wait_us = 0;
  int64_t first_us = 0, last_us = 0;  // 0: no times.
  TimeSeries series;
  std::vector<SlowExecution> slowest;  // Slowest first; only of those that are slow.
  // Calls by each; filled by Workload::Finish(), most calls first.
  std::vector<NameCount> databases, users, applications, clients;

  double mean_us() const {
    return timed_calls == 0 ? 0 : static_cast<double>(total_us) / static_cast<double>(timed_calls);
  }
  double stddev_us() const;
};

struct EventExample {
  LogPlace place;
  std::string text;
};
struct EventStats {
  uint64_t count = 0;
  std::vector<EventExample> examples;  // The first few.
  TimeSeries series;                   // Not of statements.
};

// A shape that sessions run again and again after another: see statement_runs.h.
struct RunStats {
  uint64_t groups = 0;      // Groups of statements in which the child ran often enough.
  uint64_t calls = 0;       // Of the child, in them,
  uint64_t calls_max = 0;   // and the most in one.
  uint64_t loops = 0;       // Groups so long that a batch job made them,
  uint64_t loop_calls = 0;  // and the calls in them.
  uint64_t same_text_groups = 0, same_text_calls = 0;  // Text and parameters never changed.
  uint64_t same_row_groups = 0, same_row_calls = 0;    // The condition never changed.
  uint64_t in_transactions = 0;                        // Groups in an explicit transaction.
  int64_t busy_us = 0;                                 // The child's executions.
  int64_t elapsed_us = 0;  // From the first's begin to the last's end, over all groups.
  LogPlace place;          // The first.

  void Merge(const RunStats& next);
};
struct QueryRun {
  std::string parent, child;  // QueryStats::id; the parent's may be empty.
  RunStats stats;
};

// The sessions of one application; of one user where the application is not known.
struct SessionGroup {
  uint64_t opened = 0, closed = 0;  // Authorizations and disconnections.
  uint64_t brief = 0;               // Of the closed: shorter than a second.
  int64_t session_us = 0;           // Of the closed.
  TimeSeries opens, closes;
  TimeSeries busy{720};  // Statements and their time; by the line prefix.
  // When the log ends; filled by Workload::Finish().
  uint64_t left_open = 0;
  uint64_t left_silent = 0;  // Of these: no statement for a long time, or ever.
  uint64_t left_statements = 0;
  int64_t oldest_open_us = 0;
};

// A transaction that is open when the log ends.
struct OpenTransaction {
  uint32_t pid = 0;
  std::string group;  // As in WorkloadTotals::groups.
  int64_t begin_us = 0, last_us = 0;
};

// Messages that say the same but for names and numbers.
struct MessageStats {
  LogLevel level = LogLevel::kLog;
  std::string sqlstate;  // Empty where the log lacks it.
  std::string message;   // Folded, see FoldMessage().
  Event event = Event::kUnrecognized;
  uint64_t count = 0;
  std::string example;    // The first one's own text,
  std::string detail;     // DETAIL,
  std::string statement;  // and statement.
  LogPlace place;
  int64_t first_us = 0, last_us = 0;
};

struct ConnectionStats {
  uint64_t received = 0, authorized = 0, disconnections = 0, rejected = 0, lost = 0;
  // Most sessions at once, by authorizations and disconnections; 0 where these are not logged.
  uint64_t peak = 0;
  std::vector<OpenSessions::Point> open;  // The same over time.
  int64_t session_us = 0;                 // Of those that ended.
  LatencySketch session_times;
  TimeSeries series;                                                        // Authorizations.
  std::map<std::string, uint64_t> databases, users, applications, clients;  // Authorizations.
};

struct LockWait {
  LogPlace place;
  uint32_t pid = 0;
  std::string mode, object, holders, queue, statement, context;
  int64_t waited_us = 0;
  bool acquired = false;
};
struct LockObjectStats {
  uint64_t waits = 0;
  int64_t total_us = 0, max_us = 0;
};
struct LockStats {
  uint64_t still_waiting = 0;        // Messages that a process waits longer than deadlock_timeout.
  uint64_t acquired = 0;             // Waits that ended with the lock.
  uint64_t failed = 0;               // Waits that ended without.
  int64_t total_us = 0, max_us = 0;  // Of the waits that ended.
  std::map<std::string, LockObjectStats> modes;    // Waits that ended, by lock mode.
  std::map<std::string, LockObjectStats> objects;  // By relation, or by what the log says instead.
  std::vector<LockWait> examples;                  // The longest.
};

// One process of a deadlock, and what it waited for.
struct DeadlockEdge {
  uint32_t pid = 0, blocked_by = 0;
  std::string mode, object, statement;
};
struct Deadlock {
  LogPlace place;
  std::vector<DeadlockEdge> cycle;  // In the order of the message.
  std::string detail, context, statement, database, user, application;
};

struct TempFileStats {
  uint64_t count = 0, bytes = 0, bytes_max = 0;
};

struct CheckpointStats {
  uint64_t starting = 0, complete = 0, too_frequent = 0;
  uint64_t timed = 0, wal = 0, requested = 0;  // Why those that start do.
  uint64_t buffers = 0, buffers_max = 0;
  uint64_t wal_added = 0, wal_removed = 0, wal_recycled = 0;
  int64_t write_us = 0, sync_us = 0, total_us = 0, longest_sync_us = 0, total_us_max = 0;
  uint64_t distance_kb_max = 0;
};

struct TableMaintenance {
  uint64_t vacuums = 0, analyzes = 0, aggressive = 0, wraparound = 0;
  int64_t vacuum_us = 0, analyze_us = 0, vacuum_us_max = 0;
  uint64_t index_scans = 0;
  uint64_t index_scans_max = 0;  // More than 1: maintenance_work_mem was too small.
  uint64_t pages_removed = 0, tuples_removed = 0;
  uint64_t tuples_remain = 0;             // The most seen.
  uint64_t tuples_not_removable_max = 0;  // Dead, held by an old snapshot.
  uint64_t cutoff_age_max = 0;
  uint64_t wal_bytes = 0;
};

// A plan that auto_explain wrote.
struct LoggedPlan {
  LogPlace place;
  int64_t duration_us = 0;
  enum class Format : uint8_t { kText, kJson, kYaml, kXml };
  Format format = Format::kText;
  bool json = false;     // Format::kJson.
  std::string text;      // As EXPLAIN prints it, tabs removed; "Query Text" stands in it.
  std::string query;     // That text.
  std::string query_id;  // As QueryStats::id.
  uint64_t shape = 0;
  // All executions that were planned like this one, of which it is the slowest. Without a plan that
  // can be read, 0 stands for its shape.
  uint64_t plan_shape = 0;
  uint64_t runs = 0;
  int64_t total_us = 0;
  int64_t first_us = 0, last_us = 0;
};

struct WorkloadTotals {
  uint64_t records = 0;
  std::array<uint64_t, 8> levels = {};  // By LogLevel.
  int64_t first_us = 0, last_us = 0;    // 0: no times.
  uint64_t sessions = 0;                // Authorizations, or processes where those are not logged.
  uint64_t statements = 0;              // Executions, all queries.
  int64_t total_us = 0;                 // Their time, as far as it was logged.
  TransactionStats transactions;
  // Shapes, messages and names beyond the limits of memory: their numbers are in entries named
  // kOtherName, and this many additions went there.
  uint64_t beyond_shapes = 0, beyond_messages = 0, beyond_names = 0;
  // Durations without a text, and with no statement before them to belong to: parse and bind under
  // log_duration, or executions whose text was not logged.
  uint64_t unattributed_durations = 0;
  int64_t unattributed_us = 0;
  std::vector<QueryStats> queries;  // Most time first.
  TimeSeries activity{720};         // Executions and errors.
  std::array<EventStats, kEventCount> events;
  ConnectionStats connections;
  std::map<std::string, SessionGroup> groups;  // By application or user.
  // Statements and their time by database and user: what a pooler has a pool for. Filled by
  // Workload::Finish(), from line prefixes.
  std::map<std::pair<std::string, std::string>, TimeSeries> pool_busy;
  std::vector<OpenTransaction> open_transactions;  // Oldest first; the first hundred.
  std::vector<QueryRun> runs;                      // Most time first.
  LockStats locks;
  std::vector<Deadlock> deadlocks;  // The first hundred.
  TempFileStats temp_files;
  CheckpointStats checkpoints;
  std::map<std::string, TableMaintenance> maintenance;  // By "database.schema.table".
  std::vector<MessageStats> errors;                     // ERROR and worse, most frequent first.
  std::vector<MessageStats> other_messages;             // WARNING and what no class knows.
  uint64_t plans_seen = 0;
  std::vector<LoggedPlan> plans;  // The slowest three of each query, slowest first.
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_WORKLOAD_TOTALS_H_
