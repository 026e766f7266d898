// Prometheus's text exposition: metrics for the textfile collector, and for --listen.

#include <cmath>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/report.h"

namespace pgsift {
namespace {

std::string Escaped(std::string_view text, bool label) {
  std::string out;
  for (char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && label) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Value(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value == std::floor(value) && std::abs(value) < 1e15) return absl::StrFormat("%.0f", value);
  return absl::StrFormat("%.9g", value);
}

void Write(const MetricFamily& family, std::string* out) {
  if (family.samples.empty()) return;
  *out += "# HELP " + family.name + " " + Escaped(family.help, false) + "\n";
  *out += "# TYPE " + family.name + " " + family.type + "\n";
  for (const MetricSample& sample : family.samples) {
    *out += family.name + sample.suffix;
    if (!sample.labels.empty()) {
      char separator = '{';
      for (const auto& [name, value] : sample.labels) {
        *out += separator + name + "=\"" + Escaped(ToUtf8(value).text, true) + "\"";
        separator = ',';
      }
      *out += '}';
    }
    *out += " " + Value(sample.value) + "\n";
  }
}

MetricFamily FindingsFamily(const Report& report) {
  const FindingCounts counts = CountFindings(report.findings);
  MetricFamily family{
      .name = "pgsift_findings", .help = "Findings of the last run, by severity", .type = "gauge"};
  family.samples = {{{{"severity", "error"}}, static_cast<double>(counts.errors)},
                    {{{"severity", "warning"}}, static_cast<double>(counts.warnings)},
                    {{{"severity", "info"}}, static_cast<double>(counts.infos)}};
  return family;
}

}  // namespace

std::string RenderPrometheus(const Report& report) {
  std::string out;
  Write(
      {.name = "pgsift_build_info",
       .help = "Version of pgsift and of its PostgreSQL grammar",
       .type = "gauge",
       .samples = {{{{"version", report.tool_version}, {"grammar", report.postgres_grammar}}, 1}}},
      &out);
  Write(FindingsFamily(report), &out);
  for (const MetricFamily& family : report.metrics) Write(family, &out);
  return out;
}

}  // namespace pgsift
