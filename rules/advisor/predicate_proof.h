#ifndef PGSIFT_RULES_ADVISOR_PREDICATE_PROOF_H_
#define PGSIFT_RULES_ADVISOR_PREDICATE_PROOF_H_

#include "parser/catalog.h"
#include "parser/expression.h"

namespace pgsift {

// Every row of `table` for which `given` is true, `wanted` is true of as well, and PostgreSQL can
// tell: what it proves before it reads a partial index. `x > 10` proves `x > 5`, `x = 'a'` proves
// `x IN ('a', 'b')`, any comparison with x proves `x IS NOT NULL`. False: it cannot be proved.
bool Proves(const Expr& given, const Expr& wanted, const Relation& table);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_PREDICATE_PROOF_H_
