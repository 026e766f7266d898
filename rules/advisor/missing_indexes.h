#ifndef PGSIFT_RULES_ADVISOR_MISSING_INDEXES_H_
#define PGSIFT_RULES_ADVISOR_MISSING_INDEXES_H_

#include <string>
#include <vector>

#include "rules/evidence.h"

namespace pgsift {

// An index that statements of a log, or nodes of plans, ask for and the schema does not have.
struct MissingIndex {
  const Relation* table = nullptr;
  std::vector<std::string> columns;  // Or expressions, as they stand in the index.
  std::vector<std::string> include;
  std::string where;  // Empty: not partial.
  std::string method = "btree";
  std::string name;
  std::string create_sql;                     // CREATE INDEX CONCURRENTLY …
  std::vector<const ObservedQuery*> queries;  // That it serves, most time first.
  uint64_t calls = 0;                         // Of these, in the log.
  double total_ms = 0;                        // Their time, in the log.
  // The plan that reads the table for such a query and throws most rows away; null: none was given.
  const Plan* plan = nullptr;
  size_t plan_node = 0;     // Index into its nodes.
  double rows_removed = 0;  // By the filter, all loops.
  double rows_kept = 0;
  double score = 0;  // 0 to 100: share of the log's time, raised by a plan that agrees.
};

struct MissingIndexLimits {
  double total_ms_min = 100;  // In the log, all calls; or a plan must agree.
  double calls_min = 10;      // In the log; or a plan must agree.
  double mean_ms_min = 1;     // A call quicker than this needs no index.
  double rows_removed_min = 10'000;
  double kept_share_max = 0.05;  // Of the rows that the scan reads.
};

// The best first. A statement asks for an index where it compares columns of a table with values
// and no valid index begins with any of them. Columns compared for equality come first, then one
// range. Candidates that are a prefix of another are merged into it.
std::vector<MissingIndex> FindMissingIndexes(const Evidence& evidence,
                                             const MissingIndexLimits& limits);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_MISSING_INDEXES_H_
