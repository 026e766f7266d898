#ifndef PGSIFT_RULES_PLAN_PLAN_REGRESSION_H_
#define PGSIFT_RULES_PLAN_PLAN_REGRESSION_H_

#include "base/finding.h"
#include "base/source.h"
#include "ingest/plan/plan.h"

namespace pgsift::plan_regression {

// The finding that `after` is slower than `before`, a plan of the same query.
Finding PlanRegressionFinding(const Plan& before, const Plan& after, const SourceSet& sources);

}  // namespace pgsift::plan_regression

#endif  // PGSIFT_RULES_PLAN_PLAN_REGRESSION_H_
