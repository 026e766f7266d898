#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/pipeline.h"

namespace pgsift {

// What each statement of a migration endangers.
int RunLint(const Options& options, const Config& config) {
  Pipeline pipeline(options, config);
  if (!SettingsUsable(pipeline)) return kExitUnusable;
  pipeline.Load(InputKind::kUnknown);
  pipeline.FoldSql(/*lint=*/true);
  std::string error;
  if (!pipeline.Finish(&error)) {
    Complain(error);
    return kExitUnusable;
  }
  Report report = pipeline.MakeReport();
  report.statements = pipeline.MakeStatements();
  return Conclude(&pipeline, report, options, config, "warning");
}

}  // namespace pgsift
