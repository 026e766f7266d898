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
  std::vector<std::string> flipped;  // As they are when the index is read backwards.
  std::set<std::string> names;       // The keys without their order.
  std::set<std::string> stored;      // Columns that an index-only scan finds in it.
  std::string where;
};

Keyed KeysOf(const Relation& index, const Relation& table) {
  Keyed keyed{.index = &index};
  for (const IndexElement& element : index.index->elements) {
    keyed.keys.push_back(ElementKey(element, table));
    IndexElement other = element;
    const bool descending = element.direction == SortDirection::kDescending;
    const bool first = element.nulls == NullsOrder::kFirst ||
                       (element.nulls == NullsOrder::kDefault && descending);
    other.direction = descending ? SortDirection::kAscending : SortDirection::kDescending;
    other.nulls = first ? NullsOrder::kLast : NullsOrder::kFirst;
    keyed.flipped.push_back(ElementKey(other, table));
    keyed.names.insert(!element.column.empty()   ? element.column
                       : element.expr != nullptr ? "(" + BareSql(*element.expr) + ")"
                                                 : "");
    if (!element.column.empty()) keyed.stored.insert(element.column);
  }
  keyed.stored.insert(index.index->include.begin(), index.index->include.end());
  if (index.index->where != nullptr) keyed.where = BareSql(*index.index->where);
  return keyed;
}

// The elements of GIN, GiST and BRIN stand for themselves: their order means nothing.
bool OrderMatters(const std::string& method) { return method == "btree" || method == "hash"; }

bool IsPrefix(const std::vector<std::string>& shorter, const std::vector<std::string>& longer) {
  return shorter.size() <= longer.size() &&
         std::equal(shorter.begin(), shorter.end(), longer.begin());
}

// `keyed` may be dropped at all, as far as it alone tells.
bool MayGo(const CatalogIndex& index) {
  return !index.constraint && !index.primary && !index.exclusion && !index.replica_identity &&
         index.valid;
}

// A foreign key may hang on a unique index that is no constraint.
bool IsReferenced(const CatalogIndex& index, const Relation& table, const Catalog& catalog) {
  if (!index.unique || index.where != nullptr) return false;
  std::set<std::string> columns;
  for (const IndexElement& element : index.elements) columns.insert(element.column);
  for (const auto& [child, key] : catalog.ReferencesTo(table.id)) {
    const std::set<std::string> wanted(key->referenced_columns.begin(),
                                       key->referenced_columns.end());
    if (wanted == columns) return true;
  }
  return false;
}

// That no two rows agree in the columns of `gone`, `by` makes sure too.
bool EnforcesToo(const Keyed& by, const Keyed& gone) {
  const CatalogIndex& a = *gone.index->index;
  const CatalogIndex& b = *by.index->index;
  if (!b.unique || a.nulls_not_distinct != b.nulls_not_distinct) return false;
  return std::includes(gone.names.begin(), gone.names.end(), by.names.begin(), by.names.end());
}

// `by` does all that `gone` does.
bool Serves(const Keyed& by, const Keyed& gone) {
  const CatalogIndex& a = *gone.index->index;
  const CatalogIndex& b = *by.index->index;
  if (a.method != b.method || gone.where != by.where || !b.valid) return false;
  if (!std::includes(by.stored.begin(), by.stored.end(), gone.stored.begin(), gone.stored.end())) {
    return false;
  }
  if (OrderMatters(a.method)) {
    const bool same = gone.keys == by.keys || gone.flipped == by.keys;
    // Only btree can be searched by a prefix as well as by an index of that prefix alone.
    const bool prefix = IsPrefix(gone.keys, by.keys) || IsPrefix(gone.flipped, by.keys);
    if (!same && (a.method != "btree" || !prefix)) return false;
  } else {
    // A larger one serves too, but more slowly: only equal sets are needless.
    std::vector<std::string> mine = gone.keys;
    std::vector<std::string> theirs = by.keys;
    std::sort(mine.begin(), mine.end());
    std::sort(theirs.begin(), theirs.end());
    if (mine != theirs) return false;
  }
  return !a.unique || EnforcesToo(by, gone);
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

bool SameKeys(const Keyed& a, const Keyed& b) {
  return a.keys.size() == b.keys.size() && a.names == b.names;
}

RedundantIndex Describe(const Relation& table, const Keyed& gone, const Keyed& by) {
  const bool opposite = OrderMatters(gone.index->index->method) && !IsPrefix(gone.keys, by.keys) &&
                        IsPrefix(gone.flipped, by.keys);
  RedundantIndex result;
  result.table = &table;
  result.index = gone.index;
  result.by = by.index;
  result.duplicate = SameKeys(gone, by) && gone.stored == by.stored && !opposite;
  const std::string other = by.index->name.ToString();
  if (result.duplicate) {
    result.reason =
        by.index->index->unique && !gone.index->index->unique
            ? absl::StrFormat("unique index %s has the same columns", other)
            : absl::StrFormat("index %s has the same columns, order and predicate", other);
  } else if (opposite) {
    result.reason = absl::StrFormat(
        "index %s begins with the same columns in the opposite order, and is read both ways",
        other);
  } else if (SameKeys(gone, by)) {
    result.reason = absl::StrFormat("index %s has the same columns and stores more", other);
  } else {
    result.reason = absl::StrFormat("index %s begins with the same columns", other);
  }
  result.drop_sql = DropIndexSql(*gone.index);
  result.undo_sql = CreateIndexConcurrentlySql(*gone.index, table);
  return result;
}

}  // namespace

std::string DropIndexSql(const Relation& index) {
  const bool partitioned = index.kind == RelationKind::kPartitionedIndex;
  return std::string("DROP INDEX ") + (partitioned ? "" : "CONCURRENTLY ") + QuoteName(index.name) +
         ";";
}

std::string CreateIndexConcurrentlySql(const Relation& index, const Relation& table) {
  std::string create = CreateIndexSql(index, table);
  if (index.kind != RelationKind::kPartitionedIndex)
    create.insert(create.find("INDEX ") + 6, "CONCURRENTLY ");
  return create + ";";
}

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
      if (gone.index->index->clustered || IsReferenced(*gone.index->index, *table, catalog))
        continue;
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
