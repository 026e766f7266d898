#ifndef PGSIFT_RULES_EFFECTS_ROW_VALUES_H_
#define PGSIFT_RULES_EFFECTS_ROW_VALUES_H_

// Internal to rules/effects/: what a statement's text says of the rows that it writes.

#include <string>
#include <string_view>
#include <vector>

#include "parser/catalog.h"
#include "parser/query_walk.h"

namespace pgsift {

// "INSERT", "UPDATE" or "DELETE".
std::string_view EventOf(RelationUse use);
bool Fires(const CatalogTrigger& trigger, RelationUse use);
bool Meets(const std::vector<std::string>& a, const std::vector<std::string>& b);

// The constant that a condition sets the column equal to, or null.
const Expr* EqualTo(const Expr& expr, const std::string& column);
// The condition of a SELECT, UPDATE or DELETE, or null.
const Expr* WhereOf(const Query& query);

// The columns that an INSERT gives values or DEFAULT to, in the order of its rows.
std::vector<std::string> GivenColumns(const Insert& insert, const Relation& table);
// The value of a column that a row does not give; null where it is not known from the text.
const Expr* DefaultOf(const Relation& table, const std::string& column);
// A column that an INSERT of `given` columns leaves null.
bool IsLeftNull(const Relation& table, const std::vector<std::string>& given,
                const std::string& column);
// The value that the query gives a column of its target, or null: in VALUES of one row, in SET, or
// by an equality of its WHERE.
const Expr* ValueOf(const Query* query, const std::string& column, const Relation& table);

// The columns that a partitioned table, or one below it, is divided by.
std::vector<std::string> PartitionColumns(const Relation& table, const Catalog& catalog);

}  // namespace pgsift

#endif  // PGSIFT_RULES_EFFECTS_ROW_VALUES_H_
