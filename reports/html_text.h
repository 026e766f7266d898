#ifndef PGSIFT_REPORTS_HTML_TEXT_H_
#define PGSIFT_REPORTS_HTML_TEXT_H_

#include <string>
#include <string_view>

#include "base/health.h"
#include "reports/workload_report.h"

namespace pgsift {

// Text that stays text in HTML, in element content and in quoted attributes. Bytes that are not
// UTF-8 and control characters are replaced.
std::string HtmlEscaped(std::string_view text);
// The same, with `code` between backticks.
std::string HtmlInline(std::string_view text);
// Markdown as rule pages use it: paragraphs, lists and code between backticks.
std::string HtmlParagraphs(std::string_view markdown);

// The page's part about logs: queries, events, errors.
std::string HtmlWorkload(const WorkloadReport& workload);
// The part about the server's health.
std::string HtmlHealth(const HealthReport& health);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_HTML_TEXT_H_
