#ifndef PGSIFT_RULES_ADVISOR_CANDIDATES_H_
#define PGSIFT_RULES_ADVISOR_CANDIDATES_H_

#include <functional>
#include <vector>

#include "rules/advisor/index_design.h"
#include "rules/advisor/statement_cost.h"

namespace pgsift {

struct CandidateRules {
  double rows_min = 1000;  // Smaller tables are read whole.
  double pages_min = 10;
  size_t keys_max = 4;
  double share_partial = 0.25;  // A partial index holds at most this much of the table.
  size_t include_max = 5;       // Columns that are only stored,
  double include_width = 64;    // and their bytes.
};

struct CandidateContext {
  const Catalog* catalog = nullptr;
  // How often a statement of the workload compares the column: what is asked often comes first.
  std::function<double(const Relation&, const std::string&)> popularity;
  // Statements of the workload set the column: it should not be stored for its own sake.
  std::function<bool(const Relation&, const std::string&)> updated;
  // All calls of the statement have the same constants in this condition.
  std::function<bool(const Need&)> constant;
};

// The indexes that could help one statement: per table, its equalities, one range or the order, the
// joined columns, with what is only read stored beside them; partial, expression, GIN, GiST and
// BRIN ones where conditions ask for them. Sized; each once.
std::vector<IndexDesign> CandidatesOf(const StatementCost& statement,
                                      const CandidateContext& context, const CandidateRules& rules);

// What serves both: keys of one that begin those of the other, the stored columns of both. Empty:
// none does.
std::optional<IndexDesign> Merged(const IndexDesign& a, const IndexDesign& b,
                                  const TableFacts& facts, const CandidateRules& rules);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_CANDIDATES_H_
