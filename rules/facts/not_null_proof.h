#ifndef PGSIFT_RULES_FACTS_NOT_NULL_PROOF_H_
#define PGSIFT_RULES_FACTS_NOT_NULL_PROOF_H_

#include <string>

#include "parser/catalog.h"

namespace pgsift {

// The constraint that shows that no row has a null in the column, or null: a CHECK of which
// `column IS NOT NULL` is the whole or one part of a conjunction. `validated` false: one that would
// show it once it is validated. Source: ConstraintImpliedByRelConstraint in
// src/backend/commands/tablecmds.c; PostgreSQL 12 and later.
const CatalogConstraint* NotNullProof(const Relation& table, const std::string& column,
                                      bool validated = true);

}  // namespace pgsift

#endif  // PGSIFT_RULES_FACTS_NOT_NULL_PROOF_H_
