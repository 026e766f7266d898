#ifndef PGSIFT_CLI_PLAN_COMPARISON_H_
#define PGSIFT_CLI_PLAN_COMPARISON_H_

#include <span>
#include <vector>

#include "base/source.h"
#include "ingest/plan/plan.h"
#include "reports/plan_report.h"

namespace pgsift {

// Compares two plans of one query, node by node: nodes are aligned in order, by what they read and
// what they are. Slower means: the whole takes kPlanSlowerFactor times as long and more than
// kPlanSlowerMs longer; of plans without times, costs that many times as much.
inline constexpr double kPlanSlowerFactor = 1.3;
inline constexpr double kPlanSlowerMs = 1;
PlanComparisonReport ComparePlans(const Plan& before, const Plan& after, const SourceSet& sources);

// The plans of `before` that have a partner in `after`: of the same query where both name theirs,
// else the one in the same place. Pairs of indexes.
std::vector<std::pair<size_t, size_t>> PairPlans(std::span<const Plan* const> before,
                                                 std::span<const Plan* const> after);

}  // namespace pgsift

#endif  // PGSIFT_CLI_PLAN_COMPARISON_H_
