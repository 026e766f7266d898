// A comment for a pull request: a table of findings, details folded away.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/finding_lines.h"

namespace pgsift {
namespace {

// Text that stays text: Markdown and HTML marks are escaped.
std::string Escaped(std::string_view text) {
  std::string out;
  for (char c : ToUtf8(text).text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '|':
        out += "\\|";
        break;
      case '\n':
        out += ' ';
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A fence longer than any run of backticks inside.
std::string Fenced(std::string_view text) {
  std::string fence = "```";
  while (text.find(fence) != text.npos) fence += '`';
  return fence + "sql\n" + ToUtf8(text).text + "\n" + fence + "\n";
}

}  // namespace

std::string RenderMarkdown(const Report& report) {
  Places places(*report.sources);
  const FindingCounts counts = CountFindings(report.findings);
  std::string out =
      absl::StrFormat("## pgsift: %s, %s, %d info\n\n", Counted(counts.errors, "error"),
                      Counted(counts.warnings, "warning"), counts.infos);
  if (counts.errors + counts.warnings + counts.infos == 0) return out + "Nothing to report.\n";
  out += "| severity | rule | where | finding |\n|---|---|---|---|\n";
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) continue;
    const FindingLine line = LineOf(finding, &places);
    const std::string where =
        line.path.empty() ? "" : absl::StrFormat("`%s:%d`", line.path, line.line);
    out += absl::StrFormat("| %s | %s | %s | %s |\n", SeverityName(finding.severity),
                           finding.rule->name, Escaped(where), Escaped(finding.message));
  }
  out += "\n";
  for (const Finding& finding : report.findings) {
    if (finding.suppressed || (finding.helps.empty() && finding.statement.empty())) continue;
    out += absl::StrFormat("<details><summary>%s: %s</summary>\n\n", finding.rule->id,
                           Escaped(finding.message));
    if (!finding.statement.empty()) out += Fenced(OneLine(finding.statement, 2000)) + "\n";
    for (const EvidenceItem& item : finding.evidence) {
      out += absl::StrFormat("- %s %s %s: %s\n", item.kind, Escaped(item.input), Escaped(item.ref),
                             Escaped(item.text));
    }
    for (const std::string& note : finding.notes) out += "- note: " + Escaped(note) + "\n";
    for (const std::string& help : finding.helps) out += "- help: " + Escaped(help) + "\n";
    out += "\n</details>\n\n";
  }
  return out;
}

}  // namespace pgsift
