// Workflow commands of GitHub Actions: each finding becomes an annotation.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "reports/finding_lines.h"

namespace pgsift {
namespace {

// Source: "Workflow commands for GitHub Actions": %, CR and LF are escaped, in properties also :
// and ,.
std::string Escaped(std::string_view text, bool property) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      case ':':
        out += property ? "%3A" : ":";
        break;
      case ',':
        out += property ? "%2C" : ",";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string RenderGithub(const Report& report) {
  Places places(*report.sources);
  std::string out;
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) continue;
    const char* level = finding.severity == Severity::kError     ? "error"
                        : finding.severity == Severity::kWarning ? "warning"
                                                                 : "notice";
    const FindingLine line = LineOf(finding, &places);
    std::string text = finding.message;
    for (const std::string& help : finding.helps) text += "\nhelp: " + help;
    const std::string title = std::string(finding.rule->id) + " " + std::string(finding.rule->name);
    out += absl::StrFormat("::%s ", level);
    // Without a file the annotation belongs to the run.
    if (!line.path.empty()) {
      out += absl::StrFormat("file=%s,line=%d,endLine=%d,", Escaped(line.path, true), line.line,
                             std::max(line.line, line.end_line));
      // Columns are shown only for places within one line.
      if (line.end_line == line.line) out += absl::StrFormat("col=%d,", line.column);
    }
    out += absl::StrFormat("title=%s::%s\n", Escaped(title, true), Escaped(text, false));
  }
  return out;
}

}  // namespace pgsift
