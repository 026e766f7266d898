#include "rules/advisor/redundant_indexes.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "absl/strings/str_format.h"
#include "rules/advisor/covering_cost.h"
#include "rules/advisor/index_match.h"
#include "rules/advisor/predicate_proof.h"

namespace pgsift {
namespace {

// Dearer by less is not worth a word.
constexpr double kCostFree = 0.01;
// Without sizes: entries that many times as large as those of the shorter index are too much.
constexpr double kTimesWiderMax = 2;
// A partial index that is so much cheaper than what covers it does work of its own.
constexpr double kCostOfPartialMax = 0.5;

struct Keyed {
  const Relation* index = nullptr;
  std::vector<std::string> keys;
  std::vector<std::string> flipped;  // As they are when the index is read backwards.
  std::set<std::string> names;       // The keys without their order.
  std::set<std::string> stored;      // Columns that an index-only scan finds in it.
  const Expr* where = nullptr;
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
  keyed.where = index.index->where.get();
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

// Every row of `gone` is in `by`, and the planner can tell wherever it reads `gone`.
bool HoldsRowsOf(const Keyed& by, const Keyed& gone, const Relation& table) {
  if (by.where == nullptr) return true;
  return gone.where != nullptr && Proves(*gone.where, *by.where, table);
}

bool SameRows(const Keyed& a, const Keyed& b, const Relation& table) {
  return HoldsRowsOf(a, b, table) && HoldsRowsOf(b, a, table);
}

// `by` does all that `gone` does.
bool Serves(const Keyed& by, const Keyed& gone, const Relation& table) {
  const CatalogIndex& a = *gone.index->index;
  const CatalogIndex& b = *by.index->index;
  if (a.method != b.method || !b.valid || !HoldsRowsOf(by, gone, table)) return false;
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
// then the older one (of a dump, the first by name).
bool Keeps(const Relation& a, const Relation& b) {
  const auto rank = [](const Relation& r) {
    return (MayGo(*r.index) ? 0 : 4) + (r.index->unique ? 2 : 0);
  };
  if (rank(a) != rank(b)) return rank(a) > rank(b);
  return a.id < b.id;
}

bool SameKeys(const Keyed& a, const Keyed& b) {
  return a.keys.size() == b.keys.size() && a.names == b.names;
}

// Bytes of one entry, as the types of its columns tell.
double EntryBytes(const Relation& index, const Relation& table) {
  double bytes = 0;
  const auto add = [&](const std::string& name) {
    const CatalogColumn* column = table.FindColumn(name);
    bytes += column != nullptr ? WidthOfType(column->type) : 16;
  };
  for (const IndexElement& element : index.index->elements) add(element.column);
  for (const std::string& name : index.index->include) add(name);
  return 12 + 8 * std::ceil(bytes / 8);
}

class Finder {
 public:
  explicit Finder(const Evidence& evidence)
      : evidence_(evidence),
        catalog_(*evidence.catalog),
        facts_(evidence),
        settings_(SettingsOf(evidence.snapshot())) {}

  std::vector<RedundantIndex> Run() {
    for (const Relation* table : catalog_.Relations()) {
      if (table->indexes.size() < 2) continue;
      std::vector<Keyed> keyed;
      for (const Relation* index : catalog_.IndexesOf(*table)) {
        if (index->index.has_value() && !index->index->elements.empty())
          keyed.push_back(KeysOf(*index, *table));
      }
      std::sort(keyed.begin(), keyed.end(),
                [](const Keyed& a, const Keyed& b) { return a.index->name < b.index->name; });
      for (const Keyed& gone : keyed) One(*table, gone, keyed);
    }
    return std::move(found_);
  }

 private:
  void One(const Relation& table, const Keyed& gone, const std::vector<Keyed>& all) {
    // A partition's index goes with its parent's.
    if (!MayGo(*gone.index->index) || !gone.index->parents.empty()) return;
    if (gone.index->index->clustered || IsReferenced(*gone.index->index, table, catalog_)) return;
    std::optional<RedundantIndex> best;
    for (const Keyed& by : all) {
      if (by.index == gone.index || !Serves(by, gone, table)) continue;
      // Both could go: only the lesser one does.
      if (MayGo(*by.index->index) && Serves(gone, by, table) && Keeps(*gone.index, *by.index))
        continue;
      std::optional<RedundantIndex> one = Judge(table, gone, by);
      if (!one.has_value()) continue;
      const bool better = !best.has_value() || (best->at_a_cost && !one->at_a_cost) ||
                          (best->at_a_cost == one->at_a_cost && Keeps(*by.index, *best->by));
      if (better) best = std::move(one);
    }
    if (best.has_value()) found_.push_back(std::move(*best));
  }

  // Empty: `gone` is worth having beside `by`.
  std::optional<RedundantIndex> Judge(const Relation& table, const Keyed& gone, const Keyed& by) {
    RedundantIndex result;
    result.table = &table;
    result.index = gone.index;
    result.by = by.index;
    const bool same_rows = SameRows(gone, by, table);
    const bool opposite = IsOpposite(gone, by);
    result.duplicate = same_rows && SameKeys(gone, by) && gone.stored == by.stored && !opposite;
    const bool alike = same_rows && SameKeys(gone, by) && gone.stored == by.stored;
    if (!alike) Weigh(table, gone, by, same_rows, &result);
    if (!same_rows && (result.cost < 0 || result.cost > kCostOfPartialMax)) return std::nullopt;
    result.reason = Reason(gone, by, result, same_rows);
    result.drop_sql = DropIndexSql(*gone.index);
    result.undo_sql = CreateIndexConcurrentlySql(*gone.index, table);
    return result;
  }

  static bool IsOpposite(const Keyed& gone, const Keyed& by) {
    return OrderMatters(gone.index->index->method) && !IsPrefix(gone.keys, by.keys) &&
           IsPrefix(gone.flipped, by.keys);
  }

  void Weigh(const Relation& table, const Keyed& gone, const Keyed& by, bool same_rows,
             RedundantIndex* result) {
    const Snapshot* snapshot = evidence_.snapshot();
    const TableFacts& facts = facts_.Of(table);
    const bool sized = snapshot != nullptr && snapshot->IndexBytes(gone.index->name) > 0 &&
                       snapshot->IndexBytes(by.index->name) > 0;
    if (!sized && !(facts.known && facts.analyzed)) {
      const double times = EntryBytes(*by.index, table) / EntryBytes(*gone.index, table);
      result->wider = same_rows && times > 1;
      result->at_a_cost = same_rows && times > kTimesWiderMax;
      return;
    }
    const Snapshot* sizes = sized ? snapshot : nullptr;
    result->cost = CoveringCost(DesignOf(*gone.index, table, facts, sizes),
                                DesignOf(*by.index, table, facts, sizes), facts, settings_);
    result->at_a_cost = result->cost > kCostFree;
  }

  static std::string Reason(const Keyed& gone, const Keyed& by, const RedundantIndex& result,
                            bool same_rows) {
    const std::string other = by.index->name.ToString();
    std::string reason;
    if (result.duplicate) {
      reason = by.index->index->unique && !gone.index->index->unique
                   ? absl::StrFormat("unique index %s has the same columns", other)
                   : absl::StrFormat("index %s has the same columns, order and predicate", other);
    } else if (IsOpposite(gone, by)) {
      reason = absl::StrFormat(
          "index %s begins with the same columns in the opposite order, and is read both ways",
          other);
    } else if (SameKeys(gone, by) && gone.stored == by.stored) {
      reason = absl::StrFormat("index %s has the same columns", other);
    } else if (SameKeys(gone, by)) {
      reason = absl::StrFormat("index %s has the same columns and stores more", other);
    } else {
      reason = absl::StrFormat("index %s begins with the same columns", other);
    }
    if (!same_rows) reason += ", and holds all of its rows";
    if (result.at_a_cost && result.cost >= 0) {
      reason += absl::StrFormat("; it is larger: a search may cost up to %.0f %% more",
                                std::ceil(100 * result.cost));
    } else if (result.at_a_cost) {
      reason += "; its columns are much wider: searches cost more, how much the sizes would tell";
    } else if (result.wider) {
      reason += "; it is somewhat larger: with --snapshot it is told what that costs";
    }
    return reason;
  }

  const Evidence& evidence_;
  const Catalog& catalog_;
  FactsOfTables facts_;
  const CostSettings settings_;
  std::vector<RedundantIndex> found_;
};

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

std::vector<RedundantIndex> FindRedundantIndexes(const Evidence& evidence) {
  return Finder(evidence).Run();
}

}  // namespace pgsift
