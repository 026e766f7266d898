#include "cli/commands/commands.h"
#include "cli/pipeline.h"

namespace pgsift {

// Duplicate, redundant and missing indexes of a schema, with SQL.
int RunIndexes(const Options& options, const Config& config) {
  return RunSteps(options, config, {}, [](const Pipeline& pipeline, Report* report) {
    KeepFamily(RuleFamily::kIndex, report);
    report->indexes = pipeline.MakeIndexAdvice();
  });
}

}  // namespace pgsift
