#ifndef PGSIFT_PARSER_QUERY_BLOCKS_H_
#define PGSIFT_PARSER_QUERY_BLOCKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "parser/catalog.h"

namespace pgsift {

// A column that an expression names, resolved as far as the catalog allows.
struct ColumnUse {
  size_t table = kUnresolved;  // Index into QueryBlock::tables of `block`.
  size_t block = 0;            // The block whose FROM has the table: an outer one if correlated.
  std::string column;

  static constexpr size_t kUnresolved = static_cast<size_t>(-1);
  bool resolved() const { return table != kUnresolved; }
};

// What a condition asks of its column; decides which index could serve it.
enum class PredicateKind : uint8_t {
  kEqual,         // column = value; also = ANY and IN.
  kRange,         // <, <=, >, >=, BETWEEN.
  kNotEqual,      // <>, NOT IN, IS DISTINCT FROM.
  kLikePrefix,    // LIKE 'abc%'.
  kLikeAnywhere,  // LIKE '%abc': starts with a wildcard.
  kLikeUnknown,   // LIKE $1.
  kIsNull,
  kIsNotNull,
  kJoin,      // column = column of another table.
  kContains,  // @>, <@, &&, ?, @@ and other operators of GIN and GiST.
  kOther,
};

// One condition of WHERE, ON or HAVING on one column or on one expression of one column.
struct Predicate {
  PredicateKind kind = PredicateKind::kOther;
  ColumnUse column;
  ColumnUse other;              // kJoin: the other side.
  std::string operator_name;    // "=", "@>", "LIKE".
  const Expr* expr = nullptr;   // The whole condition; lives as long as the statement's tree.
  const Expr* side = nullptr;   // The side that holds the column.
  const Expr* value = nullptr;  // The other side; null for IS NULL.
  bool wrapped = false;         // The side is not the bare column but an expression over it.
  bool negated = false;
  bool constant = false;  // Compared with a literal; else with a parameter or an expression.
  bool in_or = false;     // Stands under OR: by itself it does not narrow the rows.
};

struct BlockTable {
  QualifiedName name;  // Resolved where known; of a sub-query or WITH table the alias.
  std::string label;   // What columns are qualified with.
  RelationId id = RelationId::kNone;
  bool base_relation = false;  // Not a sub-query, function or WITH table.
  bool nullable = false;       // On the null side of an outer join.
  bool written = false;        // The target of INSERT, UPDATE, DELETE or MERGE.
  uint64_t offset = 0;
};

struct BlockSortKey {
  ColumnUse column;  // Unresolved: an expression.
  const Expr* expr = nullptr;
  bool descending = false;
  NullsOrder nulls = NullsOrder::kDefault;
};

// One SELECT, INSERT, UPDATE, DELETE or MERGE, without what is nested in it: its tables, the
// conditions on their columns, the order, grouping and limit it asks for.
struct QueryBlock {
  enum class Command : uint8_t {
    kSelect,
    kInsert,
    kUpdate,
    kDelete,
    kMerge
  } command = Command::kSelect;
  size_t parent = static_cast<size_t>(-1);  // The block it is nested in; none for the first.
  std::vector<BlockTable> tables;
  std::vector<Predicate> predicates;
  std::vector<BlockSortKey> order_by;
  std::vector<BlockSortKey> group_by;
  std::vector<ColumnUse> assigned;  // UPDATE … SET.
  const Expr* limit = nullptr;
  const Expr* offset = nullptr;
  // The tree of the block's own command; the others are null.
  const Select* select = nullptr;
  const Insert* insert = nullptr;
  const Update* update = nullptr;
  const Delete* del = nullptr;
  const Merge* merge = nullptr;
  const Expr* where = nullptr;                  // Of SELECT, UPDATE and DELETE.
  const std::vector<FromItem>* from = nullptr;  // FROM of SELECT and UPDATE, USING of DELETE.
  bool distinct = false;
  bool aggregated = false;  // Has GROUP BY or an aggregate that the catalog's own names tell.
  bool correlated = false;  // Names a column of an outer block.
  bool locking = false;     // FOR UPDATE and its like.
};

// Takes a statement apart into its blocks, the outermost first. Empty for statements that are no
// queries (EXPLAIN, COPY and CREATE VIEW give the blocks of their query). Pointers in the result
// point into the statement's tree.
std::vector<QueryBlock> BlocksOf(const Statement& statement, const Catalog& catalog);
std::vector<QueryBlock> BlocksOf(const Query& query, const Catalog& catalog);

// A call of one of the server's own aggregates, without OVER.
bool IsAggregateCall(const Expr& expr);

// The table of a column that the block `at` names, found as PostgreSQL finds it: in the block's own
// FROM, then in those around it; unresolved where the catalog does not tell.
ColumnUse ResolveColumn(const Expr& column, size_t at, const std::vector<QueryBlock>& blocks,
                        const Catalog& catalog);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_QUERY_BLOCKS_H_
