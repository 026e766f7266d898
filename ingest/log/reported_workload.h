#ifndef PGSIFT_INGEST_LOG_REPORTED_WORKLOAD_H_
#define PGSIFT_INGEST_LOG_REPORTED_WORKLOAD_H_

#include <optional>
#include <string>
#include <string_view>

#include "ingest/log/partial.h"

namespace pgsift {

// Whether bytes begin as a JSON report does.
bool LooksLikeReport(std::string_view head);

// The workload of a JSON report of `pgsift logs` or `analyze`, as far as the report has it: the
// queries with their calls, times, errors and users; connections with the sessions over time,
// transactions, locks, temporary files and checkpoints; errors and messages; events as counts.
// Percentiles between those that the report gives lie on lines. What is in no report (who ran what
// after what) stays empty.
//
// To be merged like any other partial; its one file is the report itself, `path`. Nothing, with the
// reason and the way out in *error, if it is no report, or has no workload.
std::optional<Partial> ReadReportedWorkload(std::string_view json, std::string_view path,
                                            std::string* error);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_REPORTED_WORKLOAD_H_
