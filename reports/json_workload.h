#ifndef PGSIFT_REPORTS_JSON_WORKLOAD_H_
#define PGSIFT_REPORTS_JSON_WORKLOAD_H_

#include "base/json_writer.h"
#include "reports/workload_report.h"

namespace pgsift {

// Writes the key "workload" and its value into the object that is open.
void WriteJsonWorkload(const WorkloadReport& workload, JsonWriter* json);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_JSON_WORKLOAD_H_
