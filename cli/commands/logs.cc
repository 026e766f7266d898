#include "cli/commands/commands.h"
#include "cli/pipeline.h"

namespace pgsift {

// Workload, events, connections, slow patterns of server logs.
int RunLogs(const Options& options, const Config& config) {
  return RunSteps(options, config, {.assume = InputKind::kLog},
                  [](const Pipeline& pipeline, Report* report) {
                    if (pipeline.has_workload()) report->workload = pipeline.MakeWorkload();
                  });
}

}  // namespace pgsift
