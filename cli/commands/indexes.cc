#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/pipeline.h"

namespace pgsift {

// Duplicate, redundant and missing indexes of a schema, with SQL.
int RunIndexes(const Options& options, const Config& config) {
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
    return FamilyOf(*finding.rule) != RuleFamily::kIndex;
  });
  report.indexes = pipeline.MakeIndexAdvice();
  return Conclude(&pipeline, report, options, config, "never");
}

}  // namespace pgsift
