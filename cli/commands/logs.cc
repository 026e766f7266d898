#include <algorithm>
#include <string_view>

#include "absl/strings/str_format.h"
#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/pipeline.h"

namespace pgsift {
namespace {

// A setting, and whether the log shows that it is on.
struct Advice {
  const char* setting;
  const char* why;
  bool seen;
};

bool Holds(const WorkloadReport& workload, std::string_view event) {
  return std::any_of(workload.events.begin(), workload.events.end(),
                     [event](const EventReport& each) { return each.name == event; });
}

// What only a setting makes the server write, and the log does not hold.
std::string AdviseSettings(const WorkloadReport& workload) {
  const auto any = [&](auto name) {
    return std::any_of(workload.queries.begin(), workload.queries.end(),
                       [name](const QueryReport& query) { return !(query.*name).empty(); });
  };
  const bool texts = std::any_of(workload.queries.begin(), workload.queries.end(),
                                 [](const QueryReport& query) { return query.timed; });
  const auto named = [](const std::vector<NamedCount>& names) {
    return std::any_of(names.begin(), names.end(),
                       [](const NamedCount& each) { return !each.name.empty(); });
  };
  const auto prefix = [&](auto name) {
    return !any(name) || std::any_of(workload.queries.begin(), workload.queries.end(),
                                     [&](const QueryReport& query) { return named(query.*name); });
  };
  const Advice all[] = {
      {"log_min_duration_statement = 0", "every statement with its time", texts},
      {"log_connections = on", "sessions, and how many at once",
       workload.connections.authorized > 0},
      {"log_disconnections = on", "how long sessions last",
       workload.connections.disconnections > 0},
      {"log_lock_waits = on", "who waits for whom",
       workload.locks.waits + workload.locks.acquired > 0},
      {"log_temp_files = 0", "what does not fit work_mem", workload.temp_files.count > 0},
      {"log_checkpoints = on", "why checkpoints come", workload.checkpoints.count > 0},
      {"log_autovacuum_min_duration = 0", "what autovacuum does",
       Holds(workload, "autovacuum") || Holds(workload, "autoanalyze")},
      {"log_line_prefix with %d", "the database of each statement",
       prefix(&QueryReport::databases)},
      {"log_line_prefix with %u", "the user of each statement", prefix(&QueryReport::users)},
      {"log_line_prefix with %a", "the application of each statement",
       prefix(&QueryReport::applications)},
      {"log_line_prefix with %m", "times", workload.first_us != 0},
  };
  std::string missing;
  for (const Advice& advice : all) {
    if (!advice.seen) missing += absl::StrFormat("%-34s -- %s\n", advice.setting, advice.why);
  }
  if (missing.empty()) return "-- the log holds all that pgsift reads\n";
  return "-- nothing in the log shows that these are set, or nothing of the kind happened:\n" +
         missing;
}

}  // namespace

// Workload, events, connections, slow patterns of server logs.
int RunLogs(const Options& options, const Config& config) {
  if (options.advise_settings) {
    Pipeline pipeline(options, config);
    for (const std::string& error : pipeline.setting_errors()) Complain(error);
    if (!pipeline.setting_errors().empty()) return kExitUnusable;
    pipeline.Load(InputKind::kLog);
    pipeline.ReadLogFiles({});
    for (const std::string& problem : pipeline.problems()) Complain(problem);
    if (!pipeline.has_workload()) return kExitUnusable;
    WriteStandardOutput(AdviseSettings(pipeline.MakeWorkload()));
    return pipeline.problems().empty() ? kExitClean : kExitUnusable;
  }
  return RunSteps(options, config, {.assume = InputKind::kLog},
                  [](const Pipeline& pipeline, Report* report) {
                    if (pipeline.has_workload()) report->workload = pipeline.MakeWorkload();
                  });
}

}  // namespace pgsift
