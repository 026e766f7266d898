#ifndef PGSIFT_RULES_ADVISOR_GIN_SIZE_H_
#define PGSIFT_RULES_ADVISOR_GIN_SIZE_H_

#include "rules/advisor/index_design.h"

namespace pgsift {

// Bytes of a GIN index of `rows` rows: by the width of its columns, and of trigrams by how many a
// value has and how many rows share them, as the histogram's values show.
double GinBytes(const IndexDesign& design, const TableFacts& facts, double rows);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_GIN_SIZE_H_
