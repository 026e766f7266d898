#include "absl/strings/str_format.h"
#include "reports/places.h"
#include "reports/report.h"

namespace pgsift {

std::string RenderConcise(const Report& report) {
  Places places(*report.sources);
  std::string out;
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) continue;
    const Place place = places.Of(finding.primary.span);
    if (place.has_lines) {
      out += absl::StrFormat("%s:%d:%d: ", place.path, place.begin.line, place.begin.column);
    } else if (!finding.evidence.empty() && !finding.evidence.front().input.empty()) {
      const EvidenceItem& item = finding.evidence.front();
      std::string_view line = item.ref;
      if (line.starts_with("line ")) line.remove_prefix(5);
      out += absl::StrFormat("%s:%s: ", item.input, line);
    } else if (!place.path.empty()) {
      out += place.path + ": ";
    }
    out += absl::StrFormat("%s[%s]: %s\n", SeverityName(finding.severity), finding.rule->id,
                           finding.message);
  }
  return out;
}

}  // namespace pgsift
