#ifndef PGSIFT_RULES_QUERY_QUERY_RULE_H_
#define PGSIFT_RULES_QUERY_QUERY_RULE_H_

#include <string>

#include "rules/rule.h"

namespace pgsift {

// Reports a finding about an observed query: with its text, its place, and what the log says of it
// (calls, time), by which the findings are ordered.
Finding& ReportQuery(const RuleInfo& rule, const ObservedQuery& query, EvidencePass& pass,
                     std::string message);

// Seen in a log, and never slower than a millisecond: the table is small, whatever the query's
// form.
bool TooQuickToMatter(const ObservedQuery& query);

}  // namespace pgsift

#endif  // PGSIFT_RULES_QUERY_QUERY_RULE_H_
