// The logs of a run, and what earlier runs over logs wrote (partials), as one workload.

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <iterator>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/pipeline.h"
#include "ingest/file/file_reader.h"
#include "ingest/log/partial.h"
#include "ingest/log/read_logs.h"
#include "ingest/log/reported_workload.h"
#include "ingest/plan/plan_reader.h"
#include "ingest/plan/plan_times.h"
#include "ingest/plan/redact_plan.h"

namespace pgsift {
namespace {

// Set when the user has seen enough of a log that is followed.
std::atomic<bool> interrupted{false};

constexpr uint64_t kPartialBytesMax = uint64_t{4} << 30;

// What became of a log, under inputs[].
void Describe(const LogFileResult& result, SourceFile* source) {
  if (!result.format.empty()) source->format = result.format;
  source->bytes = result.bytes;
  source->lines = result.lines;
  source->records = result.records;
  source->skipped_records = result.skipped_records;
  source->skipped_bytes = result.skipped_bytes;
  source->first_skipped_line = result.first_skipped_line;
  source->error = result.error;
  if (!source->error.empty() && source->error.find(source->path) == std::string::npos) {
    source->error = source->path + ": " + source->error;
  }
  if (source->error.empty() && result.records == 0) {
    source->error =
        source->path + ": no log record found; say how lines begin with --log-line-prefix";
  }
}

}  // namespace

bool Pipeline::IsPartialFile(const std::string& path) {
  return LooksLikePartial(ReadFile(path, 64).bytes);
}

std::optional<Partial> Pipeline::ReadPartialFile(const std::string& path) {
  const FileBytes bytes = ReadFile(path, kPartialBytesMax);
  if (!bytes.error.empty()) {
    problems_.push_back(bytes.error);
    return std::nullopt;
  }
  std::string error;
  std::optional<Partial> partial = ReadPartial(bytes.bytes, &error);
  if (!partial) problems_.push_back(path + ": " + error);
  return partial;
}

bool Pipeline::IsSummary(const std::string& path) {
  constexpr size_t kHeadBytes = 4096;
  const std::string head = ReadFile(path, kHeadBytes).bytes;
  return LooksLikePartial(head) || LooksLikeReport(head);
}

std::optional<Partial> Pipeline::ReadSummary(const std::string& path) {
  if (IsPartialFile(path)) return ReadPartialFile(path);
  const FileBytes bytes = ReadFile(path, kPartialBytesMax);
  std::string error;
  std::optional<Partial> partial = ReadReportedWorkload(bytes.bytes, path, &error);
  if (!partial) problems_.push_back(path + ": " + error);
  return partial;
}

void Pipeline::ReadLogFiles(std::vector<std::string> partial_paths, std::vector<Partial> read) {
  if (!options_.workload.empty() && IsSummary(options_.workload)) {
    if (std::optional<Partial> partial = ReadSummary(options_.workload)) {
      read.push_back(std::move(*partial));
    }
  }
  std::vector<Partial> parts;
  std::vector<FileId> ids;
  std::vector<LogFile> files;
  Partial own;
  for (size_t i = 0; i < sources_.size(); ++i) {
    const SourceFile& source = sources_[sources_.id(i)];
    if (source.kind != InputKind::kLog || !source.error.empty()) continue;
    files.push_back({.path = source.content_path.empty() ? source.path : source.content_path,
                     .file = static_cast<FileId>(files.size())});
    own.paths.push_back(source.path);
    ids.push_back(sources_.id(i));
  }
  if (!files.empty()) {
    LogOptions log_options = MakeLogOptions();
    if (options_.follow) {
      for (int signal : {SIGINT, SIGTERM}) {
        std::signal(signal, [](int) { interrupted.store(true); });
      }
      log_options.follow_until = &interrupted;
    }
    log_options.first = partial_paths.empty() && options_.partial.empty();
    own.workload = ReadLogsUnfinished(files, log_options, &own.results);
    parts.push_back(std::move(own));
  }
  for (const std::string& path : partial_paths) {
    if (std::optional<Partial> partial = ReadPartialFile(path)) read.push_back(std::move(*partial));
  }
  for (Partial& partial : read) {
    for (size_t i = 0; i < partial.paths.size(); ++i) {
      const bool report = partial.results[i].format == "report";
      ids.push_back(sources_.Add(
          {.path = partial.paths[i], .kind = report ? InputKind::kWorkload : InputKind::kLog}));
    }
    parts.push_back(std::move(partial));
  }
  if (parts.empty()) return;
  Partial whole = MergePartials(std::move(parts), options_.partial.empty());
  if (!options_.partial.empty()) WritePartialFile(whole);
  for (size_t i = 0; i < ids.size(); ++i) {
    SourceFile& source = sources_[ids[i]];
    Describe(whole.results[i], &source);
    if (!source.error.empty()) problems_.push_back(source.error);
    if (whole.results[i].unknown_zones > 0) {
      input_notes_.push_back(absl::StrFormat(
          "%s: %s in a time zone that is not known, taken for UTC; set log_timezone = 'UTC', or "
          "log numbers (%%n)",
          source.path, Counted(whole.results[i].unknown_zones, "record")));
      if (options_.command == "logs") Complain(input_notes_.back());
    }
  }
  RenameFiles(ids, &whole.workload);
  workload_.emplace(std::move(whole.workload));
  workload_->SetRedact(options_.redact);
  workload_->Finish(jobs_);
  TakeLoggedPlans();
}

void Pipeline::ReadBase() {
  if (options_.compare.empty()) return;
  if (IsPartialFile(options_.compare)) {
    std::optional<Partial> partial = ReadPartialFile(options_.compare);
    if (!partial) return;
    partial->workload.SetRedact(options_.redact);
    partial->workload.Finish(jobs_);
    base_ = BaseOf(partial->workload.totals());
    return;
  }
  const FileBytes bytes = ReadFile(options_.compare, kPartialBytesMax);
  std::string error = bytes.error;
  if (error.empty() && !ReadBaseReport(bytes.bytes, &base_, &error)) {
    error = options_.compare + ": " + error;
  }
  if (!error.empty()) problems_.push_back(error);
}

void Pipeline::WritePartialFile(const Partial& whole) {
  const std::string bytes = WritePartial(whole);
  const std::string& path = options_.partial;
  std::FILE* file = std::fopen(path.c_str(), "wb");
  const bool written =
      file != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  if (file == nullptr || std::fclose(file) != 0 || !written) {
    problems_.push_back(path + ": cannot be written");
  }
}

void Pipeline::TakeLoggedPlans() {
  for (const LoggedPlan& logged : workload_->totals().plans) {
    PlanReadResult result = ReadPlans(logged.text, logged.place.file);
    for (Plan& plan : result.plans) {
      plan.line = logged.place.line;
      plan.offset = logged.place.offset;
      if (plan.query.empty()) plan.query = logged.query;
      plan.shape_id = logged.query_id;
      plan.logged = {.runs = static_cast<double>(logged.runs),
                     .total_ms = static_cast<double>(logged.total_us) / 1000,
                     .longest_ms = static_cast<double>(logged.duration_us) / 1000,
                     .first_us = logged.first_us,
                     .last_us = logged.last_us};
      if (plan.analyzed && plan.execution_ms <= 0) {
        plan.execution_ms = static_cast<double>(logged.duration_us) / 1000;
        ComputeTimes(&plan);
      }
      for (PlanNode& node : plan.nodes) {
        // The node's own line counts from the entry's first; its offset is not known exactly.
        node.line += logged.place.line;
        node.offset = logged.place.offset;
      }
      if (options_.redact) RedactPlan(&plan);
      plans_.push_back(std::move(plan));
    }
  }
}

}  // namespace pgsift
