#ifndef PGSIFT_BASE_HEALTH_H_
#define PGSIFT_BASE_HEALTH_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/rule_info.h"

namespace pgsift {

// How a server does, by its logs and statistics: the `health` section of a report. Times are
// microseconds since the Unix epoch, 0 where they are not known; shares lie between 0 and 1.

// One thing that was measured, and what it should be.
struct HealthComponent {
  std::string name;  // "p95_query_time": snake case; stable.
  double value = 0;
  std::string unit;       // "ms", "ratio", "per_hour".
  double target = 0;      // The score is 100 up to here,
  double limit = 0;       // and 0 from here on.
  bool at_least = false;  // The value should be at least the target; else at most.
  double weight = 1;
  double score = 0;    // 0 to 100.
  std::string source;  // "log", "snapshot".
  std::string about;   // What the value is, in words.
};

// Something that went wrong for a while. What belongs together is one alert.
struct HealthAlert {
  std::string name;  // "error-burst".
  Severity severity = Severity::kWarning;
  std::string message;
  int64_t begin_us = 0, end_us = 0;
  double peak = 0;
  std::string peak_unit;  // "per_minute", "ms".
  uint64_t count = 0;
  std::string path;  // Of the input that shows it first, and where.
  uint64_t line = 0;
  std::vector<std::string> details;  // The chain of blockers, the messages.
};

// Sessions at one moment, or the most in a stretch of time.
struct SessionsAt {
  int64_t time_us = 0;
  double open = 0;
  double active = -1, idle = -1, idle_in_transaction = -1;  // -1: not known.
};

// What one application's sessions do, and the pool that it needs.
struct PoolHealth {
  std::string name;
  double opened = -1, closed = -1, left_open = -1;  // -1: the log does not say.
  double open_max = -1;
  double calls_per_second = 0, service_ms = 0;
  double busy_mean = 0, busy_p50 = 0, busy_p99 = 0, busy_max = 0;  // Statements at once.
  uint64_t needed = 0;                                             // Connections, with head room.
};

struct HealthReport {
  double score = 100;
  std::vector<HealthComponent> components;
  std::vector<HealthAlert> alerts;  // Gravest first, then by time.
  std::vector<SessionsAt> sessions;
  std::vector<PoolHealth> pools;   // Busiest first.
  std::vector<std::string> notes;  // What limits the figures: counters reset, …
};

// One figure for a time series database, with Prometheus's names and base units.
struct MetricSample {
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
  std::string suffix = {};  // "_sum", "_count": of a summary.
};
struct MetricFamily {
  std::string name;  // "pgsift_query_seconds_total".
  std::string help;
  std::string type;  // "gauge", "counter", "summary".
  std::vector<MetricSample> samples;
};

// One statement of the maintenance script.
struct MaintenanceStep {
  std::string sql;                   // Complete, with its semicolon.
  std::string rule;                  // "SRV006 vacuum-overdue".
  std::string why;                   // The finding's message.
  std::vector<std::string> effects;  // The locks it takes, and how long.
  std::string section;               // Steps of one section stand together.
  bool by_hand = false;              // Written as a comment: to be thought over first.
};

}  // namespace pgsift

#endif  // PGSIFT_BASE_HEALTH_H_
