// GitLab's code quality report: a subset of the Code Climate format.

#include "base/json_writer.h"
#include "base/text.h"
#include "reports/finding_lines.h"

namespace pgsift {

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
    json.BeginObject().Field("description", finding.message);
    json.Field("check_name", finding.rule->name).Field("fingerprint", Hex64(finding.fingerprint));
    json.Field("severity", severity).Key("location").BeginObject().Field("path", line.path);
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
