#ifndef PGSIFT_INGEST_PLAN_PLAN_TIMES_H_
#define PGSIFT_INGEST_PLAN_PLAN_TIMES_H_

#include "ingest/plan/plan.h"

namespace pgsift {

// Sets what Plan and PlanNode mark as worked out.
//
// Times are wall-clock time over all loops. What parallel processes did side by side counts once;
// InitPlans and CTEs are taken out of the nodes that wait for them; never-executed nodes take 0.
// The exclusive times of a plan add up to the root's inclusive time plus `detached_ms`, within
// EXPLAIN's rounding (0.001 ms a loop). Buffers, WAL and cost are shared out by the same walk.
//
// A node's share is that of its exclusive time in the execution time; of a plan without times, that
// of its own blocks; without these, that of its own cost.
void ComputeTimes(Plan* plan);

// The shape of a plan: its nodes, joins, relations and indexes, not its numbers and constants.
uint64_t PlanShape(const Plan& plan);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_TIMES_H_
