#ifndef PGSIFT_INGEST_LOG_LOG_FOLLOWER_H_
#define PGSIFT_INGEST_LOG_LOG_FOLLOWER_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "ingest/log/partial.h"
#include "ingest/log/read_logs.h"

namespace pgsift {

// Reads logs as they grow, each on a thread of its own, and says at any time what all of them held
// so far. A log that is rotated is read on under its name; packed files are read once.
//
//   LogFollower follower(options);
//   follower.Add("/var/log/postgresql/postgresql.log");
//   while (…) if (follower.version() != seen) use(follower.Read());
//
// Thread-safe, but for Add() and Stop(): one thread calls these.
class LogFollower {
 public:
  // `options`: its jobs, follow_until and publish are not used.
  explicit LogFollower(LogOptions options);
  ~LogFollower();  // Stops.
  LogFollower(const LogFollower&) = delete;
  LogFollower& operator=(const LogFollower&) = delete;

  // Follows a log from its beginning; "-" is standard input. False if it is one that is followed
  // already, or was: a rotation's copy under another name, told by its first bytes.
  bool Add(const std::string& path);
  // Grows when something new was read.
  uint64_t version() const { return version_.load(); }
  // Every log has ended, as only packed ones and standard input do.
  bool ended() const;
  // What was read of each log so far; a log that nothing was read of is left out.
  std::vector<Partial> Read() const;
  // One line for each log that cannot be read, which names it.
  std::vector<std::string> Errors() const;
  // Reads what is there, to the end, and follows no longer.
  void Stop();

 private:
  struct Log {
    std::string path;
    std::string partial;  // What was read of it, as WritePartial() wrote it.
    std::string error;
    bool ended = false;
    uint64_t device = 0, inode = 0;  // Of the file that is read now,
    std::string begin;               // and its first bytes.
    std::thread reader;
  };

  // Whether the file with this name is one that is or was read.
  bool IsKnown(const std::string& path) const;
  // `log` reads this file now.
  void Remember(uint64_t device, uint64_t inode, std::string_view begin, Log* log);
  void Follow(Log* log);
  void Publish(Log* log, const Workload& workload, const std::vector<LogFileResult>& results);

  const LogOptions options_;
  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> version_{0};
  mutable std::mutex mutex_;
  std::deque<Log> logs_;
  std::vector<std::string> begins_;  // Of every file that was read to its end.
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_LOG_FOLLOWER_H_
