#ifndef PGSIFT_RULES_ADVISOR_ACCESS_MATCH_H_
#define PGSIFT_RULES_ADVISOR_ACCESS_MATCH_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/advisor/index_design.h"

namespace pgsift {

// A condition that a search may use: a need, or equality with a column of a table that was joined
// before.
struct AccessTerm {
  const Need* need = nullptr;  // Null: a join.
  std::string_view column;     // Of a join.
  double share = 1;
  bool arm = false;  // Of an OR: by itself it does not narrow the rows.
};

// How the conditions on a table fit one of its indexes.
struct AccessMatch {
  bool usable = false;   // Its predicate, if any, holds.
  bool bounded = false;  // The search has ends: it does not read the whole index.
  bool several = false;  // = ANY: rows come in several runs, each in order.
  bool arm_used = false;
  double boundary_share = 1, index_share = 1, searches = 1;
  double quals = 0, consumed = 0;
  // Keys bound to one value by an equality. IS NULL, too, leaves one value, but the planner does
  // not take rows for sorted behind it.
  std::set<std::string> equal;
  const Need* lossy = nullptr;  // GIN, GiST, BRIN: what is searched,
  double lossy_share = 1;       // and what it keeps.
};

AccessMatch MatchIndex(const IndexDesign& index, const std::vector<AccessTerm>& terms,
                       const TableFacts& table);

// Rows come out of the index as ORDER BY wants them, forwards or backwards.
bool GivesOrder(const IndexDesign& index, const AccessMatch& match,
                const std::vector<OrderKey>& wanted);

// The columns that a scan must bring when the index alone is read: what its predicate has tested
// already need not be looked at.
std::set<std::string> ColumnsRead(const Level& level, size_t table, const IndexDesign& index);
// The index alone answers for the table.
bool HoldsAll(const Level& level, size_t table, const IndexDesign& index);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_ACCESS_MATCH_H_
