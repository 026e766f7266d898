#ifndef PGSIFT_CLI_COMMANDS_COMMANDS_H_
#define PGSIFT_CLI_COMMANDS_COMMANDS_H_

#include "cli/config.h"
#include "cli/options.h"

namespace pgsift {

// The commands, each in a file of its own. They write their answer and return the exit status.
int RunAnalyze(const Options& options, const Config& config);
int RunLint(const Options& options, const Config& config);
int RunLogs(const Options& options, const Config& config);
int RunPlans(const Options& options, const Config& config);
int RunIndexes(const Options& options, const Config& config);
int RunRules(const Options& options, const Config& config);
int RunSnapshot(const Options& options, const Config& config);

class Pipeline;
struct Report;

// What the commands have in common: complaints about settings (false: exit with kExitUnusable) …
bool SettingsUsable(const Pipeline& pipeline);
// … and the end: the report is written, the baseline too if asked for, problems are said, and the
// exit status follows from the findings and `fail_on` (the command's default).
int Conclude(Pipeline* pipeline, const Report& report, const Options& options, const Config& config,
             const char* fail_on);

}  // namespace pgsift

#endif  // PGSIFT_CLI_COMMANDS_COMMANDS_H_
