#ifndef PGSIFT_REPORTS_TEXT_SECTIONS_H_
#define PGSIFT_REPORTS_TEXT_SECTIONS_H_

#include <string>

#include "reports/places.h"
#include "reports/report.h"
#include "reports/text_style.h"

namespace pgsift {

// The parts of a text report, each in a file of its own. What does not apply is "".
std::string TextFinding(const Finding& finding, const SourceSet& sources,
                        const RenderOptions& options, const TextStyle& style, Places* places);
std::string TextWorkload(const WorkloadReport& workload, const RenderOptions& options,
                         const TextStyle& style);
std::string TextPlans(const std::vector<PlanReport>& plans, const RenderOptions& options,
                      const TextStyle& style);
// Queries with several plans only.
std::string TextPlanGroups(const std::vector<PlanGroupReport>& groups,
                           const std::vector<PlanReport>& plans, const RenderOptions& options,
                           const TextStyle& style);
std::string TextPlanComparisons(const std::vector<PlanComparisonReport>& comparisons,
                                const RenderOptions& options, const TextStyle& style);
std::string TextLocks(const std::vector<StatementReport>& statements, const RenderOptions& options,
                      const TextStyle& style);
std::string TextHealth(const HealthReport& health, const RenderOptions& options,
                       const TextStyle& style);
std::string TextIndexes(const IndexAdvice& indexes, const RenderOptions& options,
                        const TextStyle& style);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_TEXT_SECTIONS_H_
