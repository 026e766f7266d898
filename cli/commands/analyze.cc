#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/pipeline.h"

namespace pgsift {

// One report over all inputs, evidence joined.
int RunAnalyze(const Options& options, const Config& config) {
  Pipeline pipeline(options, config);
  if (!SettingsUsable(pipeline)) return kExitUnusable;
  pipeline.Load(InputKind::kUnknown);
  pipeline.ReadLogFiles();
  pipeline.FoldSql(/*lint=*/true);
  pipeline.RunEvidence();
  std::string error;
  if (!pipeline.Finish(&error)) {
    Complain(error);
    return kExitUnusable;
  }
  Report report = pipeline.MakeReport();
  if (pipeline.has_workload()) report.workload = pipeline.MakeWorkload();
  report.plans = pipeline.MakePlans();
  report.indexes = pipeline.MakeIndexAdvice();
  return Conclude(&pipeline, report, options, config, "never");
}

}  // namespace pgsift
