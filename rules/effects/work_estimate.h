#ifndef PGSIFT_RULES_EFFECTS_WORK_ESTIMATE_H_
#define PGSIFT_RULES_EFFECTS_WORK_ESTIMATE_H_

#include <string>
#include <vector>

#include "ingest/snapshot/snapshot.h"
#include "rules/effects/effects.h"
#include "rules/evidence.h"

namespace pgsift {

// What a statement's rewrites, scans and index builds amount to.
struct WorkEstimate {
  double bytes_read = 0;
  double bytes_written = 0;
  double seconds_min = 0;
  double seconds_max = 0;
  std::vector<std::string> assumptions;   // Sentences without a full stop.
  std::vector<std::string> without_size;  // Relations of which the snapshot has no size.
};

// Reads and writes are the sizes of the snapshot. The times follow from a range of speeds for each
// kind of work (reading, writing anew, checking a foreign key, building an index by its method),
// which the estimate's assumptions state. `catalog` is the schema before the statement.
WorkEstimate EstimateWork(const Effects& effects, const Statement& statement,
                          const Catalog& catalog, const Snapshot& snapshot);

// Who waits for one lock of a statement.
struct BlastRadius {
  QualifiedName relation;
  LockMode mode = LockMode::kNone;
  // Statements of the log on the relation that would wait: "SELECT" and how many a second.
  std::vector<std::pair<std::string, double>> waiting;
  double per_second = 0;
  // What the lock itself has to wait for: the longest usual transaction that uses the relation. For
  // each query, how long 95 % of its transactions keep its locks, or 95 % of its executions take
  // where the log shows no transactions; of these the longest.
  double longest_seconds = 0;
  bool longest_is_transaction = false;  // It is more than one statement.
};

// For each lock that makes statements of the log wait, strongest first. `seconds` is the time that
// the log covers.
std::vector<BlastRadius> BlastRadiusOf(const Effects& effects,
                                       std::span<const std::unique_ptr<ObservedQuery>> queries,
                                       double seconds, const Catalog& catalog);

}  // namespace pgsift

#endif  // PGSIFT_RULES_EFFECTS_WORK_ESTIMATE_H_
