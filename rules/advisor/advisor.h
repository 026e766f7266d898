#ifndef PGSIFT_RULES_ADVISOR_ADVISOR_H_
#define PGSIFT_RULES_ADVISOR_ADVISOR_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/advisor/selection.h"
#include "rules/evidence.h"

namespace pgsift {

struct AdvisorLimits {
  SelectionLimits selection;
  CandidateRules candidates;
  // Where no size of a table is known: a statement that is quicker needs no index.
  double mean_ms_min = 0.5;
  // Statements that are weighed: those that took the most time. The rest rarely asks for an index
  // that none of these does, and the choice would take minutes.
  size_t statements_max = 3000;
  size_t jobs = 1;
};

// A statement of the workload with its cost for one call, without and with all proposals.
struct ServedQuery {
  const ObservedQuery* query = nullptr;  // Lives as long as the advice; may be of a plan.
  double before = 0, after = 0;
  double saved_ms = 0;  // Of its time in the log, by this index.
};

enum class Confidence : uint8_t {
  kHigh,    // Statistics of the table's columns and a workload.
  kMedium,  // The table's size, from statistics or a plan, or times from a log.
  kLow,     // The schema alone.
};
std::string_view ConfidenceName(Confidence confidence);

// An index that should be created.
struct AdvisedIndex {
  IndexDesign design;
  std::string name, create_sql, drop_sql;
  std::string required_sql;               // To run first: CREATE EXTENSION; empty: nothing.
  std::vector<const Relation*> replaces;  // Existing indexes that are not needed beside it.
  std::vector<ServedQuery> queries;       // Most saved first.
  double calls = 0, total_ms = 0;         // Of these.
  double saved_ms = 0;                    // Of that time.
  double saved_share = 0;                 // Of the cost of the whole workload.
  double before = 0, after = 0;           // Costs of all calls of the queries.
  double writes = 0;                      // Rows written of the table, in the workload,
  double unknown_writes = 0;              // and statements that write an unknown number.
  double maintenance = 0;                 // What they cost more, in the planner's units.
  Confidence confidence = Confidence::kLow;
  double score = 0;                                // 0 to 100.
  const CatalogConstraint* foreign_key = nullptr;  // Proposed for this foreign key alone.
  // The plan that reads the table for such a query and throws most rows away; null: none.
  const Plan* plan = nullptr;
  size_t plan_node = 0;
  double rows_removed = 0, rows_kept = 0;
};

// All that was worked out from one run's evidence. Owns its text; points into the evidence.
struct IndexAdviceResult {
  std::vector<AdvisedIndex> indexes;  // In the order in which they should be built.
  std::vector<RejectedIndex> rejected;
  double cost_before = 0, cost_after = 0;
  size_t statements = 0;                    // Shapes that were weighed,
  size_t not_weighed = 0;                   // beyond AdvisorLimits::statements_max,
  size_t unparsed = 0;                      // that the grammar rejects,
  size_t without_calls = 0;                 // of which nothing is known but the text.
  std::vector<std::string> unknown_tables;  // That statements name and the schema lacks.
  bool from_statistics = false;             // The workload is pg_stat_statements.
  std::vector<std::unique_ptr<ObservedQuery>> own_queries;  // Made of statistics and plans.
};

// Reads the workload (a log, else pg_stat_statements of the statistics, and plans), works out the
// indexes that would help and chooses a set. Without any workload: indexes for foreign keys.
IndexAdviceResult AdviseIndexes(const Evidence& evidence, const AdvisorLimits& limits);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_ADVISOR_H_
