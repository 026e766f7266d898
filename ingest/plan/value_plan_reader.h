#ifndef PGSIFT_INGEST_PLAN_VALUE_PLAN_READER_H_
#define PGSIFT_INGEST_PLAN_VALUE_PLAN_READER_H_

#include <string_view>

#include "ingest/plan/plan_reader.h"
#include "ingest/plan/plan_value.h"

namespace pgsift {

// Adds the plan that `statement` holds: an object with "Plan" and what stands beside it. Returns
// false if it holds none. What the plan is too large for is said in the result's errors.
bool AddPlan(const PlanValue& statement, PlanFormat format, bool truncated, FileId file,
             PlanReadResult* result);

// Readers of one format each: all plans of the text, whatever stands between them.
void ReadTextPlans(std::string_view text, FileId file, PlanReadResult* result);
void ReadYamlPlans(std::string_view text, FileId file, PlanReadResult* result);
void ReadXmlPlans(std::string_view text, FileId file, PlanReadResult* result);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_VALUE_PLAN_READER_H_
