#include "ingest/log/events.h"

#include <array>

#include "parser/characters.h"

namespace pgsift {
namespace {

constexpr std::array<std::string_view, kEventCount> kNames = {
    "statement",
    "plan",
    "connection-received",
    "connection-authenticated",
    "connection-authorized",
    "connection-ready",
    "disconnection",
    "connection-lost",
    "too-many-connections",
    "authentication-failed",
    "server-not-ready",
    "administrator-command",
    "lock-wait",
    "lock-acquired",
    "deadlock",
    "deadlock-avoided",
    "lock-timeout",
    "lock-not-available",
    "temp-file",
    "temp-file-limit",
    "out-of-memory",
    "out-of-lock-memory",
    "checkpoint-starting",
    "checkpoint-complete",
    "checkpoints-too-frequent",
    "archive-failed",
    "wal-missing",
    "autovacuum",
    "autoanalyze",
    "autovacuum-canceled",
    "autovacuum-skipped",
    "vacuum",
    "wraparound",
    "statement-timeout",
    "idle-in-transaction-timeout",
    "idle-session-timeout",
    "transaction-timeout",
    "canceled",
    "recovery-conflict",
    "serialization-failure",
    "transaction-aborted",
    "syntax-error",
    "undefined-object",
    "unique-violation",
    "foreign-key-violation",
    "not-null-violation",
    "check-violation",
    "exclusion-violation",
    "permission-denied",
    "invalid-input",
    "division-by-zero",
    "disk-full",
    "corruption",
    "io-error",
    "startup",
    "shutdown",
    "crash",
    "recovery",
    "configuration",
    "replication",
    "audit",
    "pooler-login",
    "pooler-disconnect",
    "pooler-server",
    "pooler-stats",
    "pooler-error",
    "raised",
    "other-error",
    "other-warning",
    "unrecognized",
};
static_assert(!kNames.back().empty());

// The first rule that fits wins. `begins` is the message's beginning; `holds` must stand somewhere
// in it. Texts of the server's sources, 12 to 18.
struct MessageRule {
  std::string_view begins;
  std::string_view holds;
  Event event;
};
constexpr MessageRule kMessageRules[] = {
    // pgbouncer: "C-0x55e: db/user@host:port text" of clients, "S-…" of servers.
    {"C-0x", " login attempt: ", Event::kPoolerLogin},
    {"C-0x", "pooler error", Event::kPoolerError},
    {"C-0x", " closing because: ", Event::kPoolerDisconnect},
    {"S-0x", " closing because: ", Event::kPoolerServer},
    {"S-0x", " new connection to server", Event::kPoolerServer},
    {"stats: ", " xacts/s", Event::kPoolerStats},
    {"pooler error: ", "", Event::kPoolerError},
    {"taking connection from reserve_pool", "", Event::kPoolerError},
    {"AUDIT: ", "", Event::kAudit},
    {"connection received: ", "", Event::kConnectionReceived},
    {"connection authenticated: ", "", Event::kConnectionAuthenticated},
    {"connection authorized: ", "", Event::kConnectionAuthorized},
    {"replication connection authorized: ", "", Event::kConnectionAuthorized},
    {"connection ready: ", "", Event::kConnectionReady},
    {"disconnection: ", "", Event::kDisconnection},
    {"could not receive data from client", "", Event::kConnectionLost},
    {"could not send data to client", "", Event::kConnectionLost},
    {"unexpected EOF on client connection", "", Event::kConnectionLost},
    {"connection to client lost", "", Event::kConnectionLost},
    {"incomplete startup packet", "", Event::kConnectionLost},
    {"invalid length of startup packet", "", Event::kConnectionLost},
    {"could not accept SSL connection", "", Event::kConnectionLost},
    {"sorry, too many clients already", "", Event::kTooManyConnections},
    {"remaining connection slots are reserved", "", Event::kTooManyConnections},
    {"too many connections for ", "", Event::kTooManyConnections},
    {"number of requested standby connections exceeds", "", Event::kTooManyConnections},
    {"", "authentication failed for user", Event::kAuthenticationFailed},
    {"no pg_hba.conf entry", "", Event::kAuthenticationFailed},
    {"pg_hba.conf rejects", "", Event::kAuthenticationFailed},
    {"canceling authentication due to timeout", "", Event::kAuthenticationFailed},
    {"role \"", "is not permitted to log in", Event::kAuthenticationFailed},
    {"the database system is ", "", Event::kServerNotReady},
    {"terminating connection due to administrator command", "", Event::kAdministratorCommand},
    {"terminating connection due to idle-in-transaction", "", Event::kIdleInTransactionTimeout},
    {"terminating connection due to idle-session", "", Event::kIdleSessionTimeout},
    {"terminating connection due to transaction timeout", "", Event::kTransactionTimeout},
    {"terminating connection due to conflict with recovery", "", Event::kRecoveryConflict},
    {"terminating connection because of crash", "", Event::kCrash},
    {"terminating connection due to unexpected postmaster exit", "", Event::kCrash},
    {"process ", " still waiting for ", Event::kLockWait},
    {"process ", " acquired ", Event::kLockAcquired},
    {"process ", " avoided deadlock ", Event::kDeadlockAvoided},
    {"process ", " detected deadlock ", Event::kLockWait},
    {"process ", " failed to acquire ", Event::kLockWait},
    {"process ", " could not obtain ", Event::kLockNotAvailable},
    {"deadlock detected", "", Event::kDeadlock},
    {"canceling statement due to lock timeout", "", Event::kLockTimeout},
    {"could not obtain lock on ", "", Event::kLockNotAvailable},
    {"skipping vacuum of ", "", Event::kAutovacuumSkipped},
    {"skipping analyze of ", "", Event::kAutovacuumSkipped},
    {"canceling autovacuum task", "", Event::kAutovacuumCanceled},
    {"temporary file size exceeds", "", Event::kTempFileLimit},
    {"temporary file: ", "", Event::kTempFile},
    {"out of memory", "", Event::kOutOfMemory},
    {"invalid memory alloc request size", "", Event::kOutOfMemory},
    {"stack depth limit exceeded", "", Event::kOutOfMemory},
    {"out of shared memory", "", Event::kOutOfLockMemory},
    {"could not resize shared memory", "", Event::kOutOfMemory},
    {"checkpoint starting:", "", Event::kCheckpointStarting},
    {"restartpoint starting:", "", Event::kCheckpointStarting},
    {"checkpoint complete:", "", Event::kCheckpointComplete},
    {"restartpoint complete:", "", Event::kCheckpointComplete},
    {"checkpoints are occurring too frequently", "", Event::kCheckpointsTooFrequent},
    {"archive command ", "failed", Event::kArchiveFailed},
    {"archive command was terminated", "", Event::kArchiveFailed},
    {"archiving write-ahead log file", "failed too many", Event::kArchiveFailed},
    {"requested WAL segment ", "has already been removed", Event::kWalMissing},
    {"automatic analyze of table ", "", Event::kAutoanalyze},
    {"automatic vacuum ", "", Event::kAutovacuum},
    {"automatic aggressive vacuum ", "", Event::kAutovacuum},
    {"finished vacuuming ", "", Event::kVacuum},
    {"finished analyzing ", "", Event::kVacuum},
    {"bypassing nonessential maintenance", "", Event::kWraparound},
    {"oldest xmin is far in the past", "", Event::kWraparound},
    {"cutoff for removing and freezing", "", Event::kWraparound},
    {"database ", " must be vacuumed within ", Event::kWraparound},
    {"database is not accepting commands", "", Event::kWraparound},
    {"MultiXactId wrap limit", "", Event::kWraparound},
    {"transaction ID wrap limit", "", Event::kWraparound},
    {"canceling statement due to statement timeout", "", Event::kStatementTimeout},
    {"canceling statement due to user request", "", Event::kCanceled},
    {"canceling statement due to conflict with recovery", "", Event::kRecoveryConflict},
    {"recovery still waiting", "", Event::kRecoveryConflict},
    {"recovery finished waiting", "", Event::kRecoveryConflict},
    {"could not serialize access", "", Event::kSerializationFailure},
    {"current transaction is aborted", "", Event::kTransactionAborted},
    {"syntax error", "", Event::kSyntaxError},
    {"unterminated quoted", "", Event::kSyntaxError},
    {"duplicate key value violates unique constraint", "", Event::kUniqueViolation},
    {"null value in column", "", Event::kNotNullViolation},
    {"new row for relation", "violates check constraint", Event::kCheckViolation},
    {"conflicting key value violates exclusion", "", Event::kExclusionViolation},
    {"insert or update on table", "violates foreign key", Event::kForeignKeyViolation},
    {"update or delete on table", "foreign key", Event::kForeignKeyViolation},
    {"permission denied", "", Event::kPermissionDenied},
    {"must be owner of", "", Event::kPermissionDenied},
    {"invalid input syntax", "", Event::kInvalidInput},
    {"invalid input value", "", Event::kInvalidInput},
    {"value too long for type", "", Event::kInvalidInput},
    {"division by zero", "", Event::kDivisionByZero},
    {"", "No space left on device", Event::kDiskFull},
    {"could not extend file", "", Event::kDiskFull},
    {"page verification failed", "", Event::kCorruption},
    {"invalid page in block", "", Event::kCorruption},
    {"could not read block", "", Event::kIoError},
    {"could not fsync", "", Event::kIoError},
    {"could not write ", "", Event::kIoError},
    {"starting PostgreSQL", "", Event::kStartup},
    {"listening on ", "", Event::kStartup},
    {"database system is ready to accept", "", Event::kStartup},
    {"database system was shut down", "", Event::kStartup},
    {"redirecting log output", "", Event::kStartup},
    {"ending log output", "", Event::kStartup},
    {"database system was interrupted", "", Event::kCrash},
    {"database system was not properly shut down", "", Event::kCrash},
    {"terminating any other active server processes", "", Event::kCrash},
    {"all server processes terminated; reinitializing", "", Event::kCrash},
    {"", " was terminated by signal ", Event::kCrash},
    {"received smart shutdown", "", Event::kShutdown},
    {"received fast shutdown", "", Event::kShutdown},
    {"received immediate shutdown", "", Event::kShutdown},
    {"aborting any active transactions", "", Event::kShutdown},
    {"shutting down", "", Event::kShutdown},
    {"database system is shut down", "", Event::kShutdown},
    {"background worker ", "exited with exit code", Event::kShutdown},
    {"autovacuum launcher ", "", Event::kShutdown},
    {"logical replication launcher", "", Event::kShutdown},
    {"", " exited with exit code ", Event::kCrash},
    {"redo starts at", "", Event::kRecovery},
    {"redo done at", "", Event::kRecovery},
    {"redo is not required", "", Event::kRecovery},
    {"consistent recovery state reached", "", Event::kRecovery},
    {"invalid record length at", "", Event::kRecovery},
    {"last completed transaction", "", Event::kRecovery},
    {"recovery restart point", "", Event::kRecovery},
    {"restored log file", "", Event::kRecovery},
    {"selected new timeline", "", Event::kRecovery},
    {"received promote request", "", Event::kRecovery},
    {"archive recovery complete", "", Event::kRecovery},
    {"received SIGHUP", "", Event::kConfiguration},
    {"parameter \"", "", Event::kConfiguration},
    {"configuration file ", "", Event::kConfiguration},
    {"received replication command", "", Event::kReplication},
    {"started streaming WAL", "", Event::kReplication},
    {"could not receive data from WAL stream", "", Event::kReplication},
    {"terminating walsender", "", Event::kReplication},
    {"starting logical decoding", "", Event::kReplication},
    {"logical decoding found", "", Event::kReplication},
    {"invalidating ", "slot", Event::kReplication},
    {"standby \"", "", Event::kReplication},
    {"logical replication ", "", Event::kReplication},
    {"fastpath function call", "", Event::kStatement},
    {"relation \"", "does not exist", Event::kUndefinedObject},
    {"column ", "does not exist", Event::kUndefinedObject},
    {"function ", "does not exist", Event::kUndefinedObject},
    {"schema ", "does not exist", Event::kUndefinedObject},
    {"operator ", "does not exist", Event::kUndefinedObject},
    {"type ", "does not exist", Event::kUndefinedObject},
    {"database ", "does not exist", Event::kAuthenticationFailed},
    {"role ", "does not exist", Event::kAuthenticationFailed},
    {"missing FROM-clause entry", "", Event::kUndefinedObject},
};

struct StateRule {
  std::string_view begins;
  Event event;
};
constexpr StateRule kStateRules[] = {
    {"23505", Event::kUniqueViolation},
    {"23503", Event::kForeignKeyViolation},
    {"23502", Event::kNotNullViolation},
    {"23514", Event::kCheckViolation},
    {"23P01", Event::kExclusionViolation},
    {"40P01", Event::kDeadlock},
    {"42601", Event::kSyntaxError},
    {"42501", Event::kPermissionDenied},
    {"42P01", Event::kUndefinedObject},
    {"42703", Event::kUndefinedObject},
    {"42883", Event::kUndefinedObject},
    {"42704", Event::kUndefinedObject},
    {"3F000", Event::kUndefinedObject},
    {"25P02", Event::kTransactionAborted},
    {"25P03", Event::kIdleInTransactionTimeout},
    {"57P05", Event::kIdleSessionTimeout},
    {"25P04", Event::kTransactionTimeout},
    {"57P03", Event::kServerNotReady},
    {"57P01", Event::kAdministratorCommand},
    {"53300", Event::kTooManyConnections},
    {"53100", Event::kDiskFull},
    {"28", Event::kAuthenticationFailed},
    {"22012", Event::kDivisionByZero},
    {"22", Event::kInvalidInput},
    {"P0001", Event::kRaised},
    {"XX001", Event::kCorruption},
    {"XX002", Event::kCorruption},
};

bool ByMessage(std::string_view message, Event* event) {
  if (message.empty()) return false;
  for (const MessageRule& rule : kMessageRules) {
    // Most rules fall here, by one byte.
    if (!rule.begins.empty() && rule.begins.front() != message.front()) continue;
    if (!message.starts_with(rule.begins)) continue;
    if (!rule.holds.empty() && message.find(rule.holds) == message.npos) continue;
    *event = rule.event;
    return true;
  }
  return false;
}

bool BeginsStatement(std::string_view message) {
  return message.starts_with("statement: ") ||
         (message.starts_with("execute ") && message.find(": ") != message.npos);
}

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string_view EventName(Event event) { return kNames[static_cast<size_t>(event)]; }

Event ClassifyRecord(const LogRecord& record) {
  const std::string_view message = record.message;
  if (record.level == LogLevel::kLog) {
    if (message.starts_with("duration: ")) {
      const size_t ms = message.find(" ms", 10);
      const bool plan = ms != message.npos && message.substr(ms + 3).starts_with("  plan:");
      return plan ? Event::kPlan : Event::kStatement;
    }
    if (BeginsStatement(message)) return Event::kStatement;
  }
  Event event = Event::kUnrecognized;
  if (record.level >= LogLevel::kError && record.sqlstate.size() == 5) {
    for (const StateRule& rule : kStateRules) {
      if (record.sqlstate.starts_with(rule.begins)) return rule.event;
    }
  }
  if (ByMessage(message, &event)) return event;
  if (record.level >= LogLevel::kError) return Event::kOtherError;
  if (record.level == LogLevel::kWarning) return Event::kOtherWarning;
  return Event::kUnrecognized;
}

std::string FoldMessage(std::string_view message) {
  message = message.substr(0, 400);
  std::string folded;
  bool word = false;
  for (size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    if (c == '"') {
      const size_t close = message.find('"', i + 1);
      folded += "\"…\"";
      if (close == message.npos) break;
      i = close;
    } else if (c == '\n') {
      break;
    } else if (IsDigit(c) && !word) {
      while (i + 1 < message.size() &&
             (IsDigit(message[i + 1]) ||
              (message[i + 1] == '.' && i + 2 < message.size() && IsDigit(message[i + 2])))) {
        ++i;
      }
      folded += '#';
    } else {
      folded += c;
    }
    word = IsLetter(message[i]) || (word && IsDigit(message[i]));
  }
  // The standard error writer's position differs for every text.
  if (const size_t at = folded.rfind(" at character #"); at != folded.npos) folded.resize(at);
  return folded;
}

}  // namespace pgsift
