#ifndef PGSIFT_RULES_VERSION_MARK_H_
#define PGSIFT_RULES_VERSION_MARK_H_

#include "parser/catalog.h"
#include "parser/query.h"

namespace pgsift {

// Whether an UPDATE notes which version the schema has: the one row of a table that holds little
// else. Scripts without a migration tool end with it. `table`: null if it is not known.
bool MarksVersion(const Update& update, const Relation* table);

}  // namespace pgsift

#endif  // PGSIFT_RULES_VERSION_MARK_H_
