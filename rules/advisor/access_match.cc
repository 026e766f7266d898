#include "rules/advisor/access_match.h"

#include <algorithm>

namespace pgsift {
namespace {

bool IsTrigram(const DesignKey& key) { return key.opclass.find("trgm_ops") != std::string::npos; }

// What GIN, GiST or BRIN of this key can search for.
bool SearchesLossy(const IndexDesign& index, const DesignKey& key, const Need& need) {
  if (need.key != key.key || need.expression != key.expression) return false;
  if (index.method == "brin") {
    return need.kind == NeedKind::kRange || need.kind == NeedKind::kEqual;
  }
  if (IsTrigram(key)) {
    if (need.kind == NeedKind::kPrefix) return true;
    if (need.kind != NeedKind::kInfix) return false;
    // Fewer than three characters in a row have no trigram.
    if (need.values.empty()) return true;
    size_t run = 0;
    size_t most = 0;
    for (char c : need.values[0]) {
      run = c == '%' || c == '_' ? 0 : run + 1;
      most = std::max(most, run);
    }
    return most >= 3;
  }
  if (need.kind == NeedKind::kContains) {
    if (key.opclass == "jsonb_path_ops")
      return need.op == "@>" || need.op == "@?" || need.op == "@@";
    return index.method == "gin" ? need.op != "<<" && need.op != ">>" && need.op != "-|-" : true;
  }
  return index.method == "gist" && need.kind == NeedKind::kEqual;
}

}  // namespace

AccessMatch MatchIndex(const IndexDesign& index, const std::vector<AccessTerm>& terms,
                       const TableFacts& table) {
  AccessMatch match;
  if (!index.predicate.empty() || index.opaque_predicate) {
    std::vector<const Need*> given;
    for (const AccessTerm& term : terms) {
      if (term.need != nullptr) given.push_back(term.need);
    }
    if (!PredicateHolds(index, given)) return match;
  }
  const auto in_predicate = [&](const Need& need) {
    return std::any_of(index.predicate.begin(), index.predicate.end(),
                       [&](const Need& one) { return !need.sql.empty() && one.sql == need.sql; });
  };
  if (index.method != "btree" && index.method != "hash") {
    for (const DesignKey& key : index.keys) {
      for (const AccessTerm& term : terms) {
        if (term.need == nullptr || !SearchesLossy(index, key, *term.need)) continue;
        match.usable = true;
        match.arm_used = match.arm_used || term.arm;
        if (match.lossy == nullptr || index.method != "brin") {
          match.lossy = term.need;
          match.lossy_share *= term.share;
        }
      }
      if (index.method == "brin" && !key.expression) {
        const double order = std::abs(table.Column(key.key).correlation);
        if (order < 0.9) match.lossy_share = std::min(1.0, match.lossy_share + (1 - order));
      }
    }
    return match;
  }
  match.usable = true;
  bool boundary = true;
  for (const DesignKey& key : index.keys) {
    const bool pattern = key.opclass.ends_with("_pattern_ops");
    const AccessTerm* equal = nullptr;
    const AccessTerm* listed = nullptr;
    const AccessTerm* ranged = nullptr;
    for (const AccessTerm& term : terms) {
      if (term.need == nullptr) {
        if (!key.expression && term.column == key.key && equal == nullptr) equal = &term;
        continue;
      }
      const Need& need = *term.need;
      if (need.key != key.key || need.expression != key.expression || in_predicate(need)) continue;
      switch (need.kind) {
        case NeedKind::kEqual:
          if (equal == nullptr || term.share < equal->share) equal = &term;
          break;
        case NeedKind::kNull:
          if (index.method == "btree" && equal == nullptr) equal = &term;
          break;
        case NeedKind::kIn:
          listed = &term;
          break;
        case NeedKind::kRange:
          if (index.method == "btree" && !pattern) ranged = &term;
          break;
        case NeedKind::kPrefix: {
          const CatalogColumn* column = table.relation->FindColumn(key.key);
          const bool plain_order = column != nullptr && column->collation == "C";
          if (index.method == "btree" && (pattern || plain_order)) ranged = &term;
          break;
        }
        default:
          break;
      }
    }
    const AccessTerm* term = equal != nullptr ? equal : listed != nullptr ? listed : ranged;
    if (term == nullptr) {
      boundary = false;
      continue;
    }
    match.index_share *= term->share;
    match.quals += 1;
    match.consumed += term->need != nullptr ? 1 : 0;
    if (!boundary) continue;
    match.arm_used = match.arm_used || term->arm;
    match.bounded = true;
    match.boundary_share *= term->share;
    if (term == equal) {
      if (term->need == nullptr || term->need->kind == NeedKind::kEqual)
        match.equal.insert(key.key);
    } else if (term == listed) {
      match.searches *= std::max(1.0, term->need->elements);
      match.several = true;
    } else {
      boundary = false;
    }
  }
  if (index.method == "hash" && !match.bounded) match.usable = false;
  return match;
}

bool GivesOrder(const IndexDesign& index, const AccessMatch& match,
                const std::vector<OrderKey>& wanted) {
  if (index.method != "btree") return false;
  size_t at = 0;
  int direction = 0;  // 1: forwards, -1: backwards.
  for (const OrderKey& order : wanted) {
    if (match.equal.contains(order.key)) continue;
    while (at < index.keys.size() && match.equal.contains(index.keys[at].key)) ++at;
    if (at >= index.keys.size()) return false;
    const DesignKey& key = index.keys[at];
    if (key.key != order.key || key.expression != order.expression || !key.opclass.empty())
      return false;
    const bool forwards =
        key.descending == order.descending && key.nulls_first == order.nulls_first;
    const bool backwards =
        key.descending != order.descending && key.nulls_first != order.nulls_first;
    if (!forwards && !backwards) return false;
    const int way = forwards ? 1 : -1;
    if (direction != 0 && direction != way) return false;
    direction = way;
    ++at;
  }
  return true;
}

std::set<std::string> ColumnsRead(const Level& level, size_t t, const IndexDesign& index) {
  const LevelTable& table = level.tables[t];
  if (index.predicate.empty()) return table.needed;
  std::set<std::string> columns = table.shown;
  for (const Need& need : level.needs) {
    if (need.table != t) continue;
    const bool tested =
        !need.sql.empty() && std::any_of(index.predicate.begin(), index.predicate.end(),
                                         [&](const Need& one) { return one.sql == need.sql; });
    if (tested) continue;
    if (need.column.empty()) return table.needed;
    columns.insert(need.column);
  }
  return columns;
}

bool HoldsAll(const Level& level, size_t t, const IndexDesign& index) {
  const LevelTable& table = level.tables[t];
  if (table.written || index.method != "btree") return false;
  const auto stored = [&](const std::string& column) { return index.Stores(column); };
  if (std::all_of(table.needed.begin(), table.needed.end(), stored)) return true;
  if (index.predicate.empty()) return false;
  const std::set<std::string> columns = ColumnsRead(level, t, index);
  return std::all_of(columns.begin(), columns.end(), stored);
}

}  // namespace pgsift
