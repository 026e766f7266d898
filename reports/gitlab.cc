// GitLab's code quality report: a subset of the Code Climate format.

#include "base/json_writer.h"
#include "base/text.h"
#include "reports/finding_lines.h"

namespace pgsift {
namespace {

// GitLab matches paths with those of the repository: no ./ in front.
std::string_view RepositoryPath(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

}  // namespace

std::string RenderGitlab(const Report& report) {
  Places places(*report.sources);
  JsonWriter json(JsonWriter::Layout::kIndented);
  json.BeginArray();
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) continue;
    const FindingLine line = LineOf(finding, &places);
    const char* severity = finding.severity == Severity::kError     ? "critical"
                           : finding.severity == Severity::kWarning ? "major"
                                                                    : "info";
    std::string text = finding.message;
    if (!finding.helps.empty()) text += " (" + finding.helps.front() + ")";
    json.BeginObject().Field("description", text);
    json.Field("check_name", finding.rule->name).Field("fingerprint", Hex64(finding.fingerprint));
    json.Field("severity", severity)
        .Key("location")
        .BeginObject()
        .Field("path", RepositoryPath(line.path));
    json.Key("lines")
        .BeginObject()
        .Field("begin", line.line)
        .Field("end", line.end_line)
        .EndObject();
    json.EndObject().EndObject();
  }
  json.EndArray();
  return json.Take() + "\n";
}

}  // namespace pgsift
