#include "cli/commands/commands.h"
#include "cli/pipeline.h"

namespace pgsift {

// What the findings ask to run on the server, as one script. Runs nothing.
int RunOptimize(const Options& options, const Config& config) {
  return RunSteps(options, config, {}, [](const Pipeline& pipeline, Report* report) {
    report->maintenance = pipeline.MakeMaintenance();
    report->indexes = pipeline.MakeIndexAdvice();
    if (pipeline.has_workload() || pipeline.has_snapshot()) report->health = pipeline.MakeHealth();
  });
}

}  // namespace pgsift
