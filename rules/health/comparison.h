#ifndef PGSIFT_RULES_HEALTH_COMPARISON_H_
#define PGSIFT_RULES_HEALTH_COMPARISON_H_

#include <vector>

#include "base/health.h"
#include "ingest/log/base_queries.h"
#include "rules/evidence.h"

namespace pgsift {

// Holds the log against an earlier run. A query that became slower by half and more, or fails more
// often, is an alert "regression"; one that is new and takes much of the time "new-query"; one
// that became faster "improvement", one that is gone "vanished-query", both of severity info.
// Returns how many are regressions. Queries with few calls on either side are left out.
size_t AddComparison(const Evidence& evidence, const std::vector<BaseQuery>& base,
                     HealthReport* health);

}  // namespace pgsift

#endif  // PGSIFT_RULES_HEALTH_COMPARISON_H_
