#ifndef PGSIFT_RULES_EFFECTS_TRANSACTION_LOCKS_H_
#define PGSIFT_RULES_EFFECTS_TRANSACTION_LOCKS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rules/effects/effects.h"

namespace pgsift {

// A lock that the transaction has, and which statement of the file took it.
struct HeldLock {
  LockEffect lock;
  uint32_t statement = 0;  // Index in its file.
};

// What the session that runs a file holds, statement by statement: locks add up and are held until
// the transaction ends; ROLLBACK TO gives back what was taken since its savepoint. Feed it each
// statement after its effects are known. One per file; not thread-safe.
class TransactionLocks {
 public:
  void Apply(const Statement& statement, const Effects& effects);

  // Held before the next statement, in the order taken; a stronger mode on the same relation is an
  // entry of its own.
  const std::vector<HeldLock>& held() const { return held_; }
  LockMode ModeOn(const QualifiedName& name) const;
  // The setting that counts for the next statement, as it was written; empty: not set by the file.
  const std::string& lock_timeout() const {
    return local_timeout_.empty() ? lock_timeout_ : local_timeout_;
  }

 private:
  void Command(const TransactionCommand& command);

  std::vector<HeldLock> held_;
  std::vector<std::pair<std::string, size_t>> savepoints_;
  std::string lock_timeout_;
  std::string local_timeout_;
};

// When the locks of a statement are given back.
struct LockEnd {
  enum class Kind : uint8_t {
    kStatement,   // With the statement: it is its own transaction, or gives them back.
    kCommit,      // At COMMIT, or where the file's tool commits.
    kRollback,    // At ROLLBACK.
    kRollbackTo,  // At ROLLBACK TO SAVEPOINT.
  } kind = Kind::kStatement;
  uint32_t statement =
      0;  // Index of the statement that ends it; the last of the file for a tool's.
};
LockEnd EndOfLocks(const SqlFile& file, const Statement& statement);

}  // namespace pgsift

#endif  // PGSIFT_RULES_EFFECTS_TRANSACTION_LOCKS_H_
