#ifndef PGSIFT_INGEST_LOG_REPORTED_VALUES_H_
#define PGSIFT_INGEST_LOG_REPORTED_VALUES_H_

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "ingest/log/workload_totals.h"

// Members of a JSON report's objects; what is missing is 0 or empty. Only reported_*.cc include
// this.

namespace pgsift::reported {

using simdjson::dom::element;

inline double Number(element object, std::string_view key) {
  double number = 0;
  return object[key].get(number) == simdjson::SUCCESS ? number : 0;
}

inline uint64_t Count(element object, std::string_view key) {
  return static_cast<uint64_t>(std::max(0.0, Number(object, key)));
}

inline int64_t Us(element object, std::string_view key) {
  return static_cast<int64_t>(std::llround(Number(object, key) * 1000));
}

inline std::string Text(element object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

inline int64_t Time(element object, std::string_view key) {
  absl::Time time;
  std::string error;
  const std::string text = Text(object, key);
  return absl::ParseTime(absl::RFC3339_full, text, &time, &error) ? absl::ToUnixMicros(time) : 0;
}

inline std::vector<NameCount> Names(element object, std::string_view key) {
  std::vector<NameCount> names;
  simdjson::dom::object counts;
  if (object[key].get(counts) != simdjson::SUCCESS) return names;
  for (const auto& [name, value] : counts) {
    double number = 0;
    if (value.get(number) == simdjson::SUCCESS) {
      names.push_back({std::string(name), static_cast<uint64_t>(std::max(0.0, number))});
    }
  }
  return names;
}

// Calls visit(element) with each item of a list.
template <typename Visit>
void Each(element object, std::string_view key, const Visit& visit) {
  simdjson::dom::array items;
  if (object[key].get(items) != simdjson::SUCCESS) return;
  for (element item : items) visit(item);
}

}  // namespace pgsift::reported

#endif  // PGSIFT_INGEST_LOG_REPORTED_VALUES_H_
