#ifndef PGSIFT_RULES_TRAFFIC_TRAFFIC_RULE_H_
#define PGSIFT_RULES_TRAFFIC_TRAFFIC_RULE_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "ingest/log/workload.h"
#include "rules/rule.h"

namespace pgsift {

// The query with this id, or null.
const QueryStats* QueryById(const WorkloadTotals& totals, std::string_view id);
// Whether a statement begins with this word, given in lower case.
bool IsCommand(const QueryStats& query, std::string_view word);
// A SELECT, WITH included.
bool IsRead(const QueryStats& query);
// A query that monitoring or a driver runs: SELECT 1, SHOW, catalog queries.
bool IsHousekeeping(const QueryStats& query);
// Reports a finding at a place of the log, with the query's example as its statement.
Finding& ReportTraffic(const RuleInfo& rule, EvidencePass& pass, const LogPlace& place,
                       const QueryStats& query, std::string message);

// The runs of every shape together, by its id, whatever came before them; only those that `counts`.
std::map<std::string, RunStats> RunsByShape(const WorkloadTotals& totals,
                                            const std::function<bool(const RunStats&)>& counts);

// A query that fetches by one key, for a whole list of keys; "" if that cannot be told.
//   SELECT * FROM items WHERE order_id = $1  ->  … WHERE order_id = ANY($1)
std::string ForAllKeys(const std::string& query);

}  // namespace pgsift

#endif  // PGSIFT_RULES_TRAFFIC_TRAFFIC_RULE_H_
