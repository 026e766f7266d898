#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/pipeline.h"

namespace pgsift {

// Workload, events, connections, slow patterns of server logs.
int RunLogs(const Options& options, const Config& config) {
  Pipeline pipeline(options, config);
  if (!SettingsUsable(pipeline)) return kExitUnusable;
  pipeline.Load(InputKind::kLog);
  pipeline.ReadLogFiles();
  pipeline.FoldSql(/*lint=*/false);
  pipeline.RunEvidence();
  std::string error;
  if (!pipeline.Finish(&error)) {
    Complain(error);
    return kExitUnusable;
  }
  Report report = pipeline.MakeReport();
  if (pipeline.has_workload()) report.workload = pipeline.MakeWorkload();
  return Conclude(&pipeline, report, options, config, "never");
}

}  // namespace pgsift
