#ifndef PGSIFT_REPORTS_STATEMENT_REPORT_H_
#define PGSIFT_REPORTS_STATEMENT_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pgsift {

// A lock of a statement, as reports show it.
struct LockReport {
  std::string relation;       // "public.orders".
  std::string kind;           // "table", "index" …
  std::string mode;           // As in pg_locks: "AccessExclusiveLock".
  std::string letters;        // "AX": for narrow columns.
  int strength = 0;           // 1 ACCESS SHARE … 8 ACCESS EXCLUSIVE.
  std::string held_until;     // "statement", "commit", "rollback", "rollback to savepoint".
  uint64_t until_line = 0;    // Line of the statement that ends it; 0: the end of the file.
  bool created_here = false;  // The relation is new in this file: nobody else uses it yet.
};

// A relation that is worked through, and why.
struct WorkReport {
  std::string relation;
  std::string why;
};

// How long the work takes, from the sizes of a snapshot.
struct EstimateReport {
  double bytes_read = 0;
  double bytes_written = 0;
  double seconds_min = 0;
  double seconds_max = 0;
  std::vector<std::string> assumptions;
  std::vector<std::string> without_size;  // Relations that the snapshot does not have.
};

// Who would wait, from a log.
struct BlastReport {
  std::string relation;
  std::string mode;
  // Statements a second on the relation that would wait, by kind: "SELECT", "INSERT" …
  struct Rate {
    std::string kind;
    double per_second = 0;
  };
  std::vector<Rate> waiting;
  double per_second = 0;
  // The usual longest transaction that the lock itself waits behind, or the statement, where none
  // of several statements is longer.
  double behind_seconds = 0;
  bool behind_transaction = false;
  double held_seconds_min = 0, held_seconds_max = 0;  // The statement's own work.
  double queue_min = 0, queue_max = 0;                // Statements waiting when it is over.
};

// One statement of a migration, as the `statements` section shows it.
struct StatementReport {
  std::string path, sql, kind;
  uint64_t line = 0;
  uint32_t index = 0;        // In its file, from 0.
  int64_t transaction = -1;  // Which BEGIN … COMMIT of its file, from 0; -1: none.
  uint64_t repeats = 0;      // As many more behind it differ in nothing but their rows' literals.
  std::string error;         // Why it was not analyzed; empty: it was.

  // What it does to relations.
  struct EffectsReport {
    std::vector<LockReport> locks;
    std::vector<WorkReport> rewrites, scans, index_builds;
    std::vector<std::string> blocks;  // "reads", "writes" …: what waits for its strongest lock.
    bool waits_for_transactions = false;
    bool transaction_block = true;  // May run in BEGIN … COMMIT.
    std::string lock_timeout;       // As the file sets it; empty: not set.
    std::vector<std::string> unknown;
    std::vector<std::string> assumed;
    std::optional<EstimateReport> estimate;
    std::vector<BlastReport> blast_radius;
  };
  std::optional<EffectsReport> effects;
};

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_STATEMENT_REPORT_H_
