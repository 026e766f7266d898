#ifndef PGSIFT_CLI_COMMANDS_COMMANDS_H_
#define PGSIFT_CLI_COMMANDS_COMMANDS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "base/source.h"
#include "cli/config.h"
#include "cli/options.h"

namespace pgsift {

// The commands, each in a file of its own. They write their answer and return the exit status.
int RunAnalyze(const Options& options, const Config& config);
int RunLint(const Options& options, const Config& config);
int RunLocks(const Options& options, const Config& config);
int RunLogs(const Options& options, const Config& config);
int RunMonitor(const Options& options, const Config& config);
// monitor --follow: the same again and again while logs grow; metrics are served where asked for.
int RunMonitorFollow(const Options& options, const Config& config);
int RunOptimize(const Options& options, const Config& config);
int RunMerge(const Options& options, const Config& config);
int RunPlans(const Options& options, const Config& config);
int RunIndexes(const Options& options, const Config& config);
int RunRules(const Options& options, const Config& config);
int RunSnapshot(const Options& options, const Config& config);

class Pipeline;
struct Report;

// What a command that reads inputs does with them.
struct Steps {
  InputKind assume = InputKind::kUnknown;  // What it takes its files for.
  bool logs = true;
  bool partials = false;  // Its paths are partials.
  bool lint = false;
  bool statements = false;  // Say what each statement of a migration does.
  bool evidence = true;
  bool base = false;               // Reads what --compare names.
  bool migrations_needed = false;  // Without any SQL there is nothing to answer.
  const char* fail_on = "never";   // Unless an option or the configuration says otherwise.
};

// Runs these steps, lets `sections` fill in what the command's report has beside inputs and
// findings, writes the report, and the baseline if asked for. Returns the exit status: it follows
// from what could be read and from the findings.
int RunSteps(const Options& options, const Config& config, const Steps& steps,
             const std::function<void(const Pipeline&, Report*)>& sections);

// --fix and --diff: fixes what can be fixed and writes it, or shows it. Returns the exit status if
// that is all there is to say; else the report of what is left follows.
std::optional<int> RunFixes(const Options& options, Pipeline* pipeline);

// Fills in what `monitor` has beside inputs and findings. Returns how many queries became worse
// since the run that --compare names.
size_t AddMonitorSections(const Pipeline& pipeline, const Options& options, Report* report);

// Whether a finding that is not suppressed is at or above `fail_on`, as --fail-on names it.
bool Fails(const std::vector<Finding>& findings, const std::string& fail_on);

// Leaves only the findings of one family.
void KeepFamily(RuleFamily family, Report* report);

}  // namespace pgsift

#endif  // PGSIFT_CLI_COMMANDS_COMMANDS_H_
