#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/pipeline.h"

namespace pgsift {

// What each plan spends its time on, and why.
int RunPlans(const Options& options, const Config& config) {
  Pipeline pipeline(options, config);
  if (!SettingsUsable(pipeline)) return kExitUnusable;
  pipeline.Load(InputKind::kUnknown);
  pipeline.ReadLogFiles();
  pipeline.FoldSql(/*lint=*/false);
  pipeline.RunEvidence();
  std::string error;
  if (!pipeline.Finish(&error)) {
    Complain(error);
    return kExitUnusable;
  }
  Report report = pipeline.MakeReport();
  std::erase_if(report.findings, [](const Finding& finding) {
    return FamilyOf(*finding.rule) != RuleFamily::kPlan;
  });
  report.plans = pipeline.MakePlans();
  return Conclude(&pipeline, report, options, config, "never");
}

}  // namespace pgsift
