#ifndef PGSIFT_INGEST_LOG_REPORTED_SERVER_H_
#define PGSIFT_INGEST_LOG_REPORTED_SERVER_H_

#include <simdjson.h>

#include <string_view>
#include <vector>

#include "ingest/log/open_sessions.h"
#include "ingest/log/workload_totals.h"

// Internal to ingest/log/: what the `workload` of a JSON report says of the server and its
// sessions.

namespace pgsift {

// Connections (and the sessions over time, in `open`), transactions, locks, temporary files and
// checkpoints.
void ReadReportedServer(simdjson::dom::element report, WorkloadTotals* totals, OpenSessions* open);

// The messages of a list of the report.
void ReadReportedMessages(simdjson::dom::element report, std::string_view key,
                          std::vector<MessageStats>* messages);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_REPORTED_SERVER_H_
