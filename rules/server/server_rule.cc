#include "rules/server/server_rule.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "base/text.h"

namespace pgsift {

const EventStats* EventsOf(const EvidencePass& pass, Event event) {
  const Workload* workload = pass.evidence().workload;
  if (workload == nullptr) return nullptr;
  const EventStats& events = workload->totals().events[static_cast<size_t>(event)];
  return events.count > 0 ? &events : nullptr;
}

Finding& ReportEvents(const RuleInfo& rule, const EventStats& events, EvidencePass& pass,
                      std::string message) {
  constexpr size_t kExamplesMax = 3;
  Span at;
  if (!events.examples.empty()) {
    const LogPlace& place = events.examples.front().place;
    at = {.begin = place.offset, .size = 0, .file = place.file};
  }
  Finding& finding = pass.Report(rule, at, std::move(message));
  finding.Measure("count", static_cast<double>(events.count), "1");
  for (size_t i = 0; i < events.examples.size() && i < kExamplesMax; ++i) {
    const EventExample& example = events.examples[i];
    finding.Evidence({.input = std::string(pass.evidence().sources->path(example.place.file)),
                      .kind = "log",
                      .ref = absl::StrFormat("line %d", example.place.line),
                      .text = OneLine(example.text, 160)});
  }
  return finding;
}

Finding& ReportState(const RuleInfo& rule, EvidencePass& pass, std::string message,
                     std::string object, std::string text) {
  Finding& finding = pass.Report(rule, Span(), std::move(message));
  finding.Evidence({.input = pass.evidence().snapshot()->path,
                    .kind = "snapshot",
                    .ref = std::move(object),
                    .text = std::move(text)});
  return finding;
}

Fix RunOnServer(std::string sql) {
  Fix fix{.title = sql, .safety = FixSafety::kDisplay};
  fix.edits.push_back({Span(), std::move(sql)});
  return fix;
}

double AgeMs(const Snapshot& snapshot, int64_t time_us) {
  if (time_us == 0 || snapshot.taken_us == 0) return -1;
  return static_cast<double>(snapshot.taken_us - time_us) / 1000;
}

std::string MemorySetting(double bytes) {
  constexpr double kMegabyte = 1024.0 * 1024;
  const double megabytes = std::max(1.0, std::ceil(bytes / kMegabyte));
  if (megabytes >= 4096) return absl::StrFormat("%.0fGB", std::ceil(megabytes / 1024));
  return absl::StrFormat("%.0fMB", megabytes);
}

std::string Percent(double share) { return absl::StrFormat("%.0f %%", 100 * share); }

}  // namespace pgsift
