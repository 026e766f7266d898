#ifndef PGSIFT_REPORTS_JSON_HEALTH_H_
#define PGSIFT_REPORTS_JSON_HEALTH_H_

#include "base/health.h"
#include "base/json_writer.h"

namespace pgsift {

// Writes the key `health` and its object.
void WriteJsonHealth(const HealthReport& health, JsonWriter* json);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_JSON_HEALTH_H_
