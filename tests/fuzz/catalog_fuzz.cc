// Any SQL, folded: every relation is found by its name and by its id, and all links lead to
// relations that are there.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/parallel.h"
#include "parser/catalog.h"

namespace {

void Check(const pgsift::Catalog& catalog) {
  for (const pgsift::Relation* relation : catalog.Relations()) {
    if (relation == nullptr || catalog.Find(relation->id) != relation) std::abort();
    if (catalog.Find(relation->name) != relation) std::abort();
    for (pgsift::RelationId index : relation->indexes) {
      const pgsift::Relation* found = catalog.Find(index);
      if (found == nullptr || !found->index.has_value() || found->table != relation->id)
        std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  pgsift::ParallelFor(
      1, 1,
      [&](size_t) {
        const pgsift::SqlFile file = pgsift::ReadSqlFile(text, pgsift::FileId{0});
        pgsift::Catalog catalog;
        for (const pgsift::Statement& statement : file.statements) {
          catalog.Apply(file, statement);
          Check(catalog);
        }
        const pgsift::Catalog copy = catalog;
        catalog.EndOfFile();
        catalog.AddUnknownFrom(copy);
        Check(catalog);
      },
      size_t{512} << 20);
  return 0;
}
