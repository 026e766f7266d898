#ifndef PGSIFT_CLI_CONFIG_H_
#define PGSIFT_CLI_CONFIG_H_

#include <string>
#include <vector>

#include "rules/registry.h"

namespace pgsift {

// What a pgsift.toml says. Options of the command line win over it.
struct Config {
  std::string path;  // Empty: none was found.
  RuleSettings rules;
  std::string pg_version;
  std::string schema;
  std::string baseline;
  std::string fail_on;
  double slow_ms = -1;  // Negative: not given.
  std::string log_line_prefix;
  // Problems, each one line with the file, the place and the way out. Not empty: exit status 2.
  std::vector<std::string> errors;
};

// Reads `path`; if it is empty, the nearest pgsift.toml from the working directory upwards, or
// nothing.
Config ReadConfig(const std::string& path);

}  // namespace pgsift

#endif  // PGSIFT_CLI_CONFIG_H_
