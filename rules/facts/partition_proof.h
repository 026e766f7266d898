#ifndef PGSIFT_RULES_FACTS_PARTITION_PROOF_H_
#define PGSIFT_RULES_FACTS_PARTITION_PROOF_H_

#include "parser/catalog.h"

namespace pgsift {

// Whether valid CHECKs and NOT NULLs of `table` show that every row is within `bound` of a table
// partitioned by `key`, so that ATTACH PARTITION does not read it. Decides keys of one column by
// range or list; says false where it cannot tell, as PostgreSQL does for hash. Source:
// PartConstraintImpliedByRelConstraint in src/backend/commands/tablecmds.c, predtest.c.
bool ImpliesBound(const Relation& table, const PartitionKey& key, const PartitionBound& bound);

// Whether they show that no row is within `bound`, so that a new partition does not read the
// default partition.
bool ExcludesBound(const Relation& table, const PartitionKey& key, const PartitionBound& bound);

// Whether rows within `bound` can meet a condition on the key. True where it cannot be told.
bool MayMatch(const PartitionKey& key, const PartitionBound& bound, const Expr& condition);

// Whether all values that meet the condition on the key are within `bound`. False where it cannot
// be told.
bool CoversMatch(const PartitionKey& key, const PartitionBound& bound, const Expr& condition);

// Whether a row with this constant as key can be in a partition. True where it cannot be told.
bool MayHold(const PartitionKey& key, const PartitionBound& bound, const Expr& value);

}  // namespace pgsift

#endif  // PGSIFT_RULES_FACTS_PARTITION_PROOF_H_
