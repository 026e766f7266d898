#ifndef PGSIFT_REPORTS_HTML_PLANS_H_
#define PGSIFT_REPORTS_HTML_PLANS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "reports/report.h"

namespace pgsift {

// Finds the node of the report's plans that a finding is about. The report must outlive it.
class PlanPlaces {
 public:
  explicit PlanPlaces(const Report& report);
  // Sets the plan's place in the report and the node's id; false: the finding is about none.
  bool NodeOf(const Finding& finding, size_t* plan, int* node) const;
  // The anchor of that node; "" if there is none.
  std::string Anchor(const Finding& finding) const;

 private:
  const Report& report_;
  // By input and offset of the plan, and of each of its nodes.
  std::map<std::pair<std::string_view, uint64_t>, size_t> plans_;
};

// The page's part about plans: each in pev2 and as a tree that opens and closes, with the findings
// about a node at the node, and comparisons.
std::string HtmlPlans(const Report& report, const PlanPlaces& places);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_HTML_PLANS_H_
