#ifndef PGSIFT_RULES_HEALTH_HEALTH_SETTINGS_H_
#define PGSIFT_RULES_HEALTH_HEALTH_SETTINGS_H_

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace pgsift {

// What one component of the health should be. Shares lie between 0 and 1.
struct Objective {
  std::string_view name;  // "p95_query_time".
  std::string_view unit;
  double target = 0;      // The score is 100 up to here,
  double limit = 0;       // falls in a straight line, and is 0 from here on.
  bool at_least = false;  // Higher is better.
  double weight = 1;      // 0: shown, not counted.
  std::string_view about;
};

// From when on an alert is raised. All are numbers, so that a configuration may set each.
struct AlertThreshold {
  std::string_view name;  // "extremely_slow_ms".
  double value = 0;
  std::string_view about;
};

// The objectives and thresholds there are, with their defaults, in the order of reports.
std::span<const Objective> DefaultObjectives();
std::span<const AlertThreshold> DefaultThresholds();

// What [monitor] of a pgsift.toml changes.
struct HealthSettings {
  struct Change {
    double target = 0, limit = 0, weight = 1;
    bool has_target = false, has_limit = false, has_weight = false;
  };
  std::map<std::string, Change, std::less<>> objectives;
  std::map<std::string, double, std::less<>> thresholds;
  double headroom = 1.3;  // Connections for each that are needed at the 99th percentile.

  // With the changes. REQUIRES: `name` is one of DefaultObjectives().
  Objective ObjectiveOf(std::string_view name) const;
  // REQUIRES: `name` is one of DefaultThresholds().
  double Threshold(std::string_view name) const;
};

}  // namespace pgsift

#endif  // PGSIFT_RULES_HEALTH_HEALTH_SETTINGS_H_
