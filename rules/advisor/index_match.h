#ifndef PGSIFT_RULES_ADVISOR_INDEX_MATCH_H_
#define PGSIFT_RULES_ADVISOR_INDEX_MATCH_H_

#include <string>

#include "parser/catalog.h"

namespace pgsift {

// One index element as text that is equal for equal elements: column or expression, collation,
// operator class (without the default's name), direction and nulls as they sort.
std::string ElementKey(const IndexElement& element, const Relation& table);

// An expression as the index of its table would hold it: without table qualifiers, and without
// casts of constants.
std::string BareSql(const Expr& expr);

// CREATE INDEX as pg_dump would write it, without CONCURRENTLY.
std::string CreateIndexSql(const Relation& index, const Relation& table);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_INDEX_MATCH_H_
