#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/pipeline.h"
#include "rules/registry.h"

namespace pgsift {
namespace {

// The plans of the first path with those of the second; a plan that got slower is a finding.
int RunComparison(const Options& options, const Config& config) {
  if (options.paths.size() != 2) {
    Complain("--compare takes two paths: the plans before and the plans after");
    return kExitUnusable;
  }
  return RunSteps(
      options, config, {.fail_on = "warning"}, [](const Pipeline& pipeline, Report* report) {
        report->findings.clear();
        report->plan_comparisons = pipeline.ComparePlanFiles(&report->findings);
        if (report->plan_comparisons->empty()) {
          Complain("nothing to compare: each of the two paths must have a plan of the same query");
        }
      });
}

}  // namespace

// What each plan spends its time on, and why.
int RunPlans(const Options& options, const Config& config) {
  if (options.compare_plans) return RunComparison(options, config);
  return RunSteps(options, config, {}, [](const Pipeline& pipeline, Report* report) {
    KeepFamily(RuleFamily::kPlan, report);
    report->plans = pipeline.MakePlans();
    report->plan_groups = pipeline.MakePlanGroups();
    if (report->plan_groups->empty()) report->plan_groups.reset();
  });
}

}  // namespace pgsift
