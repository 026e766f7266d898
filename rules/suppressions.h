#ifndef PGSIFT_RULES_SUPPRESSIONS_H_
#define PGSIFT_RULES_SUPPRESSIONS_H_

#include <vector>

#include "parser/sql_file.h"
#include "rules/registry.h"

namespace pgsift {

// Applies the comments of `file`:
//
//   -- pgsift: ignore RULE[, RULE] because REASON        above a statement or at its end
//   -- pgsift: ignore-file RULE[, RULE] because REASON   anywhere in the file
//
// Findings of the file that one names become suppressed, with the reason. A comment that suppresses
// nothing, gives no reason, or names no known rule is itself reported into *findings.
void ApplySuppressions(const SqlFile& file, const RuleSet& rules, std::vector<Finding>* findings);

}  // namespace pgsift

#endif  // PGSIFT_RULES_SUPPRESSIONS_H_
