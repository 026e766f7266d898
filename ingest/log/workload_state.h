#ifndef PGSIFT_INGEST_LOG_WORKLOAD_STATE_H_
#define PGSIFT_INGEST_LOG_WORKLOAD_STATE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/hash/hash.h"
#include "ingest/log/session_kind.h"
#include "ingest/log/statement_runs.h"
#include "ingest/log/workload.h"

// What a Workload keeps besides its totals. Only workload*.cc include this.

namespace pgsift {

inline constexpr size_t kTextBytesMax = size_t{64} << 10;  // Of one statement.
inline constexpr size_t kPlanBytesMax = size_t{256} << 10;
inline constexpr size_t kMessageBytesMax = 4096;
inline constexpr size_t kEventExamplesMax = 3;
inline constexpr size_t kDeadlocksMax = 100;
inline constexpr size_t kLockExamplesMax = 50;
inline constexpr size_t kPlansPerShapeMax = 16;  // Shapes of plan, of one query.
inline constexpr size_t kSlowestMax = 3;
inline constexpr size_t kExampleBytesMax = size_t{32} << 10;
// Limits of memory where parts are merged.
inline constexpr size_t kMessagesMax = 2000;
inline constexpr size_t kNamesMax = 1000;  // Of databases, relations, … each.
inline constexpr size_t kKindsMax = 2000;
inline constexpr size_t kCallsMax = 300'000;  // Pairs of shape and kind.
inline constexpr size_t kPlanShapesMax = 500;
inline constexpr size_t kSessionsMax = 200'000;
inline constexpr size_t kRunsMax = 20'000;  // Pairs of shapes.
inline constexpr size_t kOpenTransactionsMax = 100;

// The shape of OtherQuery(); no statement's, in all likelihood.
inline constexpr uint64_t kOtherShape = 0xffff'ffff'ffff'fff1;

// What one process did that later records of it refer to. The head is for the part of the log
// before this one, the tail for the part after it.
struct Workload::Session {
  // The first record of the process that ends a statement which an earlier part may have begun.
  enum class Head : uint8_t {
    kOpen,    // None yet.
    kBare,    // A duration without its text.
    kShape,   // A duration with its text: takes the temporary files before it.
    kFailed,  // An error of a statement, which is no call if it was logged before it ran.
    kClosed,  // Another error, a new statement, or the session's end.
  };
  Head head = Head::kOpen;
  int64_t head_us = 0;
  int64_t head_time_us = 0;
  uint64_t head_shape = 0;  // Of kShape and kFailed.
  uint64_t head_temp_files = 0, head_temp_bytes = 0;

  // A statement that has begun (log_statement) and whose duration is to come.
  bool pending = false;
  uint64_t pending_shape = 0;
  TransactionVerb pending_verb = TransactionVerb::kNone;
  uint64_t pending_kind = 0;  // The hash of its SessionKind.
  RunBits pending_bits;
  std::string pending_text, pending_parameters;
  LogPlace pending_place;
  uint32_t kind = 0;      // Of its last statement, tried first. Valid if it is one of State::kinds.
  uint32_t names_id = 0;  // Of that statement's record.
  // Temporary files whose statement is to come.
  uint64_t temp_files = 0, temp_bytes = 0;
  SessionTransactions transactions;
  SessionRuns runs;
  // The session as the server counts it, if its authorization is in the log.
  std::string group;      // Whose it is: its application, or its user.
  int64_t opened_us = 0;  // 0: not in this part.
  int64_t active_us = 0;  // Its last statement's end.
  uint64_t statements = 0;
  // A disconnection whose authorization is not in this part; 0: none.
  int64_t head_closed_us = 0, head_session_us = 0;
  std::string head_group;
  bool ended = false;
};

struct Workload::Execution {
  uint64_t shape = 0;
  uint64_t literals = 0;  // A hash of them.
  RunBits bits;
  TransactionVerb verb = TransactionVerb::kNone;
  std::string_view text;
  bool timed = false;
  int64_t duration_us = 0;
};

// When sessions of one database, user and application ran statements, from whatever client.
struct BusyTime {
  SessionKind who;  // Without a client.
  TimeSeries series{720};
};

struct Workload::State {
  absl::flat_hash_map<uint64_t, uint32_t> query_at;  // Shape to index in totals.queries.
  absl::flat_hash_map<uint64_t, uint32_t> kind_at;   // Hash of a SessionKind to its index.
  std::vector<SessionKind> kinds;
  std::vector<uint64_t> kind_hashes;
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, uint64_t> calls;  // By query and kind.
  // By pid. Nodes: a Session is large, and each part of a log starts with an empty table that
  // grows.
  absl::node_hash_map<uint32_t, Session> sessions;
  absl::flat_hash_map<std::string, uint32_t> message_at;
  absl::flat_hash_map<uint64_t, std::vector<LoggedPlan>> plans;  // By shape, slowest first.
  OpenSessions open;
  std::vector<BusyTime> busy;
  absl::flat_hash_map<uint64_t, uint32_t> busy_at;  // By HashWithoutClient().
  std::vector<uint32_t> kind_busy;                  // Of each of `kinds`: index in `busy`.
  RunMap runs;
  std::vector<EndedTransactions::Hold> holds;  // Of the statement at hand; empty in between.
  uint64_t ended_sessions = 0;  // Processes whose Session was dropped because it had ended.

  // Adds a kind that is not in `kinds`; its index.
  uint32_t AddKind(SessionKind kind, uint64_t hash);
};

// The kind of calls for whose kind there is no room.
inline constexpr uint32_t kOtherKind = 0xffff'ffff;

// `name`, or kOtherName where there is no room for another.
template <typename Map>
typename Map::mapped_type& Named(Map* map, const std::string& name, bool bounded,
                                 uint64_t* beyond) {
  if (!bounded || map->size() < kNamesMax || map->contains(name)) return (*map)[name];
  ++*beyond;
  return (*map)[std::string(kOtherName)];
}

// Whether an execution is a better example than the query's: slower, or as slow and earlier in the
// input. So the example does not depend on the order of adding.
inline bool IsBetterExample(int64_t duration_us, const LogPlace& place, const QueryStats& query) {
  if (duration_us != query.example_us) return duration_us > query.example_us;
  if (place.file != query.example_place.file) return place.file < query.example_place.file;
  return place.offset < query.example_place.offset;
}

// Adds an execution's plan to those of its query: one entry for each shape of plan, with the
// slowest execution; bounded: no more than kPlansPerShapeMax.
void KeepPlan(LoggedPlan plan, bool bounded, std::vector<LoggedPlan>* plans);
// These keep the slowest few, earlier ones first among equals.
void KeepLockWait(LockWait wait, std::vector<LockWait>* waits);
void KeepSlow(SlowExecution execution, std::vector<SlowExecution>* slowest);
// 0: the log has no times.
inline int64_t TimeOf(const LogRecord& record) { return record.has_time ? record.time_us : 0; }
// Tells messages apart: level, SQLSTATE and folded text.
std::string MessageKey(const MessageStats& stats);
// Adds what another part says of one query.
void MergeQuery(QueryStats&& from, QueryStats* to);
// At most `bytes_max` bytes of `text`, cut between characters.
std::string_view Cut(std::string_view text, size_t bytes_max);
// Widens [*first, *last] by [first_us, last_us]; 0 is "no time".
inline void Widen(int64_t first_us, int64_t last_us, int64_t* first, int64_t* last) {
  if (first_us != 0 && (*first == 0 || first_us < *first)) *first = first_us;
  if (last_us != 0 && (*last == 0 || last_us > *last)) *last = last_us;
}

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_WORKLOAD_STATE_H_
