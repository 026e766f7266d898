#ifndef PGSIFT_RULES_PLAN_PLAN_RULE_H_
#define PGSIFT_RULES_PLAN_PLAN_RULE_H_

#include <string>

#include "ingest/plan/plan.h"
#include "rules/rule.h"

namespace pgsift {

// Reports a finding about one node of a plan: with its place, its relation, and its share of the
// time. `saving_ms` is the time that it estimates could be saved; it orders the findings.
Finding& ReportNode(const RuleInfo& rule, const Plan& plan, const PlanNode& node, double saving_ms,
                    EvidencePass& pass, std::string message);

}  // namespace pgsift

#endif  // PGSIFT_RULES_PLAN_PLAN_RULE_H_
