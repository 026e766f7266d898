// The part of the HTML page about the server's health.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/html_text.h"
#include "reports/places.h"

namespace pgsift {
namespace {

std::string Shown(double value, const std::string& unit) {
  if (unit == "ms") return HumanMs(value);
  if (unit == "ratio") return absl::StrFormat("%.1f %%", 100 * value);
  if (unit == "per_hour") return absl::StrFormat("%.4g/h", value);
  if (unit == "per_minute") return absl::StrFormat("%.4g/min", value);
  return absl::StrFormat("%.4g", value);
}

std::string Cell(const std::string& text) { return "<td>" + HtmlEscaped(text) + "</td>"; }
std::string Figure(const std::string& text) {
  return "<td class=\"n\">" + HtmlEscaped(text) + "</td>";
}
std::string Known(double value) { return value < 0 ? "" : absl::StrFormat("%.4g", value); }

// To the second, on one line; 0: not known.
std::string Time(int64_t us) {
  std::string time = us == 0 ? "" : IsoTime(us).substr(0, 19);
  std::replace(time.begin(), time.end(), 'T', ' ');
  return "<td class=\"time\">" + time + "</td>";
}

void Alerts(const HealthReport& health, std::string* out) {
  if (health.alerts.empty()) return;
  *out +=
      "<h3>Alerts</h3>\n<div class=\"scroll\"><table "
      "id=\"alert-table\"><thead><tr><th>severity</th>"
      "<th>alert</th><th>from (UTC)</th><th>to (UTC)</th><th "
      "class=\"n\">peak</th><th>what</th></tr></thead>"
      "<tbody>\n";
  for (const HealthAlert& alert : health.alerts) {
    std::string what = HtmlEscaped(alert.message);
    for (const std::string& detail : alert.details) {
      what += "<br><span class=\"soft mono\">" + HtmlEscaped(detail) + "</span>";
    }
    *out += "<tr>" + Cell(std::string(SeverityName(alert.severity))) + Cell(alert.name) +
            Time(alert.begin_us) + Time(alert.end_us) +
            Figure(alert.peak_unit.empty() ? "" : Shown(alert.peak, alert.peak_unit)) + "<td>" +
            what + "</td></tr>\n";
  }
  *out += "</tbody></table></div>\n";
}

void Pools(const HealthReport& health, std::string* out) {
  if (health.pools.empty()) return;
  *out +=
      "<h3>Applications</h3>\n<div class=\"scroll\"><table><thead><tr><th>application</th>"
      "<th class=\"n\">opened</th><th class=\"n\">left open</th><th class=\"n\">open at most</th>"
      "<th class=\"n\">calls/s</th><th class=\"n\">mean</th><th class=\"n\">busy p50</th>"
      "<th class=\"n\">busy p99</th><th class=\"n\">busy max</th><th class=\"n\">connections "
      "needed</th></tr></thead><tbody>\n";
  for (const PoolHealth& pool : health.pools) {
    *out += "<tr>" + Cell(pool.name.empty() ? "(unknown)" : pool.name) +
            Figure(Known(pool.opened)) + Figure(Known(pool.left_open)) +
            Figure(Known(pool.open_max)) + Figure(Known(pool.calls_per_second)) +
            Figure(HumanMs(pool.service_ms)) + Figure(Known(pool.busy_p50)) +
            Figure(Known(pool.busy_p99)) + Figure(Known(pool.busy_max)) +
            Figure(Grouped(pool.needed)) + "</tr>\n";
  }
  *out += "</tbody></table></div>\n";
}

}  // namespace

std::string HtmlHealth(const HealthReport& health) {
  std::string out = absl::StrFormat("<h2 id=\"health\">Health: %.0f of 100</h2>\n", health.score);
  for (const std::string& note : health.notes) {
    out += "<p class=\"soft\">" + HtmlEscaped(note) + "</p>\n";
  }
  if (!health.components.empty()) {
    out +=
        "<div class=\"scroll\"><table id=\"health-table\"><thead><tr><th>objective</th>"
        "<th class=\"n\">value</th><th class=\"n\">target</th><th class=\"n\">score</th><th>what "
        "it "
        "is</th></tr></thead><tbody>\n";
    for (const HealthComponent& component : health.components) {
      out += "<tr>" + Cell(component.name) + Figure(Shown(component.value, component.unit)) +
             Figure((component.at_least ? "≥ " : "≤ ") + Shown(component.target, component.unit)) +
             absl::StrFormat(
                 "<td class=\"n\">%.0f<span class=\"bar\" style=\"width:%.0f%%\"></span></td>",
                 component.score, component.score) +
             Cell(component.about) + "</tr>\n";
    }
    out += "</tbody></table></div>\n";
  }
  Alerts(health, &out);
  Pools(health, &out);
  return out;
}

}  // namespace pgsift
