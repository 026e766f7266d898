#ifndef PGSIFT_PARSER_QUERY_WALK_H_
#define PGSIFT_PARSER_QUERY_WALK_H_

#include <cstdint>
#include <functional>

#include "parser/query.h"

namespace pgsift {

// What a query does with a relation that it names.
enum class RelationUse : uint8_t {
  kRead,
  kLocked,  // Read, and its rows locked: FOR UPDATE, FOR SHARE and their like.
  kInserted,
  kUpdated,
  kDeleted,
  kMerged,
};

// Calls visit(relation reference, use, condition) for every relation that a query names, at any
// depth; names of its own WITH tables are left out. `condition` is the WHERE of the SELECT, UPDATE
// or DELETE that names it, or null.
using RelationVisit = std::function<void(const RelationRef&, RelationUse, const Expr*)>;
void VisitRelations(const Query& query, const RelationVisit& visit);
// The same for the sub-queries of an expression.
void VisitRelations(const Expr& expr, const RelationVisit& visit);

// Calls visit(expression) for every expression of a query and everything in it, at any depth.
void VisitExpressions(const Query& query, const std::function<void(const Expr&)>& visit);
// The same for an expression; sub-queries are entered.
void VisitExpressions(const Expr& expr, const std::function<void(const Expr&)>& visit);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_QUERY_WALK_H_
