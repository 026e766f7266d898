#include "rules/advisor/foreign_key_indexes.h"

#include <algorithm>
#include <set>

namespace pgsift {
namespace {

bool OnlyNotNull(const Expr& where, const std::set<std::string>& columns) {
  if (where.kind == ExprKind::kAnd) {
    return std::all_of(where.args.begin(), where.args.end(),
                       [&](const Expr& part) { return OnlyNotNull(part, columns); });
  }
  return where.kind == ExprKind::kNullTest && where.negated && where.args[0].IsColumn() &&
         columns.contains(std::string(where.args[0].LastName()));
}

bool Serves(const CatalogIndex& index, const std::set<std::string>& columns) {
  if (index.method != "btree" && !(index.method == "hash" && columns.size() == 1)) return false;
  if (!index.valid || index.elements.size() < columns.size()) return false;
  std::set<std::string> first;
  for (size_t i = 0; i < columns.size(); ++i) first.insert(index.elements[i].column);
  if (first != columns) return false;
  return index.where == nullptr || OnlyNotNull(*index.where, columns);
}

}  // namespace

std::string FreeIndexName(const Catalog& catalog, const Relation& table,
                          const std::vector<std::string>& columns) {
  std::string joined;
  for (const std::string& column : columns) {
    if (!joined.empty()) joined += '_';
    joined += column;
  }
  for (int n = 0;; ++n) {
    const std::string label = n == 0 ? "idx" : "idx" + std::to_string(n);
    std::string name = MakeObjectName(table.name.name, joined, label);
    if (catalog.Find(QualifiedName{table.name.schema, name}) == nullptr) return name;
  }
}

std::vector<UnindexedForeignKey> FindUnindexedForeignKeys(const Catalog& catalog) {
  std::vector<UnindexedForeignKey> found;
  for (const Relation* table : catalog.Relations()) {
    if (!table->IsTable() || table->bound.has_value()) continue;
    for (const CatalogConstraint& key : table->constraints) {
      if (key.kind != ConstraintKind::kForeignKey || key.columns.empty()) continue;
      const std::set<std::string> columns(key.columns.begin(), key.columns.end());
      bool served = false;
      for (const Relation* index : catalog.IndexesOf(*table)) {
        served = served || (index->index.has_value() && Serves(*index->index, columns));
      }
      if (served) continue;
      std::string list;
      for (const std::string& column : key.columns) {
        if (!list.empty()) list += ", ";
        list += QuoteIdentifier(column);
      }
      const std::string name = FreeIndexName(catalog, *table, key.columns);
      found.push_back({.table = table,
                       .key = &key,
                       .create_sql = "CREATE INDEX CONCURRENTLY " + QuoteIdentifier(name) + " ON " +
                                     QuoteName(table->name) + " (" + list + ");"});
    }
  }
  return found;
}

}  // namespace pgsift
