#include "rules/facts/partition_prune.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>

#include "rules/facts/partition_hash.h"

namespace pgsift {
namespace {

// A constant, casts taken off; null where it is none.
const Expr* Constant(const Expr& expr) {
  const Expr* inner = &expr;
  while (inner->kind == ExprKind::kCast && !inner->args.empty()) inner = &inner->args.front();
  return inner->kind == ExprKind::kConstant ? inner : nullptr;
}

bool IsMin(const Expr& expr) { return expr.IsColumn() && expr.LastName() == "minvalue"; }
bool IsMax(const Expr& expr) { return expr.IsColumn() && expr.LastName() == "maxvalue"; }

// Numbers as numbers, everything else (dates as ISO 8601 has them) as text.
int CompareText(const std::string& a, const std::string& b) {
  char* a_end = nullptr;
  char* b_end = nullptr;
  const double x = std::strtod(a.c_str(), &a_end);
  const double y = std::strtod(b.c_str(), &b_end);
  if (!a.empty() && !b.empty() && *a_end == '\0' && *b_end == '\0') return x < y ? -1 : x > y;
  return a.compare(b);
}

// One place of a bound or of what is asked for: a value, or an end of the line.
struct Point {
  int infinite = 0;  // -1: below every value; 1: above.
  std::string value;
};

int Compare(const Point& a, const Point& b) {
  if (a.infinite != 0 || b.infinite != 0) return a.infinite - b.infinite;
  return CompareText(a.value, b.value);
}

using Points = std::vector<Point>;

int Compare(const Points& a, const Points& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const int order = Compare(a[i], b[i]); order != 0) return order;
  }
  return 0;
}

// The values between two points; the lower one belongs to it if `from_included`.
struct Interval {
  Points from, to;
  bool from_included = true, to_included = true;
};

std::optional<Points> BoundPoints(const std::vector<Expr>& bound) {
  Points points;
  for (const Expr& expr : bound) {
    if (IsMin(expr) || IsMax(expr)) {
      points.push_back({.infinite = IsMin(expr) ? -1 : 1, .value = ""});
      continue;
    }
    const Expr* constant = Constant(expr);
    if (constant == nullptr) return std::nullopt;
    points.push_back({.value = constant->value});
  }
  return points;
}

// What a condition says about one column of the key.
struct Asked {
  std::optional<std::vector<std::string>> one_of;
  std::vector<std::string> none_of;
  std::optional<std::string> at_least, at_most;
  bool above = false, below = false;  // Without the end itself.
  bool null = false, not_null = false, never = false;

  bool Nothing() const {
    return !one_of.has_value() && none_of.empty() && !at_least.has_value() &&
           !at_most.has_value() && !null && !not_null && !never;
  }
};

class Pruner {
 public:
  Pruner(const Relation& parent, const std::string& label, const Catalog& catalog)
      : parent_(parent), label_(label), key_(*parent.partition_key) {
    for (RelationId id : parent.children) {
      const Relation* child = catalog.Find(id);
      if (child == nullptr) continue;
      children_.push_back(child);
      const bool bound = child->bound.has_value();
      if (bound && child->bound->is_default) default_ = children_.size() - 1;
      readable_ = readable_ && bound;
    }
    plain_key_ = std::all_of(key_.elements.begin(), key_.elements.end(),
                             [](const IndexElement& e) { return !e.column.empty(); });
  }

  using Set = std::set<size_t>;

  Set All() const {
    Set all;
    for (size_t i = 0; i < children_.size(); ++i) all.insert(i);
    return all;
  }

  Set Match(const Expr& where) {
    if (!readable_) return All();
    std::vector<const Expr*> conjuncts;
    Flatten(where, ExprKind::kAnd, &conjuncts);
    std::vector<Asked> asked(key_.elements.size());
    Set kept = All();
    for (const Expr* conjunct : conjuncts) {
      if (conjunct->kind == ExprKind::kOr) {
        std::vector<const Expr*> arms;
        Flatten(*conjunct, ExprKind::kOr, &arms);
        Set united;
        for (const Expr* arm : arms) united.merge(Match(*arm));
        kept = Both(kept, united);
        continue;
      }
      for (size_t i = 0; i < asked.size(); ++i) {
        // What an expression of the key is asked for is not followed.
        const std::string& column = key_.elements[i].column;
        if (!column.empty()) Ask(*conjunct, column, &asked[i]);
      }
    }
    if (std::any_of(asked.begin(), asked.end(), [](const Asked& a) { return a.never; })) return {};
    return Both(kept, Choose(asked));
  }

  // The partition of one row: a value or null (an empty optional) for each column of the key.
  std::optional<Set> Route(const std::vector<std::optional<std::string>>& row) {
    if (!readable_ || !plain_key_) return std::nullopt;
    std::vector<Asked> asked(row.size());
    for (size_t i = 0; i < row.size(); ++i) {
      if (row[i].has_value()) {
        asked[i].one_of = std::vector<std::string>{*row[i]};
      } else {
        asked[i].null = true;
      }
    }
    Set chosen = Choose(asked);
    return known_ && chosen.size() <= 1 ? std::optional(chosen) : std::nullopt;
  }

  PartitionChoice Choice(const Set& kept) const {
    PartitionChoice choice{.partitions = {}, .known = known_};
    for (size_t i : kept) choice.partitions.push_back(children_[i]);
    return choice;
  }

 private:
  static void Flatten(const Expr& expr, ExprKind kind, std::vector<const Expr*>* parts) {
    if (expr.kind != kind) return parts->push_back(&expr);
    for (const Expr& part : expr.args) Flatten(part, kind, parts);
  }

  static Set Both(const Set& a, const Set& b) {
    Set both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
    return both;
  }

  bool Names(const Expr& expr, const std::string& column) const {
    if (!expr.IsColumn() || expr.LastName() != column) return false;
    return expr.name.size() < 2 || expr.name[expr.name.size() - 2] == label_;
  }

  static void AskOneOf(const std::vector<Expr>& items, Asked* asked) {
    std::vector<std::string> values;
    for (const Expr& item : items) {
      const Expr* constant = Constant(item);
      if (constant == nullptr) return;
      if (!constant->IsNullConstant()) values.push_back(constant->value);
    }
    if (values.empty()) asked->never = true;
    if (!asked->one_of.has_value()) asked->one_of = std::move(values);
  }

  void Ask(const Expr& expr, const std::string& column, Asked* asked) const {
    if (expr.kind == ExprKind::kNullTest && Names(expr.args[0], column)) {
      (expr.negated ? asked->not_null : asked->null) = true;
      return;
    }
    // A boolean key may stand by itself.
    if (Names(expr, column)) {
      asked->one_of = std::vector<std::string>{"true"};
      return;
    }
    if (expr.kind == ExprKind::kNot && !expr.args.empty() && Names(expr.args[0], column)) {
      asked->one_of = std::vector<std::string>{"false"};
      return;
    }
    if (expr.kind != ExprKind::kOperator || expr.args.size() < 2) return;
    const bool flipped = !Names(expr.args[0], column);
    const Expr& side = flipped ? expr.args[1] : expr.args[0];
    const Expr& value = flipped ? expr.args[0] : expr.args[1];
    if (!Names(side, column)) return;
    // An integer is compared with a fraction as a fraction: by no operator of the key's.
    if (IsInteger(column) && std::any_of(expr.args.begin(), expr.args.end(), IsFraction)) return;
    if (expr.op == OperatorKind::kBetween && !expr.negated && expr.args.size() == 3) {
      Compare(">=", expr.args[1], asked);
      Compare("<=", expr.args[2], asked);
      return;
    }
    if (flipped && expr.op != OperatorKind::kPlain) return;
    if (expr.op == OperatorKind::kIn && value.kind == ExprKind::kList) {
      if (!expr.negated) return AskOneOf(value.args, asked);
      for (const Expr& item : value.args) Compare("<>", item, asked);
      return;
    }
    if (expr.op == OperatorKind::kAny && expr.LastName() == "=") {
      const Expr* array = &value;
      while (array->kind == ExprKind::kCast && !array->args.empty()) array = &array->args.front();
      if (array->kind == ExprKind::kArray) AskOneOf(array->args, asked);
      return;
    }
    if (expr.op != OperatorKind::kPlain) return;
    const std::string_view op = expr.LastName();
    const bool turned = flipped && (op.front() == '<' || op.front() == '>') && op != "<>";
    std::string mirrored(op);
    if (turned) mirrored.front() = op.front() == '<' ? '>' : '<';
    Compare(mirrored, value, asked);
  }

  static void Compare(std::string_view op, const Expr& value, Asked* asked) {
    const Expr* constant = Constant(value);
    if (constant == nullptr) return;
    if (constant->IsNullConstant()) {
      asked->never = true;
      return;
    }
    const std::string& text = constant->value;
    if (op == "=") {
      asked->one_of = std::vector<std::string>{text};
    } else if (op == "<>" || op == "!=") {
      asked->none_of.push_back(text);
    } else if (op == ">" || op == ">=") {
      if (asked->at_least.has_value() && CompareText(*asked->at_least, text) >= 0) return;
      asked->at_least = text;
      asked->above = op == ">";
    } else if (op == "<" || op == "<=") {
      if (asked->at_most.has_value() && CompareText(*asked->at_most, text) <= 0) return;
      asked->at_most = text;
      asked->below = op == "<";
    }
  }

  Set Choose(const std::vector<Asked>& asked) {
    const bool nothing =
        std::all_of(asked.begin(), asked.end(), [](const Asked& a) { return a.Nothing(); });
    if (nothing) return All();
    switch (key_.strategy) {
      case 'h':
        return ChooseHash(asked);
      case 'l':
        return ChooseList(asked.front());
      default:
        return ChooseRange(asked);
    }
  }

  void AddDefault(Set* chosen) const {
    if (default_.has_value()) chosen->insert(*default_);
  }

  Set ChooseList(const Asked& asked) const {
    Set chosen;
    const auto holds = [&](size_t i, const auto& wanted) {
      const std::vector<Expr>& list = children_[i]->bound->list;
      return std::any_of(list.begin(), list.end(), [&](const Expr& item) {
        const Expr* constant = Constant(item);
        return constant != nullptr && wanted(*constant);
      });
    };
    const auto find = [&](const auto& wanted) {
      bool found = false;
      for (size_t i = 0; i < children_.size(); ++i) {
        if (children_[i]->bound->is_default || !holds(i, wanted)) continue;
        chosen.insert(i);
        found = true;
      }
      return found;
    };
    if (asked.null) {
      if (!find([](const Expr& item) { return item.IsNullConstant(); })) AddDefault(&chosen);
      return chosen;
    }
    if (asked.one_of.has_value()) {
      for (const std::string& value : *asked.one_of) {
        if (!Allows(asked, value)) continue;
        const bool found = find([&](const Expr& item) {
          return !item.IsNullConstant() && CompareText(item.value, value) == 0;
        });
        if (!found) AddDefault(&chosen);
      }
      return chosen;
    }
    find([&](const Expr& item) { return !item.IsNullConstant() && Allows(asked, item.value); });
    AddDefault(&chosen);
    return chosen;
  }

  static bool Allows(const Asked& asked, const std::string& value) {
    for (const std::string& other : asked.none_of) {
      if (CompareText(other, value) == 0) return false;
    }
    if (asked.at_least.has_value()) {
      const int order = CompareText(value, *asked.at_least);
      if (order < 0 || (order == 0 && asked.above)) return false;
    }
    if (!asked.at_most.has_value()) return true;
    const int order = CompareText(value, *asked.at_most);
    return order < 0 || (order == 0 && !asked.below);
  }

  Set ChooseRange(const std::vector<Asked>& asked) {
    Set chosen;
    // Nulls are in the default partition only.
    if (std::any_of(asked.begin(), asked.end(), [](const Asked& a) { return a.null; })) {
      AddDefault(&chosen);
      return chosen;
    }
    std::vector<Interval> intervals = {Interval{}};
    for (const Asked& column : asked) {
      if (!column.one_of.has_value()) {
        AddEnds(column, &intervals);
        break;
      }
      std::vector<Interval> longer;
      for (const Interval& interval : intervals) {
        for (const std::string& value : *column.one_of) {
          if (!Allows(column, value)) continue;
          longer.push_back(interval);
          longer.back().from.push_back({.value = value});
          longer.back().to.push_back({.value = value});
        }
      }
      intervals = std::move(longer);
    }
    for (const Interval& interval : intervals) {
      if (interval.from.empty() && interval.to.empty()) return All();
      AddRange(interval, &chosen);
    }
    return chosen;
  }

  static void AddEnds(const Asked& column, std::vector<Interval>* intervals) {
    for (Interval& interval : *intervals) {
      if (column.at_least.has_value()) {
        interval.from.push_back({.value = *column.at_least});
        interval.from_included = !column.above;
      }
      if (column.at_most.has_value()) {
        interval.to.push_back({.value = *column.at_most});
        interval.to_included = !column.below;
      }
    }
  }

  // Where the key has more columns than the condition, `end` stands for all their values.
  void Fill(Points* points, int end) const {
    while (points->size() < key_.elements.size()) points->push_back({.infinite = end, .value = ""});
  }

  void AddRange(const Interval& interval, Set* chosen) {
    Points from = interval.from;
    Points to = interval.to;
    const bool to_whole = to.size() == key_.elements.size();
    Fill(&from, from.empty() || interval.from_included ? -1 : 1);
    Fill(&to, to.empty() || interval.to_included ? 1 : -1);
    const bool open_above = to_whole && !interval.to_included;
    // The partitions that it meets, to see whether they leave gaps.
    std::vector<std::pair<Points, Points>> met;
    for (size_t i = 0; i < children_.size(); ++i) {
      if (children_[i]->bound->is_default) continue;
      const auto lower = BoundPoints(children_[i]->bound->lower);
      const auto upper = BoundPoints(children_[i]->bound->upper);
      if (!lower.has_value() || !upper.has_value()) {
        known_ = false;
        chosen->insert(i);
        continue;
      }
      const int begins = pgsift::Compare(*lower, to);
      const bool before_end = begins < 0 || (begins == 0 && to_whole && !open_above);
      if (!before_end || pgsift::Compare(*upper, from) <= 0) continue;
      chosen->insert(i);
      met.emplace_back(*lower, *upper);
    }
    if (!default_.has_value()) return;
    // With less than the whole key the planner does not look for gaps.
    if (std::max(interval.from.size(), interval.to.size()) < key_.elements.size()) {
      return AddDefault(chosen);
    }
    std::sort(met.begin(), met.end(),
              [](const auto& a, const auto& b) { return pgsift::Compare(a.first, b.first) < 0; });
    Points reached = from;
    bool gap = met.empty();
    for (const auto& [lower, upper] : met) {
      gap = gap || pgsift::Compare(lower, reached) > 0;
      reached = upper;
    }
    const int end = pgsift::Compare(reached, to);
    gap = gap || end < 0 || (end == 0 && to_whole && !open_above);
    if (gap) AddDefault(chosen);
  }

  Set ChooseHash(const std::vector<Asked>& asked) {
    std::vector<std::vector<uint64_t>> rows = {{}};
    for (size_t i = 0; i < asked.size(); ++i) {
      if (asked[i].null) continue;
      if (!asked[i].one_of.has_value()) return All();
      std::vector<std::vector<uint64_t>> longer;
      for (const std::string& value : *asked[i].one_of) {
        const auto hash = PartitionHash(TypeOf(key_.elements[i].column), value);
        if (!hash.has_value() || longer.size() > kRowsMax) {
          known_ = false;
          return All();
        }
        for (const std::vector<uint64_t>& row : rows) {
          longer.push_back(row);
          longer.back().push_back(*hash);
        }
      }
      rows = std::move(longer);
    }
    Set chosen;
    for (const std::vector<uint64_t>& row : rows) {
      const uint64_t hash = CombinePartitionHashes(row);
      for (size_t i = 0; i < children_.size(); ++i) {
        const PartitionBound& bound = *children_[i]->bound;
        if (bound.modulus <= 0) continue;
        const auto remainder = hash % static_cast<uint64_t>(bound.modulus);
        if (remainder == static_cast<uint64_t>(bound.remainder)) chosen.insert(i);
      }
    }
    return chosen;
  }

  bool IsInteger(const std::string& column) const {
    const std::string type = TypeOf(column);
    return type == "int2" || type == "int4" || type == "int8" || type == "integer" ||
           type == "smallint" || type == "bigint" || type == "int";
  }

  static bool IsFraction(const Expr& expr) {
    if (expr.kind == ExprKind::kConstant) return expr.constant == ConstantKind::kFloat;
    if (expr.kind != ExprKind::kCast || expr.type == nullptr) return false;
    const std::string& type = expr.type->name.name;
    return type == "numeric" || type == "float4" || type == "float8";
  }

  std::string TypeOf(const std::string& column) const {
    const CatalogColumn* there = parent_.FindColumn(column);
    return there == nullptr || there->type.array_dimensions > 0 ? "" : there->type.name.name;
  }

  static constexpr size_t kRowsMax = 256;

  const Relation& parent_;
  const std::string& label_;
  const PartitionKey& key_;
  std::vector<const Relation*> children_;
  std::optional<size_t> default_;
  bool readable_ = true;  // Every partition's bound is known.
  bool plain_key_ = true;
  bool known_ = true;
};

}  // namespace

PartitionChoice PartitionsFor(const Relation& parent, const std::string& label, const Expr* where,
                              const Catalog& catalog) {
  if (!parent.partition_key.has_value()) {
    PartitionChoice all;
    for (RelationId id : parent.children) {
      if (const Relation* child = catalog.Find(id)) all.partitions.push_back(child);
    }
    return all;
  }
  Pruner pruner(parent, label, catalog);
  return pruner.Choice(where == nullptr ? pruner.All() : pruner.Match(*where));
}

PartitionChoice PartitionOfRow(const Relation& parent, const RowValue& value,
                               const Catalog& catalog) {
  if (!parent.partition_key.has_value()) return {.partitions = {}, .known = false};
  const std::string label;
  Pruner pruner(parent, label, catalog);
  // A row with only one place to go goes there.
  if (parent.children.size() == 1) return pruner.Choice(pruner.All());
  std::vector<std::optional<std::string>> row;
  bool known = true;
  for (const IndexElement& element : parent.partition_key->elements) {
    const Expr* given = element.column.empty() ? nullptr : value(element.column);
    const Expr* constant = given == nullptr ? nullptr : Constant(*given);
    known = known && constant != nullptr;
    if (!known) break;
    row.push_back(constant->IsNullConstant() ? std::nullopt : std::optional(constant->value));
  }
  if (known) {
    if (const auto chosen = pruner.Route(row)) return pruner.Choice(*chosen);
  }
  PartitionChoice choice = pruner.Choice(pruner.All());
  choice.known = false;
  return choice;
}

}  // namespace pgsift
