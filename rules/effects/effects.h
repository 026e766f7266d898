#ifndef PGSIFT_RULES_EFFECTS_EFFECTS_H_
#define PGSIFT_RULES_EFFECTS_EFFECTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/rule_info.h"
#include "parser/catalog.h"
#include "rules/facts/lock_mode.h"

namespace pgsift {

// A lock that a statement takes on a relation that was there before it.
struct LockEffect {
  RelationId id = RelationId::kNone;  // kNone: the catalog does not have the relation.
  QualifiedName name;                 // With its schema; as it was before the statement.
  RelationKind kind = RelationKind::kTable;
  LockMode mode = LockMode::kNone;  // The strongest that the statement takes.
  // The statement gives the lock back at its end or between its own transactions (VACUUM,
  // CONCURRENTLY); else it is held until the transaction ends.
  bool released = false;
};

// A table or index that a statement works through.
struct WorkEffect {
  RelationId id = RelationId::kNone;
  QualifiedName name;
  std::string why;  // "every row is written anew: the default is volatile".
};

// Why PostgreSQL refuses a statement in BEGIN … COMMIT.
enum class BlockUse : uint8_t {
  kAllowed,
  kRefused,     // "cannot run inside a transaction block".
  kEndsItself,  // COMMIT, ROLLBACK, PREPARE TRANSACTION.
};

// What one statement does to relations, on servers of one release. What it makes itself (a new
// table, its indexes) is not listed as locked: nobody else can see it before it is committed.
// Owns its text.
struct Effects {
  std::vector<LockEffect> locks;     // One for each relation, in the order in which they are taken.
  std::vector<WorkEffect> rewrites;  // Tables and materialized views whose files are written anew.
  std::vector<WorkEffect> scans;     // Tables read whole: to verify, to rewrite, to build an index.
  std::vector<WorkEffect> builds;  // Indexes built over existing rows; `id` is kNone for new ones.
  // Waits for transactions that are older than itself, though they hold no lock that conflicts.
  bool waits_for_transactions = false;
  BlockUse block_use = BlockUse::kAllowed;
  // What decides the effects and cannot be known from files: whole sentences without a full stop.
  // Not empty: the lists above may lack something.
  std::vector<std::string> unknown;
  // What was taken for granted, in the same form: branches of a DO block that may not run.
  std::vector<std::string> assumed;

  LockMode ModeOn(RelationId id) const;
  LockMode ModeOn(const QualifiedName& name) const;
  bool Rewrites(const QualifiedName& name) const;
  bool Scans(const QualifiedName& name) const;
  LockMode Strongest() const;
};

// What `statement` does on a server of release `pg`, where `catalog` is the schema before it.
// Relations that the catalog does not have are named, and what cannot be known of them is said in
// `unknown`. Pure; may be called from any thread.
//
// Sources: AlterTableGetLockLevel and the functions behind it in src/backend/commands/tablecmds.c,
// and the commands' own files there; tests/server compares every statement of its corpus with what
// real servers do.
Effects EffectsOf(const Statement& statement, const Catalog& catalog, PgVersion pg);

}  // namespace pgsift

#endif  // PGSIFT_RULES_EFFECTS_EFFECTS_H_
