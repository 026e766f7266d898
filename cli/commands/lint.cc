#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/pipeline.h"

namespace pgsift {

namespace {

// Only JSON shows what each statement does; the other formats are spared the work.
bool ShowsStatements(const Options& options) {
  if (options.format == "json") return true;
  return std::any_of(options.outputs.begin(), options.outputs.end(),
                     [](const std::string& path) { return FormatByEnding(path) == Format::kJson; });
}

}  // namespace

// What each statement of a migration endangers.
int RunLint(const Options& options, const Config& config) {
  return RunSteps(options, config,
                  {.logs = false,
                   .lint = true,
                   .statements = ShowsStatements(options),
                   .evidence = false,
                   .migrations_needed = true,
                   .fail_on = "warning"},
                  [](const Pipeline& pipeline, Report* report) {
                    report->statements = pipeline.MakeStatements();
                  });
}

}  // namespace pgsift
