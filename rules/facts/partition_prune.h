#ifndef PGSIFT_RULES_FACTS_PARTITION_PRUNE_H_
#define PGSIFT_RULES_FACTS_PARTITION_PRUNE_H_

#include <functional>
#include <string>
#include <vector>

#include "parser/catalog.h"

namespace pgsift {

// Partitions of one parent, in the parent's order.
struct PartitionChoice {
  std::vector<const Relation*> partitions;
  // False: the constants decide it, but not in a way that is known here (a numeric hash key); all
  // that may be are listed.
  bool known = true;
};

// The partitions that the planner opens for a condition on `parent`, whose columns are called
// `label`.column in it. Null: no condition. Only constants prune; what is known when a query begins
// (now()) does not spare the locks. Source: src/backend/partitioning/partprune.c.
PartitionChoice PartitionsFor(const Relation& parent, const std::string& label, const Expr* where,
                              const Catalog& catalog);

// The value of a column of a row, or null where it is no constant.
using RowValue = std::function<const Expr*(const std::string& column)>;

// The partition of `parent` that a row goes to: one or, where the row has none, no partition. Not
// `known`, with all partitions, where the values do not tell. Source: get_partition_for_tuple.
PartitionChoice PartitionOfRow(const Relation& parent, const RowValue& value,
                               const Catalog& catalog);

}  // namespace pgsift

#endif  // PGSIFT_RULES_FACTS_PARTITION_PRUNE_H_
