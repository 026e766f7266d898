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

// The queries of the views and routines that dumps of a schema define: what a log may not show
// under their own text. Those of migrations are met statement by statement.
ObservedQueries ObserveSchema(const Catalog& catalog, const SourceSet& sources);

// The queries that a statement of a file holds: itself, that of the view or table that it makes,
// the statements of the body of the routine that it creates or runs as DO. The result views the
// file's text and the statement's tree.
ObservedQueries ObserveStatement(const Statement& statement, const Catalog& catalog);

// It reads the system catalogs and nothing else: a tool's own query, of no interest to anyone.
bool ReadsCatalogsOnly(const ObservedQuery& query);

}  // namespace pgsift

#endif  // PGSIFT_RULES_OBSERVED_QUERIES_H_
