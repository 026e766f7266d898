#include "rules/advisor/missing_indexes.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "ingest/plan/plan.h"
#include "rules/advisor/foreign_key_indexes.h"
#include "rules/advisor/index_match.h"

namespace pgsift {
namespace {

// What one block of a statement asks of one table.
struct Wish {
  const Relation* table = nullptr;
  std::vector<std::string> equal;  // Columns or expressions compared for equality.
  std::vector<std::string> range;

  std::vector<std::string> Columns() const {
    std::vector<std::string> columns = equal;
    if (!range.empty()) columns.push_back(range.front());
    return columns;
  }
};

// The text of what a predicate compares, as an index would hold it: `email` or `lower(email)`.
// Empty for what no btree serves.
std::string IndexableSide(const Predicate& predicate) {
  if (predicate.side == nullptr) return {};
  if (!predicate.wrapped) return QuoteIdentifier(predicate.column.column);
  if (predicate.side->kind != ExprKind::kFunction) return {};
  const std::string_view function = predicate.side->LastName();
  if (function != "lower" && function != "upper" && function != "md5") return {};
  return BareSql(*predicate.side);
}

void AddOnce(std::vector<std::string>* list, const std::string& text) {
  if (std::find(list->begin(), list->end(), text) == list->end()) list->push_back(text);
}

std::vector<Wish> WishesOf(const QueryBlock& block, size_t block_index, const Catalog& catalog) {
  std::map<size_t, Wish> wishes;
  for (const Predicate& predicate : block.predicates) {
    if (!predicate.column.resolved() || predicate.column.block != block_index) continue;
    if (predicate.in_or || predicate.negated) continue;
    const BlockTable& named = block.tables[predicate.column.table];
    const Relation* table = catalog.Find(named.id);
    if (table == nullptr || !(table->IsTable() || table->kind == RelationKind::kMaterializedView))
      continue;
    const bool equal = predicate.kind == PredicateKind::kEqual;
    const bool range = predicate.kind == PredicateKind::kRange;
    if (!equal && !range) continue;
    const std::string side = IndexableSide(predicate);
    if (side.empty()) continue;
    Wish& wish = wishes[predicate.column.table];
    wish.table = table;
    AddOnce(equal ? &wish.equal : &wish.range, side);
  }
  std::vector<Wish> result;
  for (auto& [table, wish] : wishes) {
    std::sort(wish.equal.begin(), wish.equal.end());
    result.push_back(std::move(wish));
  }
  return result;
}

// The text of an index's first element, in the same spelling as IndexableSide.
std::string FirstOf(const CatalogIndex& index) {
  if (index.elements.empty()) return {};
  const IndexElement& first = index.elements.front();
  if (!first.column.empty()) return QuoteIdentifier(first.column);
  return first.expr != nullptr ? BareSql(*first.expr) : "";
}

// Some index narrows the rows by one of the wish's columns already.
bool Served(const Wish& wish, const Catalog& catalog) {
  for (const Relation* index : catalog.IndexesOf(*wish.table)) {
    if (!index->index.has_value() || !index->index->valid || index->index->where != nullptr)
      continue;
    const std::string first = FirstOf(*index->index);
    const auto in = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), first) != list.end();
    };
    if (in(wish.equal)) return true;
    if (wish.equal.empty() && in(wish.range)) return true;
  }
  return false;
}

bool BooleanOnly(const Wish& wish) {
  // A flag alone halves the table at best: an index on it does not pay unless it is partial.
  return std::all_of(wish.equal.begin(), wish.equal.end(), [&](const std::string& name) {
    const CatalogColumn* column = wish.table->FindColumn(name);
    return column != nullptr && column->type.name.name == "bool";
  });
}

class Collector {
 public:
  Collector(const Evidence& evidence, const MissingIndexLimits& limits)
      : evidence_(evidence), limits_(limits) {}

  std::vector<MissingIndex> Run() {
    for (const auto& query : evidence_.queries) {
      for (size_t i = 0; i < query->blocks.size(); ++i) AddQuery(*query, i);
    }
    AddPlans();
    std::vector<MissingIndex> found;
    for (auto& [key, missing] : missing_) {
      if (Worth(missing)) found.push_back(std::move(missing));
    }
    MergePrefixes(&found);
    Finish(&found);
    return found;
  }

 private:
  using Key = std::pair<QualifiedName, std::vector<std::string>>;

  void AddQuery(const ObservedQuery& query, size_t block) {
    if (query.calls == 0) return;
    all_ms_ += block == 0 ? query.total_ms : 0;
    for (const Wish& wish : WishesOf(query.blocks[block], block, *evidence_.catalog)) {
      if (wish.equal.empty() || BooleanOnly(wish) || Served(wish, *evidence_.catalog)) continue;
      MissingIndex& missing = missing_[Key{wish.table->name, wish.Columns()}];
      missing.table = wish.table;
      missing.columns = wish.Columns();
      if (std::find(missing.queries.begin(), missing.queries.end(), &query) !=
          missing.queries.end()) {
        continue;
      }
      missing.queries.push_back(&query);
      missing.calls += query.calls;
      missing.total_ms += query.total_ms;
    }
  }

  // A scan whose filter a missing index would answer.
  void AddPlans() {
    for (const Plan& plan : evidence_.plans) {
      for (size_t i = 0; i < plan.nodes.size(); ++i) {
        const PlanNode& node = plan.nodes[i];
        if (node.type != "Seq Scan" || !node.analyzed || node.filter.empty()) continue;
        const double removed = node.rows_removed_by_filter * node.loops;
        const double kept = node.actual_rows * node.loops;
        if (removed + kept < limits_.rows_removed_min) continue;
        if (kept > limits_.kept_share_max * (removed + kept)) continue;
        AddScan(plan, i, removed, kept);
      }
    }
  }

  void AddScan(const Plan& plan, size_t index, double removed, double kept) {
    const PlanNode& node = plan.nodes[index];
    // The filter as a query over its table: the same code reads its conditions.
    const std::string alias = node.alias.empty() ? node.relation : node.alias;
    const std::string sql = "SELECT 1 FROM " + QuoteName({node.schema, node.relation}) + " AS " +
                            QuoteIdentifier(alias) + " WHERE " + node.filter;
    const Statement statement = ReadStatement(sql);
    const std::vector<QueryBlock> blocks = BlocksOf(statement, *evidence_.catalog);
    if (blocks.empty()) return;
    for (const Wish& wish : WishesOf(blocks[0], 0, *evidence_.catalog)) {
      if (wish.equal.empty() || Served(wish, *evidence_.catalog)) continue;
      MissingIndex& missing = missing_[Key{wish.table->name, wish.Columns()}];
      missing.table = wish.table;
      missing.columns = wish.Columns();
      if (missing.plan != nullptr && missing.rows_removed >= removed) continue;
      missing.plan = &plan;
      missing.plan_node = index;
      missing.rows_removed = removed;
      missing.rows_kept = kept;
    }
  }

  bool Worth(const MissingIndex& missing) const {
    if (missing.plan != nullptr) return true;
    if (static_cast<double>(missing.calls) < limits_.calls_min) return false;
    if (missing.total_ms < limits_.total_ms_min) return false;
    return missing.total_ms / static_cast<double>(missing.calls) >= limits_.mean_ms_min;
  }

  // (a) is served by (a, b).
  static void MergePrefixes(std::vector<MissingIndex>* found) {
    for (MissingIndex& shorter : *found) {
      for (MissingIndex& longer : *found) {
        if (shorter.table != longer.table || shorter.columns.size() >= longer.columns.size())
          continue;
        if (shorter.columns.empty() ||
            !std::equal(shorter.columns.begin(), shorter.columns.end(), longer.columns.begin())) {
          continue;
        }
        for (const ObservedQuery* query : shorter.queries) longer.queries.push_back(query);
        longer.calls += shorter.calls;
        longer.total_ms += shorter.total_ms;
        if (longer.plan == nullptr) {
          longer.plan = shorter.plan;
          longer.plan_node = shorter.plan_node;
          longer.rows_removed = shorter.rows_removed;
          longer.rows_kept = shorter.rows_kept;
        }
        shorter.columns.clear();
        break;
      }
    }
    std::erase_if(*found, [](const MissingIndex& missing) { return missing.columns.empty(); });
  }

  void Finish(std::vector<MissingIndex>* found) const {
    for (MissingIndex& missing : *found) {
      std::sort(missing.queries.begin(), missing.queries.end(),
                [](const ObservedQuery* a, const ObservedQuery* b) {
                  return a->total_ms != b->total_ms ? a->total_ms > b->total_ms : a->id < b->id;
                });
      std::vector<std::string> words;
      std::string list;
      for (const std::string& column : missing.columns) {
        std::string word;
        for (char c : column) {
          const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
          word += letter ? c : '_';
        }
        while (word.ends_with('_')) word.pop_back();
        words.push_back(word);
        if (!list.empty()) list += ", ";
        list += column;
      }
      missing.name = FreeIndexName(*evidence_.catalog, *missing.table, words);
      missing.create_sql =
          absl::StrFormat("CREATE INDEX CONCURRENTLY %s ON %s (%s);", QuoteIdentifier(missing.name),
                          QuoteName(missing.table->name), list);
      const double share = all_ms_ > 0 ? missing.total_ms / all_ms_ : 0;
      const double seen = (missing.plan != nullptr ? 30 : 0) + (missing.calls > 0 ? 20 : 0);
      missing.score = std::min(100.0, seen + 50 * std::min(1.0, 2 * share));
    }
    std::sort(found->begin(), found->end(), [](const MissingIndex& a, const MissingIndex& b) {
      return a.score != b.score ? a.score > b.score : a.name < b.name;
    });
  }

  const Evidence& evidence_;
  const MissingIndexLimits& limits_;
  std::map<Key, MissingIndex> missing_;
  double all_ms_ = 0;
};

}  // namespace

std::vector<MissingIndex> FindMissingIndexes(const Evidence& evidence,
                                             const MissingIndexLimits& limits) {
  return Collector(evidence, limits).Run();
}

}  // namespace pgsift
