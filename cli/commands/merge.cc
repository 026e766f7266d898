#include "cli/commands/commands.h"
#include "cli/pipeline.h"

namespace pgsift {

// The report of all the logs that partials were written of.
int RunMerge(const Options& options, const Config& config) {
  return RunSteps(options, config, {.partials = true},
                  [](const Pipeline& pipeline, Report* report) {
                    if (pipeline.has_workload()) report->workload = pipeline.MakeWorkload();
                  });
}

}  // namespace pgsift
