#include "reports/report.h"

#include <array>

#include "base/text.h"

namespace pgsift {
namespace {

struct FormatName {
  Format format;
  std::string_view name;
};
constexpr auto kNames = std::to_array<FormatName>({
    {Format::kText, "text"},
    {Format::kConcise, "concise"},
    {Format::kJson, "json"},
    {Format::kHtml, "html"},
    {Format::kSarif, "sarif"},
    {Format::kGithub, "github"},
    {Format::kGitlab, "gitlab"},
    {Format::kJunit, "junit"},
    {Format::kMarkdown, "markdown"},
    {Format::kPrometheus, "prometheus"},
    {Format::kSql, "sql"},
});
constexpr auto kEndings = std::to_array<FormatName>({
    {Format::kHtml, ".html"},
    {Format::kHtml, ".htm"},
    {Format::kJson, ".json"},
    {Format::kSarif, ".sarif"},
    {Format::kMarkdown, ".md"},
    {Format::kJunit, ".xml"},
    {Format::kText, ".txt"},
    {Format::kPrometheus, ".prom"},
    {Format::kSql, ".sql"},
});

}  // namespace

std::optional<Format> FormatByName(std::string_view name) {
  for (const FormatName& entry : kNames) {
    if (entry.name == name) return entry.format;
  }
  return std::nullopt;
}

std::optional<Format> FormatByEnding(std::string_view path) {
  const std::string lower = Lower(path);
  for (const FormatName& entry : kEndings) {
    if (std::string_view(lower).ends_with(entry.name)) return entry.format;
  }
  return std::nullopt;
}

const std::vector<std::string_view>& FormatNames() {
  static const auto& names = *new std::vector<std::string_view>([] {
    std::vector<std::string_view> list;
    for (const FormatName& entry : kNames) list.push_back(entry.name);
    return list;
  }());
  return names;
}

FindingCounts CountFindings(const std::vector<Finding>& findings) {
  FindingCounts counts;
  for (const Finding& finding : findings) {
    if (finding.suppressed) {
      ++counts.suppressed;
    } else if (finding.severity == Severity::kError) {
      ++counts.errors;
    } else if (finding.severity == Severity::kWarning) {
      ++counts.warnings;
    } else {
      ++counts.infos;
    }
  }
  return counts;
}

std::string Render(Format format, const Report& report, const RenderOptions& options) {
  switch (format) {
    case Format::kText:
      return RenderText(report, options);
    case Format::kConcise:
      return RenderConcise(report);
    case Format::kJson:
      return RenderJson(report);
    case Format::kHtml:
      return RenderHtml(report);
    case Format::kSarif:
      return RenderSarif(report);
    case Format::kGithub:
      return RenderGithub(report);
    case Format::kGitlab:
      return RenderGitlab(report);
    case Format::kJunit:
      return RenderJunit(report);
    case Format::kMarkdown:
      return RenderMarkdown(report);
    case Format::kPrometheus:
      return RenderPrometheus(report);
    case Format::kSql:
      return RenderSql(report);
  }
  return {};
}

}  // namespace pgsift
