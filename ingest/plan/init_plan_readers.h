#ifndef PGSIFT_INGEST_PLAN_INIT_PLAN_READERS_H_
#define PGSIFT_INGEST_PLAN_INIT_PLAN_READERS_H_

#include <vector>

#include "ingest/plan/plan.h"

namespace pgsift {

// The nodes inside whose time an InitPlan or CTE was computed, those that it is most likely for
// first: the CTE Scans of a CTE; the nodes whose conditions name what an InitPlan returns; then
// what hangs around it, where nothing names it. Empty for one that no node waits for. REQUIRES:
// exclusive times are set.
std::vector<int> ReadersOf(const Plan& plan, const PlanNode& init);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_INIT_PLAN_READERS_H_
