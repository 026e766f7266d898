#ifndef PGSIFT_REPORTS_HTML_PLANS_H_
#define PGSIFT_REPORTS_HTML_PLANS_H_

#include <string>

#include "reports/report.h"

namespace pgsift {

// The page's part about plans: each as a tree that opens and closes, with the findings about a node
// at the node, and comparisons.
std::string HtmlPlans(const Report& report);
// The anchor of the node that a finding is about; "" if it is about none of the report's plans.
std::string PlanAnchor(const Report& report, const Finding& finding);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_HTML_PLANS_H_
