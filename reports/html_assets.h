#ifndef PGSIFT_REPORTS_HTML_ASSETS_H_
#define PGSIFT_REPORTS_HTML_ASSETS_H_

#include <string_view>

namespace pgsift {

// The style and the script of the HTML report: reports/html/report.css and report.js, which the
// build puts into the program.
std::string_view HtmlStyle();
std::string_view HtmlScript();
// The page that shows one plan, gzipped and in base64: reports/html/pev2/viewer.b64.
std::string_view HtmlPlanViewer();

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_HTML_ASSETS_H_
