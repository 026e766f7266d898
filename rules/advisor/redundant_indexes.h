#ifndef PGSIFT_RULES_ADVISOR_REDUNDANT_INDEXES_H_
#define PGSIFT_RULES_ADVISOR_REDUNDANT_INDEXES_H_

#include <string>
#include <vector>

#include "rules/evidence.h"

namespace pgsift {

// An index that another one of the same table makes needless.
struct RedundantIndex {
  const Relation* table = nullptr;
  const Relation* index = nullptr;  // The one to drop.
  const Relation* by = nullptr;     // The one that serves instead.
  bool duplicate = false;           // Both are the same; else `index` is a prefix of `by`.
  // `by` is so much larger that searches cost noticeably more with it: to be weighed, not dropped
  // unseen.
  bool at_a_cost = false;
  // Its columns are wider, and how large both are is not known: it may cost a little.
  bool wider = false;
  // How much more the dearest search may cost: 0.05 is 5 %. An estimate; -1: sizes are not known.
  double cost = -1;
  std::string reason;
  std::string drop_sql;
  std::string undo_sql;  // The CREATE INDEX that brings it back.
};

// Every index that can be dropped without losing a plan or a constraint, each once, by table and
// name. An index is kept when it backs a constraint, enforces uniqueness that nothing else does, is
// the replica identity, or differs in method, predicate, collation, operator class or order.
//
// A partial index is needless only beside one without a predicate or with one that its own proves.
// A larger index serves at a cost: how large both are, the statistics say; without them, the types
// of their columns tell which is wider, and only one that is twice as wide is held against the
// verdict. GIN, GiST and BRIN indexes are compared as sets of keys, btrees key by key: in the same
// order, or in the opposite order of all keys, for they are read both ways.
std::vector<RedundantIndex> FindRedundantIndexes(const Evidence& evidence);

// "DROP INDEX CONCURRENTLY …;", and the statement that brings an index back.
std::string DropIndexSql(const Relation& index);
std::string CreateIndexConcurrentlySql(const Relation& index, const Relation& table);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_REDUNDANT_INDEXES_H_
