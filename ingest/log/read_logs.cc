#include "ingest/log/read_logs.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>

#include "base/parallel.h"
#include "ingest/log/block_source.h"
#include "ingest/log/csv_reader.h"
#include "ingest/log/json_log_reader.h"
#include "ingest/log/log_reader.h"
#include "ingest/log/record_filter.h"

namespace pgsift {
namespace {

// What one block gave.
struct Part {
  size_t file = 0;
  Workload workload;
  LogDamage damage;
  uint64_t lines = 0, records = 0, record_bytes = 0, filtered = 0, unknown_zones = 0;
};

// Merges parts in the order of the input, whenever they come. Thread-safe.
class Merger {
 public:
  Merger(size_t ahead_max, Workload* total, std::vector<LogFileResult>* results)
      : ahead_max_(ahead_max), total_(*total), results_(*results) {}

  // Waits while too many later parts are held, so that memory stays bounded.
  void Put(size_t number, Part part) {
    std::unique_lock<std::mutex> lock(mutex_);
    merged_.wait(lock, [&] { return number <= next_ + ahead_max_; });
    parts_.emplace(number, std::move(part));
    while (!parts_.empty() && parts_.begin()->first == next_) {
      MergeOne(std::move(parts_.begin()->second));
      parts_.erase(parts_.begin());
      ++next_;
    }
    merged_.notify_all();
  }

 private:
  void MergeOne(Part part) {
    LogFileResult& result = results_[part.file];
    LogDamage damage{.records = result.skipped_records,
                     .bytes = result.skipped_bytes,
                     .first_line = result.first_skipped_line};
    damage.Append(part.damage, result.lines);
    result.skipped_records = damage.records;
    result.skipped_bytes = damage.bytes;
    result.first_skipped_line = damage.first_line;
    part.workload.ShiftLines(result.lines);
    result.lines += part.lines;
    result.records += part.records;
    result.record_bytes += part.record_bytes;
    result.filtered_records += part.filtered;
    result.unknown_zones += part.unknown_zones;
    total_.Merge(std::move(part.workload));
  }

  std::mutex mutex_;
  std::condition_variable merged_;
  const size_t ahead_max_;
  size_t next_ = 0;
  std::map<size_t, Part> parts_;
  Workload& total_;
  std::vector<LogFileResult>& results_;
};

template <typename Reader>
void AddRecords(Reader* reader, const RecordFilter& filter, Part* part) {
  LogRecord record;
  while (reader->Next(&record)) {
    if (filter.Passes(record)) {
      part->workload.Add(record);
    } else {
      ++part->filtered;
    }
  }
  part->damage = reader->damage();
  part->lines = reader->lines();
  part->records = reader->records();
  part->record_bytes = reader->record_bytes();
  part->unknown_zones = reader->unknown_zones();
}

Part ReadBlock(const LogBlock& block, FileId file, const WorkloadOptions& options,
               const RecordFilter& filter) {
  Part part{.file = block.file, .workload = Workload(options)};
  part.workload.SetFile(file);
  const std::string_view bytes = block.bytes.view();
  if (block.syntax->format == LogFormat::kCsv) {
    CsvReader reader(bytes, block.offset);
    AddRecords(&reader, filter, &part);
  } else if (block.syntax->format == LogFormat::kJson) {
    JsonLogReader reader(bytes, block.offset);
    AddRecords(&reader, filter, &part);
  } else {
    LogReader reader(bytes, block.offset, block.syntax->prefix);
    AddRecords(&reader, filter, &part);
  }
  return part;
}

}  // namespace

Workload ReadLogs(std::span<const LogFile> files, const LogOptions& options,
                  std::vector<LogFileResult>* results) {
  const WorkloadOptions workload_options{.slow_us = static_cast<int64_t>(options.slow_ms * 1000),
                                         .redact = options.redact};
  const RecordFilter filter(options.filter);
  const size_t jobs = std::max<size_t>(options.jobs, 1);
  Workload total(workload_options);
  BlockSource source(files, options, results);
  if (!filter.error().empty()) {
    for (LogFileResult& result : *results) result.error = filter.error();
    return total;
  }
  Merger merger(jobs * 2, &total, results);
  ParallelFor(jobs, jobs, [&](size_t) {
    LogBlock block;
    while (source.Next(&block)) {
      merger.Put(block.number, ReadBlock(block, files[block.file].file, workload_options, filter));
    }
  });
  total.Finish(jobs);
  return total;
}

bool LooksLikeLog(std::string_view sample, std::string* format) {
  const LogFormat structured = DetectStructuredFormat(sample);
  if (structured != LogFormat::kUnknown) {
    *format = LogFormatName(structured);
    return true;
  }
  const PrefixGuess guess = DetectPrefix(sample);
  // A text that quotes a log has lines between that are none; a log's other lines begin with a tab.
  if (guess.matched == 0 || guess.matched * 2 < guess.lines) return false;
  // Something must vary in it: a time or a process.
  if (guess.format.find_first_of("tmnpcs", guess.format.find('%')) == std::string::npos)
    return false;
  *format = "stderr";
  return true;
}

}  // namespace pgsift
