#include "cli/commands/commands.h"
#include "cli/pipeline.h"

namespace pgsift {

// One report over all inputs, evidence joined.
int RunAnalyze(const Options& options, const Config& config) {
  return RunSteps(options, config, {.lint = true}, [](const Pipeline& pipeline, Report* report) {
    if (pipeline.has_workload()) report->workload = pipeline.MakeWorkload();
    report->plans = pipeline.MakePlans();
    report->indexes = pipeline.MakeIndexAdvice();
    if (!pipeline.has_workload() && !pipeline.has_snapshot()) return;
    report->health = pipeline.MakeHealth();
    report->metrics = pipeline.MakeMetrics(*report->health);
  });
}

}  // namespace pgsift
