#ifndef PGSIFT_RULES_ADVISOR_COVERING_COST_H_
#define PGSIFT_RULES_ADVISOR_COVERING_COST_H_

#include "rules/advisor/cost_model.h"

namespace pgsift {

// How much more a search may cost that reads `longer` in the place of `shorter`, whose keys it
// begins with: 0.05 is 5 %. The dearest of the searches that an index is made for: equal keys,
// ranges of several widths, the first rows in its order, all of it without the table.
double CoveringCost(const IndexDesign& shorter, const IndexDesign& longer, const TableFacts& table,
                    const CostSettings& settings);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_COVERING_COST_H_
