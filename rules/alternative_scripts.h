#ifndef PGSIFT_RULES_ALTERNATIVE_SCRIPTS_H_
#define PGSIFT_RULES_ALTERNATIVE_SCRIPTS_H_

#include <vector>

#include "base/finding.h"
#include "base/source.h"
#include "parser/sql_file.h"

namespace pgsift {

// Takes out of *findings, all of them of `file`, those which say that something is there already
// because another script makes it, where only one of the two is run: patches for several products
// or languages that stand side by side, a schema for each version. Told only of scripts that no
// tool numbers, since a tool runs all of its own.
void DropThoseOfAlternatives(const SqlFile& file, const SourceSet& sources,
                             std::vector<Finding>* findings);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ALTERNATIVE_SCRIPTS_H_
