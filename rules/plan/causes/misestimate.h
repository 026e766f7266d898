#ifndef PGSIFT_RULES_PLAN_CAUSES_MISESTIMATE_H_
#define PGSIFT_RULES_PLAN_CAUSES_MISESTIMATE_H_

#include <string>
#include <vector>

#include "rules/plan/plan_rule.h"

namespace pgsift {

// Why the planner's number of rows was wrong, as far as the plan, the schema and the statistics
// tell. Each has a rule of its own, so that one cause is one finding.
enum class MisestimateCause : uint8_t {
  kNeverAnalyzed,       // The table has no statistics.
  kStaleStatistics,     // Many rows changed since the last ANALYZE.
  kFunctionDefault,     // A function that returns rows: 1000 are assumed.
  kGenericPlan,         // Conditions compare with parameters whose values the planner did not know.
  kCorrelatedColumns,   // Conditions on several columns of a table depend on each other.
  kDefaultSelectivity,  // A condition that statistics say nothing about.
  kGroups,              // The number of groups.
  kJoin,                // One row was expected of a join.
  kOther,
};

struct Misestimate {
  const PlanNode* node = nullptr;
  MisestimateCause cause = MisestimateCause::kOther;
  double factor = 1;
  bool fewer = false;        // Fewer rows were expected than came.
  double downstream_ms = 0;  // Time of the joins and sorts above that were chosen by this number.
  std::string detail;        // Of kDefaultSelectivity: the condition; of kStaleStatistics: why.
  std::vector<std::string> columns;  // Of kCorrelatedColumns, kGroups.
};

struct MisestimateLimits {
  double factor_min = 10;  // Times by which estimate and truth differ.
  double rows_min = 1000;  // Rows of the larger of the two, over all loops.
};

// The lowest nodes at fault: those whose children were estimated at least three times as well.
// Nodes that a node above stopped early are no error; nor are bitmaps, which count row versions.
std::vector<Misestimate> FindMisestimates(const Plan& plan, const Evidence& evidence,
                                          const MisestimateLimits& limits);

// The same with the usual limits, worked out once a plan. Valid until the next plan.
const std::vector<Misestimate>& MisestimatesOf(const Plan& plan, EvidencePass& pass);

// Reports those of one cause; `fill` adds labels and helps.
template <typename Fill>
void ReportMisestimates(const RuleInfo& rule, MisestimateCause cause, const Plan& plan,
                        EvidencePass& pass, const Fill& fill);

// The finding of one: message, figures.
Finding& ReportMisestimate(const RuleInfo& rule, const Plan& plan, const Misestimate& wrong,
                           EvidencePass& pass);

template <typename Fill>
void ReportMisestimates(const RuleInfo& rule, MisestimateCause cause, const Plan& plan,
                        EvidencePass& pass, const Fill& fill) {
  for (const Misestimate& wrong : MisestimatesOf(plan, pass)) {
    if (wrong.cause == cause) fill(wrong, ReportMisestimate(rule, plan, wrong, pass));
  }
}

}  // namespace pgsift

#endif  // PGSIFT_RULES_PLAN_CAUSES_MISESTIMATE_H_
