// JUnit's XML, as CI systems read it: a test case for each finding, failed unless it is only info.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/finding_lines.h"

namespace pgsift {
namespace {

std::string Escaped(std::string_view text) {
  std::string out;
  for (char c : ToUtf8(text).text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        // XML 1.0 has no way to write other control characters.
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') {
          out += "\xef\xbf\xbd";
        } else {
          out += c;
        }
    }
  }
  return out;
}

}  // namespace

std::string RenderJunit(const Report& report) {
  Places places(*report.sources);
  const FindingCounts counts = CountFindings(report.findings);
  std::string cases;
  for (const Finding& finding : report.findings) {
    const FindingLine line = LineOf(finding, &places);
    cases += absl::StrFormat("    <testcase classname=\"%s\" name=\"%s:%d %s\">\n",
                             Escaped(line.path), Escaped(line.path), line.line, finding.rule->name);
    if (finding.suppressed) {
      cases +=
          absl::StrFormat("      <skipped message=\"%s\"/>\n", Escaped(finding.suppressed_because));
    } else if (finding.severity != Severity::kInfo) {
      std::string body;
      for (const std::string& help : finding.helps) body += "help: " + help + "\n";
      cases +=
          absl::StrFormat("      <failure type=\"%s\" message=\"%s\">%s</failure>\n",
                          SeverityName(finding.severity), Escaped(finding.message), Escaped(body));
    }
    cases += "    </testcase>\n";
  }
  // A file without findings is a test that passed: an empty suite looks like a run that failed.
  size_t passed = 0;
  for (size_t i = 0; i < report.sources->size(); ++i) {
    const FileId file = report.sources->id(i);
    const SourceFile& source = (*report.sources)[file];
    const bool found =
        std::any_of(report.findings.begin(), report.findings.end(),
                    [&](const Finding& finding) { return finding.primary.span.file == file; });
    if (found || !source.error.empty()) continue;
    ++passed;
    cases += absl::StrFormat("    <testcase classname=\"%s\" name=\"%s\"/>\n", Escaped(source.path),
                             Escaped(source.path));
  }
  const size_t failures = counts.errors + counts.warnings;
  return absl::StrFormat(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
      "  <testsuite name=\"pgsift %s\" tests=\"%d\" failures=\"%d\" skipped=\"%d\">\n%s  "
      "</testsuite>\n"
      "</testsuites>\n",
      report.command, report.findings.size() + passed, failures, counts.suppressed, cases);
}

}  // namespace pgsift
