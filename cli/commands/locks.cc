#include "cli/commands/commands.h"
#include "cli/pipeline.h"

namespace pgsift {

// What each statement of a migration locks, rewrites, scans and builds.
int RunLocks(const Options& options, const Config& config) {
  return RunSteps(options, config,
                  {.logs = true, .lint = false, .statements = true, .evidence = false},
                  [](const Pipeline& pipeline, Report* report) {
                    report->findings.clear();
                    report->statements = pipeline.MakeStatements();
                  });
}

}  // namespace pgsift
