#ifndef PGSIFT_RULES_SERVER_SERVER_RULE_H_
#define PGSIFT_RULES_SERVER_SERVER_RULE_H_

#include <string>

#include "ingest/log/workload.h"
#include "rules/rule.h"

namespace pgsift {

// What the log says of one class of events, or null where there is no log or no such event.
const EventStats* EventsOf(const EvidencePass& pass, Event event);

// Reports a finding about a class of events: at its first example, with the examples as evidence.
Finding& ReportEvents(const RuleInfo& rule, const EventStats& events, EvidencePass& pass,
                      std::string message);

}  // namespace pgsift

#endif  // PGSIFT_RULES_SERVER_SERVER_RULE_H_
