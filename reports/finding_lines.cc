#include "reports/finding_lines.h"

#include <cstdlib>

namespace pgsift {

FindingLine LineOf(const Finding& finding, Places* places) {
  const Place place = places->Of(finding.primary.span);
  FindingLine line{.path = place.path};
  if (place.has_lines) {
    line.line = place.begin.line;
    line.column = place.begin.column;
    line.end_line = place.end.line;
    line.end_column = place.end.column;
    return line;
  }
  for (const EvidenceItem& item : finding.evidence) {
    if (!item.ref.starts_with("line ")) continue;
    line.path = item.input;
    line.line = line.end_line = std::strtoull(item.ref.c_str() + 5, nullptr, 10);
    break;
  }
  return line;
}

}  // namespace pgsift
