#ifndef PGSIFT_RULES_OBSERVED_QUERIES_H_
#define PGSIFT_RULES_OBSERVED_QUERIES_H_

#include <memory>
#include <vector>

#include "rules/evidence.h"

namespace pgsift {

using ObservedQueries = std::vector<std::unique_ptr<ObservedQuery>>;

// The query shapes of a log, most time first, taken apart against `catalog` on up to `jobs`
// threads.
ObservedQueries ObserveLog(const Workload& workload, const Catalog& catalog,
                           const SourceSet& sources, size_t jobs);

// The queries of the schema's views: what the log may not show under their own text.
ObservedQueries ObserveViews(const Catalog& catalog, const SourceSet& sources);

}  // namespace pgsift

#endif  // PGSIFT_RULES_OBSERVED_QUERIES_H_
