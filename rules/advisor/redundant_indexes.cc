#include "rules/advisor/redundant_indexes.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "rules/advisor/index_match.h"

namespace pgsift {
namespace {

struct Keyed {
  const Relation* index = nullptr;
  std::vector<std::string> keys;
  std::set<std::string> stored;  // Columns that an index-only scan finds in it.
  std::string where;
};

Keyed KeysOf(const Relation& index, const Relation& table) {
  Keyed keyed{.index = &index};
  for (const IndexElement& element : index.index->elements) {
    keyed.keys.push_back(ElementKey(element, table));
    if (!element.column.empty()) keyed.stored.insert(element.column);
  }
  keyed.stored.insert(index.index->include.begin(), index.index->include.end());
  if (index.index->where != nullptr) keyed.where = BareSql(*index.index->where);
  return keyed;
}

bool IsPrefix(const std::vector<std::string>& shorter, const std::vector<std::string>& longer) {
  return shorter.size() <= longer.size() &&
         std::equal(shorter.begin(), shorter.end(), longer.begin());
}

// `keyed` may be dropped at all, as far as it alone tells.
bool MayGo(const CatalogIndex& index) {
  return !index.constraint && !index.primary && !index.exclusion && !index.replica_identity &&
         index.valid;
}

// `by` does all that `gone` does.
bool Serves(const Keyed& by, const Keyed& gone) {
  const CatalogIndex& a = *gone.index->index;
  const CatalogIndex& b = *by.index->index;
  if (a.method != b.method || gone.where != by.where || !b.valid) return false;
  if (!std::includes(by.stored.begin(), by.stored.end(), gone.stored.begin(), gone.stored.end())) {
    return false;
  }
  const bool same = gone.keys == by.keys;
  // Only btree can be searched by a prefix as well as by an index of that prefix alone.
  if (!same && (a.method != "btree" || !IsPrefix(gone.keys, by.keys))) return false;
  if (!a.unique) return true;
  return same && b.unique && a.nulls_not_distinct == b.nulls_not_distinct;
}

// Of two that serve for each other, the one to keep: what backs a constraint, then the unique one,
// then the older one, then the first by name.
bool Keeps(const Relation& a, const Relation& b) {
  const auto rank = [](const Relation& r) {
    return (MayGo(*r.index) ? 0 : 4) + (r.index->unique ? 2 : 0);
  };
  if (rank(a) != rank(b)) return rank(a) > rank(b);
  return a.name < b.name;
}

RedundantIndex Describe(const Relation& table, const Keyed& gone, const Keyed& by) {
  RedundantIndex result;
  result.table = &table;
  result.index = gone.index;
  result.by = by.index;
  result.duplicate = gone.keys == by.keys && gone.stored == by.stored;
  const std::string other = by.index->name.ToString();
  if (result.duplicate) {
    result.reason =
        by.index->index->unique && !gone.index->index->unique
            ? absl::StrFormat("unique index %s has the same columns", other)
            : absl::StrFormat("index %s has the same columns, order and predicate", other);
  } else if (gone.keys == by.keys) {
    result.reason = absl::StrFormat("index %s has the same columns and stores more", other);
  } else {
    result.reason = absl::StrFormat("index %s begins with the same columns", other);
  }
  result.drop_sql = "DROP INDEX CONCURRENTLY " + QuoteName(gone.index->name) + ";";
  std::string create = CreateIndexSql(*gone.index, table);
  create.insert(create.find("INDEX ") + 6, "CONCURRENTLY ");
  result.undo_sql = create + ";";
  return result;
}

}  // namespace

std::vector<RedundantIndex> FindRedundantIndexes(const Catalog& catalog) {
  std::vector<RedundantIndex> found;
  for (const Relation* table : catalog.Relations()) {
    if (table->indexes.size() < 2) continue;
    std::vector<Keyed> keyed;
    for (const Relation* index : catalog.IndexesOf(*table)) {
      if (index->index.has_value() && !index->index->elements.empty()) {
        keyed.push_back(KeysOf(*index, *table));
      }
    }
    std::sort(keyed.begin(), keyed.end(),
              [](const Keyed& a, const Keyed& b) { return a.index->name < b.index->name; });
    for (const Keyed& gone : keyed) {
      // A partition's index goes with its parent's.
      if (!MayGo(*gone.index->index) || !gone.index->parents.empty()) continue;
      const Keyed* best = nullptr;
      for (const Keyed& by : keyed) {
        if (by.index == gone.index || !Serves(by, gone)) continue;
        // Both could go: only the lesser one does.
        if (MayGo(*by.index->index) && Serves(gone, by) && Keeps(*gone.index, *by.index)) continue;
        if (best == nullptr || Keeps(*by.index, *best->index)) best = &by;
      }
      if (best != nullptr) found.push_back(Describe(*table, gone, *best));
    }
  }
  return found;
}

}  // namespace pgsift
