// The part of the HTML page about logs.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/html_text.h"

namespace pgsift {
namespace {

// More rows than this make a page that no one reads; the JSON report has all.
constexpr size_t kRowsMax = 200;

std::string Header(const char* name, bool number, bool sorted = false) {
  return absl::StrFormat("<th%s%s><button type=\"button\">%s</button></th>",
                         number ? " class=\"n\"" : "", sorted ? " aria-sort=\"descending\"" : "",
                         name);
}

std::string Number(double sort, const std::string& shown) {
  return absl::StrFormat("<td class=\"n\" data-sort=\"%.6g\">%s</td>", sort, shown);
}

}  // namespace

std::string HtmlWorkload(const WorkloadReport& workload) {
  std::string out =
      "<h2 id=\"queries\">Queries</h2>\n<div class=\"scroll\"><table "
      "id=\"query-table\"><thead><tr>";
  out += Header("total", true, true) + Header("calls", true) + Header("mean", true) +
         Header("p95", true) + Header("max", true) + Header("errors", true) +
         Header("query", false) + "</tr></thead><tbody>\n";
  size_t rows = 0;
  for (const QueryReport& query : workload.queries) {
    if (++rows > kRowsMax) break;
    const double share = workload.total_ms > 0 ? query.total_ms / workload.total_ms : 0;
    out += "<tr>";
    out += absl::StrFormat(
        "<td class=\"n\" data-sort=\"%.6g\">%s<span class=\"bar\" "
        "style=\"width:%.1f%%\"></span></td>",
        query.total_ms, HumanMs(query.total_ms), std::max(1.0, 100 * share));
    out += Number(static_cast<double>(query.calls), Grouped(query.calls));
    out += Number(query.mean_ms, HumanMs(query.mean_ms)) +
           Number(query.p95_ms, HumanMs(query.p95_ms)) +
           Number(query.max_ms, HumanMs(query.max_ms)) +
           Number(static_cast<double>(query.errors), Grouped(query.errors));
    out += "<td class=\"mono q\">" + HtmlEscaped(OneLine(query.query, 600)) + "</td></tr>\n";
  }
  out += "</tbody></table></div>\n";
  if (workload.queries.size() > kRowsMax) {
    out += absl::StrFormat("<p class=\"soft\">%d more shapes are in the JSON report.</p>\n",
                           workload.queries.size() - kRowsMax);
  }
  if (!workload.errors.empty()) {
    out += "<h2>Errors</h2>\n<div class=\"scroll\"><table><thead><tr>" +
           Header("count", true, true) + Header("level", false) + Header("message", false) +
           "</tr></thead><tbody>\n";
    for (const ErrorReport& error : workload.errors) {
      out += "<tr>" + Number(static_cast<double>(error.count), Grouped(error.count)) + "<td>" +
             HtmlEscaped(error.level) + "</td><td>" + HtmlEscaped(error.message) + "</td></tr>\n";
    }
    out += "</tbody></table></div>\n";
  }
  if (!workload.events.empty()) {
    out += "<h2>Events</h2>\n<div class=\"scroll\"><table><thead><tr>" + Header("event", false) +
           Header("count", true) + "<th>first example</th></tr></thead><tbody>\n";
    for (const EventReport& event : workload.events) {
      const std::string example =
          event.examples.empty() ? "" : OneLine(event.examples.front().text, 200);
      out += "<tr><td>" + HtmlEscaped(event.name) + "</td>" +
             Number(static_cast<double>(event.count), Grouped(event.count)) +
             "<td class=\"mono q\">" + HtmlEscaped(example) + "</td></tr>\n";
    }
    out += "</tbody></table></div>\n";
  }
  return out;
}

}  // namespace pgsift
