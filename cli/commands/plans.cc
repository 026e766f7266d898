#include "cli/commands/commands.h"
#include "cli/pipeline.h"

namespace pgsift {

// What each plan spends its time on, and why.
int RunPlans(const Options& options, const Config& config) {
  return RunSteps(options, config, {}, [](const Pipeline& pipeline, Report* report) {
    KeepFamily(RuleFamily::kPlan, report);
    report->plans = pipeline.MakePlans();
  });
}

}  // namespace pgsift
