#ifndef PGSIFT_RULES_ADVISOR_FOREIGN_KEY_INDEXES_H_
#define PGSIFT_RULES_ADVISOR_FOREIGN_KEY_INDEXES_H_

#include <string>
#include <vector>

#include "parser/catalog.h"

namespace pgsift {

// A foreign key whose columns no index begins with: deleting or re-keying a referenced row reads
// the whole referencing table.
struct UnindexedForeignKey {
  const Relation* table = nullptr;
  const CatalogConstraint* key = nullptr;
  std::string create_sql;  // CREATE INDEX CONCURRENTLY …
};

// By table and constraint. Partitions are left to their parent. The first columns of an index may
// stand in any order; a partial index serves only if its predicate is that the columns are not
// null.
std::vector<UnindexedForeignKey> FindUnindexedForeignKeys(const Catalog& catalog);

// "{table}_{columns}_idx", free in the table's schema, at most 63 bytes.
std::string FreeIndexName(const Catalog& catalog, const Relation& table,
                          const std::vector<std::string>& columns);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_FOREIGN_KEY_INDEXES_H_
