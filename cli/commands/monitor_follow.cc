// `pgsift monitor --follow`: a dashboard, a file or an endpoint that keeps up with growing logs.

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>
#include <thread>

#include "absl/strings/str_format.h"
#include "cli/commands/commands.h"
#include "cli/metrics_server.h"
#include "cli/output.h"
#include "cli/pipeline.h"
#include "ingest/file/discovery.h"
#include "ingest/log/log_follower.h"

namespace pgsift {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLook = std::chrono::milliseconds(50);

std::atomic<bool> interrupted{false};

// The inputs of the command line: which are logs, to be followed, and which are read anew each
// time.
class FollowedInputs {
 public:
  FollowedInputs(const Options& options, LogFollower* follower)
      : paths_(options.paths), follower_(*follower) {}

  // Finds the logs that are there now. Returns what cannot be used.
  std::vector<std::string> Find() {
    std::vector<std::string> problems;
    SourceSet found;
    for (const std::string& path : paths_) {
      if (path == "-") {
        follower_.Add(path);
        ++logs_;
        continue;
      }
      struct stat status {};
      if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0) {
        follower_.Add(path);  // A log that nothing was written to yet.
        ++logs_;
        continue;
      }
      for (const DiscoveryProblem& problem : Discover({path}, {}, &found)) {
        problems.push_back(problem.message);
      }
    }
    others_.clear();
    for (size_t i = 0; i < found.size(); ++i) {
      const SourceFile& source = found[found.id(i)];
      if (!source.error.empty()) continue;
      if (source.kind != InputKind::kLog) {
        others_.push_back(source.path);
        continue;
      }
      follower_.Add(source.path);
      ++logs_;
    }
    return problems;
  }

  // Looks for logs that have come since, where a folder was given: servers begin files of new
  // names.
  void FindMore() {
    const bool folders = std::any_of(paths_.begin(), paths_.end(), [](const std::string& path) {
      std::error_code error;
      return std::filesystem::is_directory(path, error);
    });
    if (folders) Find();
  }

  bool any_log() const { return logs_ > 0; }
  const std::vector<std::string>& others() const { return others_; }
  // Changes when one of the other inputs does: statistics that were exported anew.
  std::string State(const Options& options) const {
    std::string state;
    std::vector<std::string> all = others_;
    all.insert(all.end(), {options.snapshot, options.schema, options.workload});
    for (const std::string& path : all) {
      struct stat status {};
      if (path.empty() || ::stat(path.c_str(), &status) != 0) continue;
      state += absl::StrFormat("%s %d %d.%09d\n", path, status.st_size, status.st_mtim.tv_sec,
                               status.st_mtim.tv_nsec);
    }
    return state;
  }

 private:
  const std::vector<std::string> paths_;
  LogFollower& follower_;
  std::vector<std::string> others_;
  size_t logs_ = 0;
};

// Who is told what was found, each time.
class Audience {
 public:
  Audience(const Options& options, MetricsServer* server) : options_(options), server_(server) {}

  // False, with a complaint made, if a file cannot be written.
  bool Tell(const Report& report, const std::string& problem) {
    if (server_ != nullptr) server_->Publish(Render(Format::kPrometheus, report, {}), problem);
    if (!options_.outputs.empty()) return WriteReport(report, options_);
    if (server_ != nullptr) return true;
    const std::string text = RenderForOutput(report, options_);
    // On a terminal the dashboard stays where it is.
    const bool terminal = ::isatty(STDOUT_FILENO) == 1 && options_.format.empty();
    WriteStandardOutput(terminal ? "\x1b[H\x1b[2J" + text : text);
    return true;
  }

 private:
  const Options& options_;
  MetricsServer* const server_;
};

// One look at everything. Returns the exit status that it would end with.
int Judge(const Options& options, const Config& config, const LogFollower& follower,
          Audience* audience) {
  Pipeline pipeline(options, config);
  pipeline.Load(InputKind::kUnknown);
  pipeline.ReadLogFiles({}, follower.Read());
  pipeline.ReadBase();
  pipeline.FoldSql({});
  pipeline.RunEvidence();
  std::string error;
  if (!pipeline.Finish(&error)) {
    Complain(error);
    return kExitUnusable;
  }
  Report report = pipeline.MakeReport();
  AddMonitorSections(pipeline, options, &report);
  std::string problem;
  for (const std::string& each : follower.Errors()) problem += (problem.empty() ? "" : "; ") + each;
  for (const std::string& each : pipeline.problems()) {
    problem += (problem.empty() ? "" : "; ") + each;
  }
  if (!audience->Tell(report, problem)) return kExitUnusable;
  const std::string& threshold = options.fail_on.empty() ? config.fail_on : options.fail_on;
  return Fails(report.findings, threshold.empty() ? "never" : threshold) ? kExitFindings
                                                                         : kExitClean;
}

}  // namespace

int RunMonitorFollow(const Options& options, const Config& config) {
  Pipeline settings(options, config);
  for (const std::string& error : settings.setting_errors()) Complain(error);
  if (!settings.setting_errors().empty()) return kExitUnusable;
  std::unique_ptr<MetricsServer> server;
  if (!options.listen.empty()) {
    std::string error;
    server = LoadMetricsServer(&error);
    if (server == nullptr || !server->Start(options.listen, &error)) {
      Complain(error);
      return kExitUnusable;
    }
  }
  for (const int signal : {SIGINT, SIGTERM}) {
    std::signal(signal, [](int) { interrupted.store(true); });
  }
  LogFollower follower(settings.MakeLogOptions());
  FollowedInputs inputs(options, &follower);
  const std::vector<std::string> problems = inputs.Find();
  for (const std::string& problem : problems) Complain(problem);
  if (problems.empty() && !inputs.any_log()) {
    Complain("no server log among the inputs: --follow needs one");
  }
  if (!problems.empty() || !inputs.any_log()) return kExitUnusable;
  if (server) {
    Complain(absl::StrFormat("metrics are served at http://%s/metrics", server->address()));
  }
  Audience audience(options, server.get());
  Options each = options;
  each.follow = false;
  const auto pause = std::chrono::duration<double>(options.refresh_s);
  // The first look does not wait for a whole pause, but for the logs to be read.
  const auto first = std::min<std::chrono::duration<double>>(pause, std::chrono::seconds(1));
  Clock::time_point next = Clock::now() + std::chrono::duration_cast<Clock::duration>(first);
  uint64_t seen = 0;
  std::string state;
  int status = kExitClean;
  while (!interrupted.load() && !follower.ended()) {
    std::this_thread::sleep_for(kLook);
    if (Clock::now() < next) continue;
    next = Clock::now() + std::chrono::duration_cast<Clock::duration>(pause);
    inputs.FindMore();
    const uint64_t version = follower.version();
    std::string now = inputs.State(options);
    if (version == seen && now == state) continue;
    seen = version;
    state = std::move(now);
    each.paths = inputs.others();
    status = Judge(each, config, follower, &audience);
    if (status == kExitUnusable) return status;
  }
  follower.Stop();
  each.paths = inputs.others();
  return Judge(each, config, follower, &audience);
}

}  // namespace pgsift
