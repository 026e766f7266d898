#ifndef PGSIFT_CLI_CONFIG_H_
#define PGSIFT_CLI_CONFIG_H_

#include <memory>
#include <string>
#include <vector>

#include "cli/custom_rules.h"
#include "cli/plan_comparison.h"
#include "ingest/migration/migration_files.h"
#include "rules/health/health_settings.h"
#include "rules/registry.h"

namespace pgsift {

// What a pgsift.toml says. Options of the command line win over it.
struct Config {
  std::string path;  // Empty: none was found.
  RuleSettings rules;
  MigrationSettings migrations;
  std::vector<std::unique_ptr<CustomRule>> custom_rules;  // Known to the list of rules, too.
  std::string pg_version;
  std::string schema;
  std::string baseline;
  std::string fail_on;
  HealthSettings health;  // [monitor].
  double slow_ms = -1;    // Negative: not given.
  std::string log_line_prefix;
  PlanGate plan_gate;  // [plans].
  // Problems, each one line with the file, the place and the way out. Not empty: exit status 2.
  std::vector<std::string> errors;
};

// Reads `path`; if it is empty, the nearest pgsift.toml from the working directory upwards, or
// nothing.
Config ReadConfig(const std::string& path);

}  // namespace pgsift

#endif  // PGSIFT_CLI_CONFIG_H_
