#ifndef PGSIFT_INGEST_LOG_READ_LOGS_H_
#define PGSIFT_INGEST_LOG_READ_LOGS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "ingest/log/workload.h"

namespace pgsift {

// Which records count. An empty list lets all pass.
struct LogFilter {
  std::optional<int64_t> since_us, until_us;  // Since the Unix epoch; until is not included.
  std::vector<std::string> databases, users, applications, clients;
  std::vector<std::string> include, exclude;  // RE2, on the statement or the message.
};

struct LogFileResult;

struct LogOptions {
  std::string line_prefix;  // Empty: detected for each file.
  std::string format;       // One of LogFormatNames(); empty: detected for each file.
  double slow_ms = 100;
  LogFilter filter;
  bool redact = false;
  size_t shapes_max = 5000;  // See WorkloadOptions.
  double sample_above_ms = 0;
  size_t jobs = 1;
  size_t block_bytes = size_t{8} << 20;
  // Of ReadLogsUnfinished(): nothing will be merged in front of the result, so that what only an
  // earlier part would need is dropped.
  bool first = false;
  // The last file is followed as it grows, through rotation, until this is set; nullptr: it is not.
  const std::atomic<bool>* follow_until = nullptr;
  // Of a log that is followed: called with all that was read so far, when something new was and
  // the log pauses, or every kPublishMs while it does not. REQUIRES: jobs is 1.
  std::function<void(const Workload&, const std::vector<LogFileResult>&)> publish;
  // Which file is read, by its device and inode, and its first bytes: see ByteStream::Follow().
  std::function<void(uint64_t device, uint64_t inode, std::string_view begin)> followed;
  std::function<void(uint64_t bytes)> progress;  // Bytes read since the last call, on any thread.
};

struct LogFile {
  std::string path;  // "-": standard input.
  FileId file = FileId::kNone;
};

// What became of one file. record_bytes + skipped_bytes = bytes, always.
struct LogFileResult {
  std::string format;       // "stderr", "csvlog", "jsonlog", "syslog", …: LogFormatNames().
  std::string line_prefix;  // Given or detected; not of csvlog and jsonlog.
  std::string language;     // Of lc_messages, where it is not English: "de".
  uint64_t bytes = 0;
  uint64_t lines = 0;
  uint64_t records = 0;
  uint64_t record_bytes = 0;
  uint64_t filtered_records = 0;  // Of these, how many the filter kept out.
  uint64_t skipped_records = 0;
  uint64_t skipped_bytes = 0;
  uint64_t first_skipped_line = 0;  // 1-based; 0: none.
  uint64_t unknown_zones = 0;       // Records whose time zone is not known and counts as UTC.
  std::string error;                // Why it could not be read, with the way out; empty: it could.
};

inline constexpr int64_t kPublishMs = 2000;

// The longest record that is kept whole. PostgreSQL writes none like it on purpose.
inline constexpr size_t kRecordBytesMax = size_t{16} << 20;

// Reads logs, unpacked and unwrapped, in order of time, with `jobs` threads, and adds up what they
// say. The result is finished, and the same for any number of jobs and any size of blocks. A file
// that cannot be read is named in its result and counts as empty; *results has one entry for each
// file. Memory: a few blocks for each job, and what a Workload takes.
Workload ReadLogs(std::span<const LogFile> files, const LogOptions& options,
                  std::vector<LogFileResult>* results);
// The same, not finished: to be merged with others (partial.h).
Workload ReadLogsUnfinished(std::span<const LogFile> files, const LogOptions& options,
                            std::vector<LogFileResult>* results);

// Tells a server log by its beginning; sets *format to one of LogFormatNames().
bool LooksLikeLog(std::string_view sample, std::string* format);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_READ_LOGS_H_
