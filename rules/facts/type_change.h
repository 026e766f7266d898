#ifndef PGSIFT_RULES_FACTS_TYPE_CHANGE_H_
#define PGSIFT_RULES_FACTS_TYPE_CHANGE_H_

#include "parser/catalog.h"

namespace pgsift {

// What ALTER COLUMN … TYPE costs, beyond the lock.
enum class TypeChange : uint8_t {
  kCatalogOnly,  // Only the catalog changes.
  kTimeZone,     // timestamp to timestamptz or back: no rewrite if the session's TimeZone is UTC.
  kScan,         // The table is read, a domain's constraint is checked.
  kRewrite,      // Every row is written anew and every index built anew.
  kUnknown,      // One of the types is not known.
};

// `from` as the catalog has it, `to` as ALTER TABLE gives it, `expr` of USING or null.
// Source: ATColumnChangeRequiresRewrite in src/backend/commands/tablecmds.c; the transform
// functions of varchar, numeric, varbit, timestamp and interval (varchar_support and its like) for
// lengths.
TypeChange CostOfTypeChange(const CatalogColumn& column, const TypeName& to, const Expr* expr,
                            const Catalog& catalog);

// Whether an index on the column has to be built anew though the column's bytes stay: the types
// have different default operator classes. Source: CheckIndexCompatible.
bool ChangesOperatorClass(const TypeName& from, const TypeName& to, const Catalog& catalog);

}  // namespace pgsift

#endif  // PGSIFT_RULES_FACTS_TYPE_CHANGE_H_
