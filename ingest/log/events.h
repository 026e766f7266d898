#ifndef PGSIFT_INGEST_LOG_EVENTS_H_
#define PGSIFT_INGEST_LOG_EVENTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/log/log_record.h"

namespace pgsift {

// What kind of thing a record reports. The names (EventName) are stable: reports and scripts use
// them.
enum class Event : uint8_t {
  kStatement,  // A statement or a duration: counted with the queries.
  kPlan,       // auto_explain.
  kConnectionReceived,
  kConnectionAuthenticated,
  kConnectionAuthorized,
  kConnectionReady,
  kDisconnection,
  kConnectionLost,
  kTooManyConnections,
  kAuthenticationFailed,
  kServerNotReady,
  kAdministratorCommand,
  kLockWait,
  kLockAcquired,
  kDeadlock,
  kDeadlockAvoided,
  kLockTimeout,
  kLockNotAvailable,
  kTempFile,
  kTempFileLimit,
  kOutOfMemory,
  kOutOfLockMemory,
  kCheckpointStarting,
  kCheckpointComplete,
  kCheckpointsTooFrequent,
  kArchiveFailed,
  kWalMissing,
  kAutovacuum,
  kAutoanalyze,
  kAutovacuumCanceled,
  kAutovacuumSkipped,
  kVacuum,
  kWraparound,
  kStatementTimeout,
  kIdleInTransactionTimeout,
  kIdleSessionTimeout,
  kTransactionTimeout,
  kCanceled,
  kRecoveryConflict,
  kSerializationFailure,
  kTransactionAborted,
  kSyntaxError,
  kUndefinedObject,
  kUniqueViolation,
  kForeignKeyViolation,
  kNotNullViolation,
  kCheckViolation,
  kExclusionViolation,
  kPermissionDenied,
  kInvalidInput,
  kDivisionByZero,
  kDiskFull,
  kCorruption,
  kIoError,
  kStartup,
  kShutdown,
  kCrash,
  kRecovery,
  kConfiguration,
  kReplication,
  kAudit,             // pgaudit.
  kPoolerLogin,       // pgbouncer: a client,
  kPoolerDisconnect,  // that left or was turned away,
  kPoolerServer,      // a connection to a server,
  kPoolerStats,
  kPoolerError,
  kRaised,      // RAISE in a function, or a message of that kind.
  kOtherError,  // ERROR, FATAL or PANIC of no class of its own.
  kOtherWarning,
  kUnrecognized,  // LOG and below.
};
inline constexpr size_t kEventCount = static_cast<size_t>(Event::kUnrecognized) + 1;

// "connection-received", "deadlock", …
std::string_view EventName(Event event);

// Told by the SQLSTATE where the log has it, else by the message, which must be in English.
Event ClassifyRecord(const LogRecord& record);

// A message with what is between quotes and all numbers folded to `…` and `#`, so that equal
// complaints group: `relation "…" does not exist`.
std::string FoldMessage(std::string_view message);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_EVENTS_H_
