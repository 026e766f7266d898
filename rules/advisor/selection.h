#ifndef PGSIFT_RULES_ADVISOR_SELECTION_H_
#define PGSIFT_RULES_ADVISOR_SELECTION_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/advisor/candidates.h"
#include "rules/advisor/statement_cost.h"

namespace pgsift {

// Writes to a table, all calls of the workload together.
struct TableWrites {
  double inserts = 0, updates = 0, deletes = 0;
  double unknown_calls = 0;  // Of statements that write nobody knows how many rows.
  std::map<std::string, double> column_updates;  // Of these, that set the column.
};

struct SelectionLimits {
  size_t indexes_max = 0;  // 0: as many as are worth it.
  double bytes_max = 0;    // 0: no limit.
  size_t per_table = 12;   // New ones.
  // What an index must save: a share of the workload's cost without any, or, if that is less, of
  // what it costs with the indexes chosen so far. By the former alone, all but the worst statements
  // would count for nothing.
  double benefit_min = 5e-4;
  double benefit_min_left = 1e-3;
  // Price of space: what indexes as large as the tables that the workload reads must save, measured
  // by the same two.
  double space_price = 0.06;
  double space_price_left = 1.35;
  // Stored columns count that much more: equal keys are no longer listed, updates are no longer
  // HOT.
  double include_price = 1.8;
};

// One statement with its weight.
struct WeighedStatement {
  const StatementCost* cost = nullptr;
  double weight = 1;  // Calls.
  size_t index = 0;   // The caller's.
};

struct ServedStatement {
  size_t index = 0;              // The caller's.
  double before = 0, after = 0;  // One call, with nothing new and with everything chosen.
  double saved = 0;              // All calls, by this index beyond those in front of it.
};

struct ChosenIndex {
  IndexDesign design;
  double saved = 0;        // Cost units of the whole workload, when it was chosen.
  double maintenance = 0;  // Cost units of all writes.
  std::vector<ServedStatement> serves;
};

struct RejectedIndex {
  IndexDesign design;
  double saved = 0;
  std::string reason;
};

struct Selection {
  std::vector<ChosenIndex> chosen;         // In the order in which they should be built.
  std::vector<RejectedIndex> rejected;     // The best of what was considered; a few.
  double cost_before = 0, cost_after = 0;  // Of the whole workload.
};

// What keeping the index up to date costs for those writes, in the planner's units.
double MaintenanceCost(const IndexDesign& design, const TableWrites& writes,
                       const TableFacts& facts);

// Chooses a set of indexes, on top of `existing`, for all statements together: greedy by what each
// saves beyond those already chosen, then what is not needed any more goes and better variants
// take its place.
Selection ChooseIndexes(const std::vector<WeighedStatement>& statements,
                        const std::vector<IndexDesign>& existing,
                        const std::map<const Relation*, TableWrites>& writes,
                        const CandidateContext& context, const CandidateRules& rules,
                        const SelectionLimits& limits, FactsOfTables* facts, size_t jobs);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_SELECTION_H_
