#include "cli/commands/commands.h"
#include "cli/pipeline.h"

namespace pgsift {

// What each statement of a migration endangers.
int RunLint(const Options& options, const Config& config) {
  return RunSteps(options, config,
                  {.logs = false, .lint = true, .statements = true, .evidence = false, .fail_on = "warning"},
                  [](const Pipeline& pipeline, Report* report) {
                    report->statements = pipeline.MakeStatements();
                  });
}

}  // namespace pgsift
