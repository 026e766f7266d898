#ifndef PGSIFT_INGEST_LOG_BASE_QUERIES_H_
#define PGSIFT_INGEST_LOG_BASE_QUERIES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/log/workload_totals.h"

namespace pgsift {

// What an earlier run over logs said of one query: enough to hold a later run against it.
struct BaseQuery {
  std::string id, query;
  uint64_t calls = 0, errors = 0;
  double mean_ms = 0, p95_ms = 0;
};

// Of a JSON report of `pgsift logs` or `analyze`. Returns false, with the reason in *error, if it
// is none, or has no workload.
bool ReadBaseReport(std::string_view json, std::vector<BaseQuery>* queries, std::string* error);
// Of a finished workload.
std::vector<BaseQuery> BaseOf(const WorkloadTotals& totals);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_BASE_QUERIES_H_
