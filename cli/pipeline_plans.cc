// The pipeline's files of plans.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/pipeline.h"
#include "ingest/file/byte_stream.h"
#include "ingest/plan/plan_collector.h"
#include "ingest/plan/plan_reader.h"
#include "ingest/plan/redact_plan.h"

namespace pgsift {

void Pipeline::ReadPlanFiles() {
  PlanCollector collector;
  // Where statements alone are judged, what lies beside the migrations and looks like a plan is
  // nobody's concern.
  const bool only_named = options_.command == "lint" || options_.command == "locks";
  for (size_t i = 0; i < sources_.size(); ++i) {
    SourceFile& source = sources_[sources_.id(i)];
    if (source.kind != InputKind::kPlan || !source.error.empty()) continue;
    const bool named = std::find(options_.paths.begin(), options_.paths.end(), source.path) !=
                       options_.paths.end();
    if (only_named && !named && source.path != options_.stdin_filename) continue;
    const uint64_t before = collector.added();
    const PlanTaker take = [&](Plan&& plan) { collector.Add(std::move(plan)); };
    const std::vector<PlanError> errors = source.content_path.empty()
                                              ? ReadPlans(source.text, sources_.id(i), jobs_, take)
                                              : ReadLongPlanFile(sources_.id(i), take);
    source.records = collector.added() - before;
    for (const PlanError& error : errors) {
      ++source.skipped_records;
      source.skipped_bytes += error.bytes;
      if (source.first_skipped_line == 0) source.first_skipped_line = error.line;
      problems_.push_back(absl::StrFormat("%s:%d: %s", source.path, error.line, error.message));
    }
    if (source.records == 0 && !errors.empty()) {
      source.error = source.path + ": " + errors.front().message;
    }
  }
  if (collector.grouped()) {
    Complain(
        absl::StrFormat("%s plans: those of one query with the same nodes and conditions are "
                        "counted as one and its slowest is shown: %s",
                        Grouped(collector.added()), Grouped(collector.plans().size())));
  }
  if (collector.left_out() > 0) {
    Complain(
        absl::StrFormat("%s plans of still other kinds were read but not kept: analyze the "
                        "files in smaller parts",
                        Grouped(collector.left_out())));
  }
  for (Plan& plan : collector.Release()) {
    if (options_.redact) RedactPlan(&plan);
    std::vector<SourceFile::KnownLine>& lines = sources_[plan.file].known_lines;
    if (sources_[plan.file].text.empty()) {
      lines.push_back({.offset = plan.offset, .line = plan.line});
      for (const PlanNode& node : plan.nodes) {
        lines.push_back({.offset = node.offset, .line = node.line});
      }
    }
    plans_.push_back(std::move(plan));
  }
  for (size_t i = 0; i < sources_.size(); ++i) {
    std::vector<SourceFile::KnownLine>& lines = sources_[sources_.id(i)].known_lines;
    std::sort(lines.begin(), lines.end(),
              [](const auto& a, const auto& b) { return a.offset < b.offset; });
  }
}

std::vector<PlanError> Pipeline::ReadLongPlanFile(FileId file, const PlanTaker& take) {
  SourceFile& source = sources_[file];
  ByteStream stream;
  source.bytes = 0;
  char last = '\n';
  const auto read = [&](char* buffer, size_t size) {
    const ssize_t got = stream.Read(buffer, size);
    if (got <= 0) return got;
    const std::string_view bytes(buffer, static_cast<size_t>(got));
    source.bytes += bytes.size();
    source.lines += CountNewlines(bytes);
    last = bytes.back();
    return got;
  };
  std::vector<PlanError> errors;
  if (stream.Open(source.content_path) && stream.NextMember()) {
    errors = ReadPlanStream(read, file, jobs_, take);
  }
  if (last != '\n') ++source.lines;
  if (!stream.error().empty()) {
    errors.push_back({.line = source.lines, .message = stream.error()});
  }
  return errors;
}

}  // namespace pgsift
