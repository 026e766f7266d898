#include "ingest/log/read_logs.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "base/parallel.h"
#include "ingest/log/block_source.h"
#include "ingest/log/csv_reader.h"
#include "ingest/log/execution_tally.h"
#include "ingest/log/json_log_reader.h"
#include "ingest/log/log_reader.h"
#include "ingest/log/record_filter.h"
#include "ingest/log/shape_cache.h"

namespace pgsift {
namespace {

// What one block gave.
struct Part {
  size_t file = 0;
  Workload workload;
  LogDamage damage;
  bool paused = false;
  bool placed = false;  // Its places are those of the file already.
  uint64_t lines = 0, records = 0, record_bytes = 0, filtered = 0, unknown_zones = 0;
};

// Merges parts in the order of the input, whenever they come. Thread-safe.
class Merger {
 public:
  Merger(size_t ahead_max, const LogOptions& options, Workload* total,
         std::vector<LogFileResult>* results)
      : ahead_max_(ahead_max), options_(options), total_(*total), results_(*results) {}

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
    changed_ = changed_ || part.records > 0 || part.damage.bytes > 0;
    const bool paused = part.paused;
    MergeInto(std::move(part));
    if (options_.publish == nullptr || !changed_) return;
    const auto now = std::chrono::steady_clock::now();
    if (!paused && now - published_ < std::chrono::milliseconds(kPublishMs)) return;
    options_.publish(total_, results_);
    published_ = now;
    changed_ = false;
  }

  void MergeInto(Part part) {
    LogFileResult& result = results_[part.file];
    LogDamage damage{.records = result.skipped_records,
                     .bytes = result.skipped_bytes,
                     .first_line = result.first_skipped_line};
    damage.Append(part.damage, part.placed ? 0 : result.lines);
    result.skipped_records = damage.records;
    result.skipped_bytes = damage.bytes;
    result.first_skipped_line = damage.first_line;
    if (!part.placed) part.workload.ShiftLines(result.lines);
    result.lines += part.lines;
    result.records += part.records;
    result.record_bytes += part.record_bytes;
    result.filtered_records += part.filtered;
    result.unknown_zones += part.unknown_zones;
    part.workload.SetShapes(nullptr);
    total_.Merge(std::move(part.workload));
  }

  std::mutex mutex_;
  std::condition_variable merged_;
  const size_t ahead_max_;
  const LogOptions& options_;
  bool changed_ = false;  // Since the last call of publish.
  std::chrono::steady_clock::time_point published_{};
  size_t next_ = 0;
  std::map<size_t, Part> parts_;
  Workload& total_;
  std::vector<LogFileResult>& results_;
};

// The unit that a place of an unwrapped text belongs to.
const Unit& UnitAt(const std::vector<Unit>& units, size_t at) {
  const auto after = std::upper_bound(units.begin(), units.end(), at,
                                      [](size_t a, const Unit& unit) { return a < unit.begin; });
  return after == units.begin() ? units.front() : *(after - 1);
}

// Turns what the reader says of the unwrapped text into what it means for the file: its bytes
// belong to records, except those of units that have no text or whose text was passed over.
void CountUnits(const LogBlock& block, const std::vector<ByteRange>& skipped, Part* part) {
  part->placed = true;
  part->lines = block.lines;
  part->record_bytes = 0;
  part->damage = LogDamage{};
  bool skipping = false;
  for (const Unit& unit : block.units) {
    const auto after =
        std::upper_bound(skipped.begin(), skipped.end(), unit.begin,
                         [](size_t at, const ByteRange& range) { return at < range.begin; });
    const bool passed = after != skipped.begin() && unit.begin < (after - 1)->end;
    if (!unit.skipped && !passed) {
      part->record_bytes += unit.bytes;
      skipping = false;
      continue;
    }
    part->damage.bytes += unit.bytes;
    part->damage.records += !skipping;
    if (part->damage.first_line == 0 || unit.line + 1 < part->damage.first_line) {
      part->damage.first_line = unit.line + 1;
    }
    skipping = true;
  }
}

template <typename Reader>
void AddRecords(Reader* reader, const LogBlock& block, const RecordFilter& filter, Part* part) {
  const Language* const language = block.syntax->language;
  Language::Texts texts;
  std::vector<ByteRange> skipped;
  const bool wrapped = !block.syntax->wrappers.empty();
  if (wrapped) reader->set_skipped(&skipped);
  LogRecord record;
  while (reader->Next(&record)) {
    if (language != nullptr) language->Translate(&record, &texts);
    if (wrapped && !block.units.empty()) {
      const Unit& unit = UnitAt(block.units, static_cast<size_t>(record.offset - block.offset));
      record.offset = unit.offset;
      record.line = unit.line;
    }
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
  if (wrapped) CountUnits(block, skipped, part);
}

// What a thread keeps from block to block.
struct Worker {
  ShapeCache shapes;
  ExecutionTally tally;
  bool tallies = true;
};

Part ReadBlock(const LogBlock& block, FileId file, const WorkloadOptions& options,
               const RecordFilter& filter, Worker* worker) {
  Part part{.file = block.file, .workload = Workload(options), .paused = block.paused};
  if (block.foreign_bytes > 0) {
    part.damage = {.records = 1, .bytes = block.foreign_bytes, .first_line = 1};
    return part;
  }
  part.workload.SetFile(file);
  part.workload.SetShapes(&worker->shapes);
  if (worker->tallies) part.workload.SetTally(&worker->tally);
  const std::string_view bytes = block.bytes.view();
  if (block.syntax->format == LogFormat::kCsv) {
    CsvReader reader(bytes, block.offset, block.syntax->language);
    AddRecords(&reader, block, filter, &part);
  } else if (block.syntax->format == LogFormat::kJson) {
    JsonLogReader reader(bytes, block.offset, block.syntax->language);
    AddRecords(&reader, block, filter, &part);
  } else {
    LogReader reader(bytes, block.offset, block.syntax->prefix);
    AddRecords(&reader, block, filter, &part);
  }
  part.workload.EndTally();
  return part;
}

}  // namespace

namespace {

Workload ReadAll(std::span<const LogFile> files, const LogOptions& options, bool last,
                 std::vector<LogFileResult>* results) {
  const WorkloadOptions workload_options{
      .slow_us = static_cast<int64_t>(options.slow_ms * 1000),
      .redact = options.redact,
      .shapes_max = std::max<size_t>(options.shapes_max, 1),
      .sample_above_us = static_cast<int64_t>(options.sample_above_ms * 1000)};
  const RecordFilter filter(options.filter);
  const size_t jobs = std::max<size_t>(options.jobs, 1);
  Workload total(workload_options);
  total.SetBounded(last || options.first);
  BlockSource source(files, options, results);
  if (!filter.error().empty()) {
    for (LogFileResult& result : *results) result.error = filter.error();
    return total;
  }
  Merger merger(jobs, options, &total, results);
  // Who wants to know the figures meanwhile gets them from the blocks alone.
  std::vector<Worker> workers(jobs);
  for (Worker& worker : workers) worker.tallies = options.publish == nullptr;
  ParallelFor(jobs, jobs, [&](size_t number) {
    LogBlock block;
    while (source.Next(&block)) {
      merger.Put(block.number, ReadBlock(block, files[block.file].file, workload_options, filter,
                                         &workers[number]));
    }
  });
  for (Worker& worker : workers) total.MergeTally(&worker.tally);
  return total;
}

}  // namespace

Workload ReadLogs(std::span<const LogFile> files, const LogOptions& options,
                  std::vector<LogFileResult>* results) {
  Workload total = ReadAll(files, options, true, results);
  total.Finish(std::max<size_t>(options.jobs, 1));
  return total;
}

Workload ReadLogsUnfinished(std::span<const LogFile> files, const LogOptions& options,
                            std::vector<LogFileResult>* results) {
  return ReadAll(files, options, false, results);
}

bool LooksLikeLog(std::string_view sample, std::string* format) {
  LogSyntax syntax;
  std::string error;
  if (!DetectSyntax(sample, {}, &syntax, &error)) return false;
  *format = syntax.name;
  if (syntax.format != LogFormat::kStderr || !syntax.wrappers.empty()) return true;
  const PrefixGuess guess = DetectPrefix(sample);
  // A text that quotes a log has lines between that are none; a log's other lines begin with a tab.
  if (guess.matched == 0 || guess.matched * 2 < guess.lines) return false;
  // Something must vary in it: a time or a process.
  return guess.format.find_first_of("tmnpcs", guess.format.find('%')) != std::string::npos;
}

}  // namespace pgsift
