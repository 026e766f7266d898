#ifndef PGSIFT_INGEST_PLAN_PLAN_TIMES_H_
#define PGSIFT_INGEST_PLAN_PLAN_TIMES_H_

#include "ingest/plan/plan.h"

namespace pgsift {

// Sets inclusive_ms and exclusive_ms of every node: wall-clock time over all loops, with parallel
// processes side by side counted once, InitPlans and CTEs counted where they are computed and taken
// out of the node that reads them, never-executed nodes 0. The exclusive times of a plan add up to
// the root's inclusive time, within EXPLAIN's rounding (0.001 ms a loop).
void ComputeTimes(Plan* plan);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_TIMES_H_
