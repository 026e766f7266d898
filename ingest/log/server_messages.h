#ifndef PGSIFT_INGEST_LOG_SERVER_MESSAGES_H_
#define PGSIFT_INGEST_LOG_SERVER_MESSAGES_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace pgsift {

// The server's messages, taken apart. Views point into the message. Each Read function returns
// nothing where the message is not of its kind; versions 12 to 18.

// "duration: 1.234 ms  execute name: text" and "statement: text".
struct DurationMessage {
  enum class Kind : uint8_t { kBare, kStatement, kParse, kBind, kExecute, kFetch, kPlan, kOther };
  Kind kind = Kind::kBare;
  bool timed = false;  // It says how long.
  int64_t duration_us = 0;
  std::string_view text;  // The SQL, or the plan.
};
std::optional<DurationMessage> ReadDuration(std::string_view message);

// "process 12 still waiting for ShareLock on transaction 7 after 1000.123 ms".
struct LockMessage {
  enum class Kind : uint8_t { kWaiting, kAcquired, kDeadlockAvoided, kDeadlockDetected, kFailed };
  Kind kind = Kind::kWaiting;
  uint32_t pid = 0;
  std::string_view mode;    // "ShareLock"
  std::string_view object;  // "transaction 7"
  int64_t waited_us = 0;
};
std::optional<LockMessage> ReadLock(std::string_view message);
// "Process holding the lock: 7, 8. Wait queue: 12." -> "7, 8" and "12".
struct LockQueue {
  std::string_view holders;
  std::string_view queue;
};
LockQueue ReadLockQueue(std::string_view detail);

// The DETAIL of "deadlock detected": who waits for what, and the statement of each. In the order of
// the text.
struct DeadlockEdge;
std::vector<DeadlockEdge> ReadDeadlock(std::string_view detail);

// "temporary file: path "…", size 123": its size.
std::optional<uint64_t> ReadTempFile(std::string_view message);

// "checkpoint complete: wrote 12 buffers (0.1%); …".
struct CheckpointMessage {
  uint64_t buffers = 0;
  uint64_t wal_added = 0, wal_removed = 0, wal_recycled = 0;
  int64_t write_us = 0, sync_us = 0, total_us = 0, longest_sync_us = 0;
  uint64_t sync_files = 0;
  uint64_t distance_kb = 0, estimate_kb = 0;
};
std::optional<CheckpointMessage> ReadCheckpoint(std::string_view message);

// "automatic [aggressive] vacuum [to prevent wraparound] of table …", "automatic analyze of …".
struct VacuumMessage {
  std::string_view table;  // "database.schema.table"
  bool analyze = false, aggressive = false, wraparound = false;
  uint64_t index_scans = 0;
  uint64_t pages_removed = 0, pages_remain = 0;
  uint64_t tuples_removed = 0, tuples_remain = 0, tuples_not_removable = 0;
  uint64_t cutoff_age = 0;  // Transactions; 0: not said.
  uint64_t wal_bytes = 0;
  int64_t elapsed_us = 0;
};
std::optional<VacuumMessage> ReadVacuum(std::string_view message);

// "disconnection: session time: 0:00:01.234 user=… database=… host=… port=…" and
// "connection authorized: user=… database=… application_name=…".
struct SessionMessage {
  int64_t session_us = 0;
  std::string_view user, database, application, host;
};
std::optional<SessionMessage> ReadSession(std::string_view message);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_SERVER_MESSAGES_H_
