#include "ingest/log/log_follower.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "ingest/file/byte_stream.h"

namespace pgsift {
namespace {

constexpr size_t kBeginBytes = 256;
// Less does not tell one log from another.
constexpr size_t kTellingBytes = 20;

std::string BeginOf(const std::string& path) {
  ByteStream stream;
  std::string begin(kBeginBytes, '\0');
  if (path == "-" || !stream.Open(path) || !stream.NextMember()) return {};
  size_t size = 0;
  while (size < begin.size()) {
    const ssize_t got = stream.Read(begin.data() + size, begin.size() - size);
    if (got <= 0) break;
    size += static_cast<size_t>(got);
  }
  begin.resize(size);
  return begin;
}

}  // namespace

LogFollower::LogFollower(LogOptions options)
    : options_([](LogOptions all) {
        all.jobs = 1;
        return all;
      }(std::move(options))) {}

LogFollower::~LogFollower() { Stop(); }

bool LogFollower::IsKnown(const std::string& path) const {
  const std::string begin = BeginOf(path);
  // A file that was short when it was looked at begins with what it held then.
  const auto same = [&begin](const std::string& known) {
    const size_t size = std::min(known.size(), begin.size());
    return size >= kTellingBytes && known.compare(0, size, begin, 0, size) == 0;
  };
  struct stat status {};
  const bool there = path != "-" && ::stat(path.c_str(), &status) == 0;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const Log& log : logs_) {
    // A log that was renamed is read to its end before its successor is.
    if (there && log.inode == status.st_ino && log.device == status.st_dev) return true;
    if (same(log.begin)) return true;
  }
  return std::any_of(begins_.begin(), begins_.end(), same);
}

void LogFollower::Remember(uint64_t device, uint64_t inode, std::string_view begin, Log* log) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool grown = log->device == device && log->inode == inode && begin.starts_with(log->begin);
  if (!grown && log->begin.size() >= kTellingBytes) begins_.push_back(std::move(log->begin));
  log->device = device;
  log->inode = inode;
  log->begin = begin;
}

bool LogFollower::Add(const std::string& path) {
  // Under a name that is followed there may be another file by now.
  const bool named =
      std::any_of(logs_.begin(), logs_.end(), [&](const Log& log) { return log.path == path; });
  if (named || IsKnown(path)) return false;
  Log* log = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    log = &logs_.emplace_back();
    log->path = path;
    log->begin = BeginOf(path);
  }
  log->reader = std::thread([this, log] { Follow(log); });
  return true;
}

void LogFollower::Publish(Log* log, const Workload& workload,
                          const std::vector<LogFileResult>& results) {
  std::string bytes = WritePartial(workload, {log->path}, results);
  const std::lock_guard<std::mutex> lock(mutex_);
  log->partial = std::move(bytes);
  log->error = results.front().error;
  ++version_;
}

void LogFollower::Follow(Log* log) {
  LogOptions options = options_;
  options.follow_until = &stop_;
  options.publish = [&](const Workload& workload, const std::vector<LogFileResult>& results) {
    Publish(log, workload, results);
  };
  options.followed = [&](uint64_t device, uint64_t inode, std::string_view begin) {
    Remember(device, inode, begin, log);
  };
  const LogFile file{.path = log->path, .file = static_cast<FileId>(0)};
  std::vector<LogFileResult> results;
  const Workload whole = ReadLogsUnfinished({&file, 1}, options, &results);
  Publish(log, whole, results);
  const std::lock_guard<std::mutex> lock(mutex_);
  log->ended = true;
}

bool LogFollower::ended() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::all_of(logs_.begin(), logs_.end(), [](const Log& log) { return log.ended; });
}

std::vector<Partial> LogFollower::Read() const {
  std::vector<std::string> written;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const Log& log : logs_) {
      if (!log.partial.empty()) written.push_back(log.partial);
    }
  }
  std::vector<Partial> partials;
  for (const std::string& bytes : written) {
    std::string error;
    if (std::optional<Partial> partial = ReadPartial(bytes, &error)) {
      partials.push_back(std::move(*partial));
    }
  }
  return partials;
}

std::vector<std::string> LogFollower::Errors() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> errors;
  for (const Log& log : logs_) {
    if (!log.error.empty()) errors.push_back(log.path + ": " + log.error);
  }
  return errors;
}

void LogFollower::Stop() {
  stop_.store(true);
  for (Log& log : logs_) {
    if (log.reader.joinable()) log.reader.join();
  }
}

}  // namespace pgsift
