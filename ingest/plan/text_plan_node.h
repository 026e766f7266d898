#ifndef PGSIFT_INGEST_PLAN_TEXT_PLAN_NODE_H_
#define PGSIFT_INGEST_PLAN_TEXT_PLAN_NODE_H_

#include <string>
#include <string_view>
#include <vector>

#include "ingest/plan/plan_value.h"

namespace pgsift {

// Reads "Hash Left Join" or "Parallel Seq Scan on public.orders o" into the members that FORMAT
// JSON has for it. Returns false if it begins with no node type that EXPLAIN has.
bool ReadNodeName(std::string_view name, PlanValue* node);

// Reads one property of a node, "Sort Method: quicksort  Memory: 25kB", into the members that
// FORMAT JSON has for it. Returns false if the key is none that EXPLAIN prints.
bool ReadNodeProperty(std::string_view key, std::string_view value, PlanValue* node);

// "cost=0.00..1.50 rows=10 width=4", "actual time=0.1..0.2 rows=1 loops=1", "never executed": what
// stands in the parentheses behind a node's name, or behind "Worker 0:".
void ReadNodeNumbers(std::string_view numbers, PlanValue* node);

// Adds the counts of "shared hit=1 read=2, temp read=3 written=4", of "shared read=0.1" (I/O
// timings) and of "records=1 fpi=2 bytes=3 buffers full=4".
void ReadBuffers(std::string_view value, PlanValue* node);
void ReadIoTimings(std::string_view value, PlanValue* node);
void ReadWal(std::string_view value, PlanValue* node);

// Cuts at the commas that stand outside parentheses, brackets and quotes.
std::vector<std::string> SplitList(std::string_view text);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_TEXT_PLAN_NODE_H_
