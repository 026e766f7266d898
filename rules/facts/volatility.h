#ifndef PGSIFT_RULES_FACTS_VOLATILITY_H_
#define PGSIFT_RULES_FACTS_VOLATILITY_H_

#include <string>

#include "parser/catalog.h"

namespace pgsift {

// How often PostgreSQL may evaluate an expression and get the same value.
enum class Volatility : uint8_t {
  kImmutable,
  kStable,    // Once per statement: now().
  kVolatile,  // Once per row: random().
  kUnknown,   // Calls a function that neither PostgreSQL nor the catalog has.
};

// The volatility of an expression: that of its most volatile part. `culprit`, if not null, gets the
// name of the function that decides it. Source: pg_proc.provolatile of PostgreSQL 13 to 18 for its
// own functions; CREATE FUNCTION for the schema's.
Volatility VolatilityOf(const Expr& expr, const Catalog& catalog, std::string* culprit = nullptr);

}  // namespace pgsift

#endif  // PGSIFT_RULES_FACTS_VOLATILITY_H_
