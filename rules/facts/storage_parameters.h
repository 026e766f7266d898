#ifndef PGSIFT_RULES_FACTS_STORAGE_PARAMETERS_H_
#define PGSIFT_RULES_FACTS_STORAGE_PARAMETERS_H_

#include <string_view>

#include "rules/facts/lock_mode.h"

namespace pgsift {

// The lock that ALTER TABLE | INDEX … SET (name = …) takes. Source: the `lockmode` of the entries
// in src/backend/access/common/reloptions.c.
LockMode LockOfStorageParameter(std::string_view name);

}  // namespace pgsift

#endif  // PGSIFT_RULES_FACTS_STORAGE_PARAMETERS_H_
