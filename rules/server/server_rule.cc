#include "rules/server/server_rule.h"

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

}  // namespace pgsift
