#include "cli/commands/commands.h"
#include "cli/pipeline.h"

namespace pgsift {

size_t AddMonitorSections(const Pipeline& pipeline, const Options& options, Report* report) {
  KeepFamily(RuleFamily::kServer, report);
  if (pipeline.has_workload()) report->workload = pipeline.MakeWorkload();
  report->health = pipeline.MakeHealth();
  size_t regressions = 0;
  if (!options.compare.empty()) regressions = pipeline.CompareWithBase(&*report->health);
  report->metrics = pipeline.MakeMetrics(*report->health);
  return regressions;
}

// Objectives, alerts, sessions and pools of logs and statistics.
int RunMonitor(const Options& options, const Config& config) {
  if (options.follow) return RunMonitorFollow(options, config);
  size_t regressions = 0;
  const auto sections = [&](const Pipeline& pipeline, Report* report) {
    regressions = AddMonitorSections(pipeline, options, report);
  };
  const int status = RunSteps(options, config, {.base = true}, sections);
  // A comparison is asked for by those who want to be told: only `never` keeps it quiet.
  const bool quiet = options.fail_on == "never" || options.fail_on == "error";
  return status == kExitClean && regressions > 0 && !quiet ? kExitFindings : status;
}

}  // namespace pgsift
