#ifndef PGSIFT_REPORTS_JSON_PLANS_H_
#define PGSIFT_REPORTS_JSON_PLANS_H_

#include <vector>

#include "base/json_writer.h"
#include "reports/plan_report.h"

namespace pgsift {

// Each writes its key ("plans", "plan_groups", "plan_comparisons") and the value into the object
// that is open.
void WriteJsonPlans(const std::vector<PlanReport>& plans, JsonWriter* json);
void WriteJsonPlanGroups(const std::vector<PlanGroupReport>& groups, JsonWriter* json);
void WriteJsonPlanComparisons(const std::vector<PlanComparisonReport>& comparisons,
                              JsonWriter* json);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_JSON_PLANS_H_
