#ifndef PGSIFT_CLI_OPTIONS_H_
#define PGSIFT_CLI_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/rule_info.h"

namespace pgsift {

// What the command line asks for, as it stands there: nothing is opened or looked up yet.
struct Options {
  std::string command;
  std::vector<std::string> paths;

  // Output.
  std::string format;
  std::vector<std::string> outputs;  // -o; the ending chooses the format.
  std::string color = "auto";
  std::string progress = "auto";
  bool quiet = false;
  bool verbose = false;
  bool redact = false;
  size_t top = 10;

  // Context and rules.
  std::string schema, snapshot, workload;
  std::string pooler;  // pgbouncer.ini.
  std::string pg_version;
  std::string config;
  std::vector<std::string> select, ignore;
  std::string fail_on;
  std::string baseline, write_baseline;
  std::string stdin_filename;
  std::string changed_since;  // A revision of git.
  bool fix = false;           // Write what --diff would show.
  bool diff = false;
  bool unsafe_fixes = false;
  size_t jobs = 0;  // 0: all processors.

  // Logs.
  std::string since, until, log_line_prefix, log_format;
  std::vector<std::string> databases, users, applications, clients, include, exclude;
  double slow_ms = -1;  // Negative: not given.
  bool follow = false;
  std::string listen;    // Where metrics are served: "127.0.0.1:9187".
  double refresh_s = 5;  // How often what is followed is judged anew.
  std::string compare;   // A report or partial of an earlier run.
  bool advise_settings = false;
  std::string partial;          // Where to write what can be merged.
  size_t max_shapes = 0;        // 0: not given.
  double sample_rate = 0;       // 0: not given.
  double sample_above_ms = -1;  // Negative: not given.

  // indexes.
  size_t max_indexes = 0;     // 0: no limit.
  std::string max_size;       // "500MB"; empty: no limit.
  double max_size_bytes = 0;  // The same, read.
  std::string migrations;     // Folder for the statements as migrations; empty: none are written.
  bool hypopg = false;

  // plans.
  bool compare_plans = false;  // Those of the first path with those of the second.
  double slower_factor = 0;    // 0: not given.
  double slower_ms = -1;       // Negative: not given.

  // rules.
  std::string rule;
  std::string write_docs;
  bool test_rules = false;
};

// Exit statuses, as documented.
inline constexpr int kExitClean = 0;
inline constexpr int kExitFindings = 1;
inline constexpr int kExitUnusable = 2;

}  // namespace pgsift

#endif  // PGSIFT_CLI_OPTIONS_H_
