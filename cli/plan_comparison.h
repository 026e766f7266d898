#ifndef PGSIFT_CLI_PLAN_COMPARISON_H_
#define PGSIFT_CLI_PLAN_COMPARISON_H_

#include <span>
#include <vector>

#include "base/source.h"
#include "ingest/plan/plan.h"
#include "reports/plan_report.h"

namespace pgsift {

// From when on a plan is slower than another one.
struct PlanGate {
  double factor = 1.3;  // Times as long; of plans without times, times as costly.
  double ms = 1;        // And longer by more than this; of plans without times, costlier.
};

// Compares two plans of one query, node by node: nodes are aligned in order, by what they read and
// what they are.
PlanComparisonReport ComparePlans(const Plan& before, const Plan& after, const PlanGate& gate,
                                  const SourceSet& sources);

// The plans of `before` that have a partner in `after`: of the same query where both name theirs,
// else the one in the same place. Pairs of indexes.
std::vector<std::pair<size_t, size_t>> PairPlans(std::span<const Plan* const> before,
                                                 std::span<const Plan* const> after);

}  // namespace pgsift

#endif  // PGSIFT_CLI_PLAN_COMPARISON_H_
