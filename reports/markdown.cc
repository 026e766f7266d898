// A comment for a pull request: a table of files, then each file's findings, folded away. Bounded
// in size, the gravest first.

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

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

// Code hosts refuse comments longer than 65,536 characters; some room is left for what is around.
constexpr size_t kBytesMax = 60'000;
constexpr size_t kStatementBytesMax = 1'200;

const char* Mark(Severity severity) {
  return severity == Severity::kError     ? "🛑"
         : severity == Severity::kWarning ? "⚠️"
                                          : "ℹ️";
}

// What is not suppressed of one file, gravest first.
struct FileFindings {
  std::string path;
  std::vector<std::pair<const Finding*, FindingLine>> findings;
  FindingCounts counts;
};

std::vector<FileFindings> ByFile(const Report& report, Places* places) {
  std::vector<FileFindings> files;
  std::map<std::string, size_t> of_path;
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) continue;
    FindingLine line = LineOf(finding, places);
    const auto [at, added] = of_path.emplace(line.path, files.size());
    if (added) files.push_back({.path = line.path});
    FileFindings& file = files[at->second];
    FindingCounts& counts = file.counts;
    ++(finding.severity == Severity::kError     ? counts.errors
       : finding.severity == Severity::kWarning ? counts.warnings
                                                : counts.infos);
    file.findings.emplace_back(&finding, std::move(line));
  }
  for (FileFindings& file : files) {
    std::stable_sort(file.findings.begin(), file.findings.end(), [](const auto& a, const auto& b) {
      return a.first->severity > b.first->severity;
    });
  }
  std::stable_sort(files.begin(), files.end(), [](const FileFindings& a, const FileFindings& b) {
    if (a.counts.errors != b.counts.errors) return a.counts.errors > b.counts.errors;
    return a.counts.warnings > b.counts.warnings;
  });
  return files;
}

std::string Details(const Finding& finding, const FindingLine& line) {
  std::string out = absl::StrFormat(
      "<details><summary>%s line %d: %s (<code>%s</code>)</summary>\n\n", Mark(finding.severity),
      line.line, Escaped(finding.message), finding.rule->name);
  if (!finding.statement.empty()) {
    out += Fenced(OneLine(finding.statement, kStatementBytesMax)) + "\n";
  }
  if (!finding.primary.text.empty()) out += "- " + Escaped(finding.primary.text) + "\n";
  for (const EvidenceItem& item : finding.evidence) {
    out += absl::StrFormat("- %s %s %s: %s\n", item.kind, Escaped(item.input), Escaped(item.ref),
                           Escaped(item.text));
  }
  for (const std::string& note : finding.notes) out += "- note: " + Escaped(note) + "\n";
  for (const std::string& help : finding.helps) out += "- **" + Escaped(help) + "**\n";
  for (const Fix& fix : finding.fixes) {
    if (fix.edits.empty() || fix.safety < FixSafety::kUnsafe) continue;
    const bool safe = fix.safety == FixSafety::kSafe;
    out += absl::StrFormat("- `pgsift lint --fix%s` does it: %s\n", safe ? "" : " --unsafe-fixes",
                           Escaped(fix.title));
  }
  return out + "\n</details>\n\n";
}

}  // namespace

std::string RenderMarkdown(const Report& report) {
  Places places(*report.sources);
  const FindingCounts counts = CountFindings(report.findings);
  std::string out =
      absl::StrFormat("## pgsift: %s, %s, %d info\n\n", Counted(counts.errors, "error"),
                      Counted(counts.warnings, "warning"), counts.infos);
  if (counts.errors + counts.warnings + counts.infos == 0) return out + "Nothing to report.\n";
  const std::vector<FileFindings> files = ByFile(report, &places);
  size_t left = 0;
  std::string rows = "| file | errors | warnings | info |\n|---|--:|--:|--:|\n";
  for (const FileFindings& file : files) {
    const std::string row = absl::StrFormat(
        "| %s | %d | %d | %d |\n", file.path.empty() ? "-" : "`" + Escaped(file.path) + "`",
        file.counts.errors, file.counts.warnings, file.counts.infos);
    // A third of the room: the findings themselves matter more.
    if (rows.size() + row.size() > kBytesMax / 3) {
      ++left;
      continue;
    }
    rows += row;
  }
  out += rows;
  if (left > 0) out += absl::StrFormat("\n%s more are not listed.\n", Counted(left, "file"));
  out += "\n";
  left = 0;
  for (const FileFindings& file : files) {
    std::string heading =
        file.path.empty() ? "" : absl::StrFormat("### `%s`\n\n", Escaped(file.path));
    for (const auto& [finding, line] : file.findings) {
      const std::string details = Details(*finding, line);
      if (out.size() + heading.size() + details.size() > kBytesMax) {
        ++left;
        continue;
      }
      out += std::exchange(heading, "") + details;
    }
  }
  if (left > 0) {
    out += absl::StrFormat("%s more did not fit here: run `pgsift %s` to see all.\n",
                           Counted(left, "finding"), report.command);
  }
  if (counts.suppressed > 0) out += absl::StrFormat("%d suppressed.\n", counts.suppressed);
  return out;
}

}  // namespace pgsift
