#ifndef PGSIFT_REPORTS_HTML_PLAN_VIEWER_H_
#define PGSIFT_REPORTS_HTML_PLAN_VIEWER_H_

#include <string>
#include <utility>
#include <vector>

#include "reports/plan_report.h"

namespace pgsift {

// Short texts of the findings at a node, by the node's id.
using NodeRemarks = std::vector<std::pair<int, std::string>>;

// A plan as EXPLAIN (FORMAT JSON) would print it, for the viewer (pev2) in the page: an object with
// `source` (that JSON as a string), `query` and `findings` (by node). Whatever format the plan came
// in, and with our times: averages are such that the viewer arrives at inclusive_ms. The viewer
// numbers nodes in the same order as we do. The text may stand inside a script element. The plan's
// nodes must not be nested deeper than a few hundred.
std::string PlanForViewer(const PlanReport& plan, const NodeRemarks& remarks);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_HTML_PLAN_VIEWER_H_
