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

// Reports a finding about the newest statistics: `object` is what it is about, `text` what they say
// of it.
Finding& ReportState(const RuleInfo& rule, EvidencePass& pass, std::string message,
                     std::string object, std::string text);
// SQL to run on the server. It is shown, and `pgsift optimize` gathers it.
Fix RunOnServer(std::string sql);
// How long before the statistics were taken, in ms; -1: not known.
double AgeMs(const Snapshot& snapshot, int64_t time_us);
// A setting of memory or disk as it is written: "2GB", "512MB".
std::string MemorySetting(double bytes);
// A share of one, in percent.
std::string Percent(double share);

}  // namespace pgsift

#endif  // PGSIFT_RULES_SERVER_SERVER_RULE_H_
