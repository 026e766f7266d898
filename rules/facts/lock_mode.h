#ifndef PGSIFT_RULES_FACTS_LOCK_MODE_H_
#define PGSIFT_RULES_FACTS_LOCK_MODE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace pgsift {

// PostgreSQL's table-level lock modes, weakest first, with the numbers of
// src/include/storage/lockdefs.h.
enum class LockMode : uint8_t {
  kNone = 0,
  kAccessShare = 1,
  kRowShare = 2,
  kRowExclusive = 3,
  kShareUpdateExclusive = 4,
  kShare = 5,
  kShareRowExclusive = 6,
  kExclusive = 7,
  kAccessExclusive = 8,
};

// As pg_locks.mode has it: "AccessExclusiveLock".
std::string_view LockModeName(LockMode mode);
// As LOCK TABLE and the documentation have it: "ACCESS EXCLUSIVE".
std::string_view LockModeSql(LockMode mode);
// One or two letters for narrow columns: "AS", "RS", "RX", "SU", "S", "SX", "X", "AX".
std::string_view LockModeLetters(LockMode mode);
std::optional<LockMode> LockModeByName(std::string_view name);

// Whether two sessions cannot hold these on one relation at the same time. Source: the table of
// conflicting lock modes in the documentation, "Explicit Locking"; LockConflicts in
// src/backend/storage/lmgr/lock.c.
bool Conflicts(LockMode a, LockMode b);

// What has to wait for a holder of `mode`, in the order of `What`.
enum class Blocked : uint8_t {
  kReads,        // SELECT, COPY TO: ACCESS SHARE.
  kRowLocks,     // SELECT … FOR UPDATE and its like, the check of a foreign key: ROW SHARE.
  kWrites,       // INSERT, UPDATE, DELETE, MERGE: ROW EXCLUSIVE.
  kVacuum,       // VACUUM, ANALYZE and online index builds: SHARE UPDATE EXCLUSIVE.
  kIndexBuilds,  // CREATE INDEX: SHARE.
  kDdl,          // ALTER TABLE and its like: ACCESS EXCLUSIVE.
};
std::vector<Blocked> BlockedBy(LockMode mode);
// "reads", "row locks", "writes", "vacuum", "index builds", "DDL".
std::string_view BlockedName(Blocked blocked);

}  // namespace pgsift

#endif  // PGSIFT_RULES_FACTS_LOCK_MODE_H_
