#ifndef PGSIFT_INGEST_PLAN_PLAN_READER_H_
#define PGSIFT_INGEST_PLAN_PLAN_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "ingest/plan/plan.h"

namespace pgsift {

// JSON nested deeper than this is refused: a plan node takes two levels.
inline constexpr size_t kPlanJsonDepthMax = 4000;

// A stretch that should have been a plan and could not be read.
struct PlanError {
  uint64_t line = 0;    // 1-based.
  uint64_t bytes = 0;   // That were passed over.
  std::string message;  // With the way out.
};

struct PlanReadResult {
  std::vector<Plan> plans;
  std::vector<PlanError> errors;
};

// Reads every EXPLAIN (FORMAT JSON) plan of a text: one array, one object, several documents one
// after the other or one per line, with or without psql's frame around them. Times are computed.
// What cannot be read is in `errors`; the rest is read. Never fails.
PlanReadResult ReadPlans(std::string_view text, FileId file);

// The text looks like EXPLAIN output of a format that ReadPlans reads.
bool LooksLikePlan(std::string_view text);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_READER_H_
