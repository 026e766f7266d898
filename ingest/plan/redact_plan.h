#ifndef PGSIFT_INGEST_PLAN_REDACT_PLAN_H_
#define PGSIFT_INGEST_PLAN_REDACT_PLAN_H_

#include <string>
#include <string_view>

#include "ingest/plan/plan.h"

namespace pgsift {

// Takes every literal out of a plan's query and conditions, and its parameters: '?' stands in their
// place, so that the texts stay SQL.
void RedactPlan(Plan* plan);

// The same for one text.
std::string WithoutLiterals(std::string_view sql);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_REDACT_PLAN_H_
