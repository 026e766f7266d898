#ifndef PGSIFT_RULES_QUERY_QUERY_RULE_H_
#define PGSIFT_RULES_QUERY_QUERY_RULE_H_

#include <functional>
#include <string>
#include <vector>

#include "rules/rule.h"

namespace pgsift {

// Reports a finding about an observed query: with its text, its place, and what the log says of it
// (calls, time), by which the findings are ordered.
Finding& ReportQuery(const RuleInfo& rule, const ObservedQuery& query, EvidencePass& pass,
                     std::string message);
// The same about a part of it: placed at `part` where the query stands in a file.
Finding& ReportPart(const RuleInfo& rule, const ObservedQuery& query, uint64_t part_offset,
                    EvidencePass& pass, std::string message);

// What only costs time is not worth saying: the log shows that it was never slower than a
// millisecond, or it is a statement of a script that changes rows once.
bool TooQuickToMatter(const ObservedQuery& query);

// A column that an expression names, in the catalog.
struct KnownColumn {
  const Relation* table = nullptr;
  const CatalogColumn* column = nullptr;
  const BlockTable* named = nullptr;  // As FROM has the table; null only if the name is not found.
  size_t block = 0;                   // Whose FROM it is.
  bool known() const { return column != nullptr; }
};
KnownColumn FindColumn(const ObservedQuery& query, size_t block, const Expr& expr,
                       const Catalog& catalog);

using ExprVisit = std::function<void(const Expr&)>;
// Calls visit(condition) for what AND joins in WHERE, and in ON of inner joins.
void EachConjunct(const QueryBlock& block, const ExprVisit& visit);
// The same for the arms of AND in one expression.
void EachConjunct(const Expr& expr, const ExprVisit& visit);
// Calls visit for every expression in WHERE, HAVING and ON, and everything in them; sub-queries are
// blocks of their own and are not entered.
void EachInConditions(const QueryBlock& block, const ExprVisit& visit);
// Calls visit for every expression of the block and everything in it, the output included.
void EachExpr(const QueryBlock& block, const ExprVisit& visit);
// Calls visit(join) for every join of FROM.
void EachJoin(const QueryBlock& block, const std::function<void(const FromItem&)>& visit);

// The index of `table` whose keys `columns` contain all of: at most one row has given values.
const Relation* UniqueIndexWithin(const Relation& table, const std::vector<std::string>& columns,
                                  const Catalog& catalog);
// The columns of the block's `table` that its conditions fix to one value; with `lists` also those
// that IN and = ANY fix to some.
std::vector<std::string> FixedColumns(const QueryBlock& block, size_t table, bool lists = false);
// An index of `table` finds what stands anywhere in the column: GIN or GiST over trigrams.
bool HasTrigramIndex(const Relation& table, const std::string& column, const Catalog& catalog);
// The comparison with its sides exchanged: "<" for ">".
std::string Flipped(std::string_view comparison);
// An index of `table` holds the expression as its first key.
bool IsIndexedExpression(const Relation& table, const Expr& expr, const Catalog& catalog);
// An index of `table` begins with the column; null: none.
const Relation* IndexBeginningWith(const Relation& table, const std::string& column,
                                   const Catalog& catalog);

// Families of types between which comparison needs no cast of a column.
enum class TypeFamily : uint8_t {
  kUnknown,
  kInteger,
  kNumeric,
  kFloat,
  kText,  // text, varchar; citext is kUnknown.
  kChar,  // char(n).
  kTimestamp,
  kTimestampTz,
  kDate,
  kUuid,
  kBoolean,
  kJson,
  kJsonb,
};
// Domains are followed; an array is kUnknown.
TypeFamily FamilyOf(const TypeName& type, const Catalog& catalog);

// An expression that is a literal: also behind a cast or a sign. Null: it is none.
const Expr* Literal(const Expr& expr);
// A call of one of the names, in pg_catalog or unqualified.
bool Calls(const Expr& expr, std::initializer_list<std::string_view> names);
// now(), CURRENT_DATE and their like: constant within a transaction.
bool IsNow(const Expr& expr);

}  // namespace pgsift

#endif  // PGSIFT_RULES_QUERY_QUERY_RULE_H_
