#ifndef PGSIFT_RULES_ADVISOR_SELECTIVITY_H_
#define PGSIFT_RULES_ADVISOR_SELECTIVITY_H_

#include "rules/advisor/scans.h"
#include "rules/advisor/table_facts.h"

namespace pgsift {

// The share of a table's rows that a condition keeps, 0 to 1, as PostgreSQL's planner would
// estimate it: most common values, histogram, number of distinct values; its own defaults where
// a value is not known.
double SelectivityOf(const Need& need, const TableFacts& table);
double SelectivityOf(const OrNeed& need, const TableFacts& table);

// The share of rows whose column has one value that is not known: 1 / n_distinct.
double GenericSelectivity(const ColumnFacts& column);

// What an equality keeps on average, if each value is asked for as often as it is there; 0: not
// known.
double ShareAskedFor(const ColumnFacts& column);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_SELECTIVITY_H_
