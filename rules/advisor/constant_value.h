#ifndef PGSIFT_RULES_ADVISOR_CONSTANT_VALUE_H_
#define PGSIFT_RULES_ADVISOR_CONSTANT_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parser/catalog.h"
#include "parser/expression.h"

namespace pgsift {

// What an expression without columns comes to, as text, where that can be told without a server.
struct ValueContext {
  int64_t now_us = 0;           // What now() gives; 0: not known.
  std::string_view parameters;  // Values of $n as a log's DETAIL gives them.
};

// Literals with or without casts, parameters whose values the log has, now() and its like with
// intervals added or taken off. Empty for NULL and for all that cannot be told.
std::optional<std::string> ConstantValue(const Expr& expr, const ValueContext& context);
// The elements of a list right of IN or of an array right of = ANY; `known` is false where they
// cannot be told.
std::vector<std::string> ConstantList(const Expr& expr, const ValueContext& context, bool* known);
// The value is in the statement's own text: no parameter, no clock.
bool IsLiteralValue(const Expr& expr);

// A value as a number that keeps the order of its type: numbers as they are, dates and times as
// seconds since 1970, false and true as 0 and 1. Empty for all other texts.
std::optional<double> OrdinalOf(std::string_view value);
// The same, empty too where a double may have lost digits, so that two of them may be compared.
std::optional<double> ExactOrdinalOf(std::string_view value);

// What can be told of a column's values without a server. Of numbers and of times without a zone:
// their order, by ExactOrdinalOf.
bool HasKnownOrder(const CatalogColumn* column);
// Of texts in no collation of their own: that different spellings are different values, which those
// of a uuid or a boolean need not be.
bool HasPlainEquality(const CatalogColumn* column);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_CONSTANT_VALUE_H_
