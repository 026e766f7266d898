#include "rules/facts/partition_proof.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>

namespace pgsift {
namespace {

// A constant, casts taken off; null where it is none.
const Expr* Constant(const Expr& expr) {
  const Expr* inner = &expr;
  while (inner->kind == ExprKind::kCast && !inner->args.empty()) inner = &inner->args.front();
  return inner->kind == ExprKind::kConstant && !inner->IsNullConstant() ? inner : nullptr;
}

// Less than, equal, greater: numbers as numbers, everything else (dates as ISO 8601 has them) as
// text. None where one is no constant.
std::optional<int> Compare(const Expr& a, const Expr& b) {
  const Expr* left = Constant(a);
  const Expr* right = Constant(b);
  if (left == nullptr || right == nullptr) return std::nullopt;
  char* left_end = nullptr;
  char* right_end = nullptr;
  const double x = std::strtod(left->value.c_str(), &left_end);
  const double y = std::strtod(right->value.c_str(), &right_end);
  const bool numbers =
      !left->value.empty() && !right->value.empty() && *left_end == '\0' && *right_end == '\0';
  if (numbers) return x < y ? -1 : x > y ? 1 : 0;
  return left->value.compare(right->value);
}

bool IsMin(const Expr& expr) { return expr.IsColumn() && expr.LastName() == "minvalue"; }
bool IsMax(const Expr& expr) { return expr.IsColumn() && expr.LastName() == "maxvalue"; }

// What the conjunctions of a table's valid CHECKs say about one column.
struct Known {
  bool not_null = false;
  const Expr* at_least = nullptr;  // column >= or > this; `above`: >.
  const Expr* at_most = nullptr;   // column <= or < this; `below`: <.
  bool above = false, below = false;
  std::vector<const Expr*> one_of;  // column = or IN these.
};

void AddComparison(const Expr& expr, const std::string& column, Known* known) {
  if (expr.kind != ExprKind::kOperator || expr.args.size() < 2) return;
  const bool flipped = !expr.args[0].IsColumn();
  const Expr& side = flipped ? expr.args[1] : expr.args[0];
  const Expr& value = flipped ? expr.args[0] : expr.args[1];
  if (!side.IsColumn() || side.LastName() != column) return;
  if (expr.op == OperatorKind::kBetween && !expr.negated && expr.args.size() == 3) {
    known->at_least = &expr.args[1];
    known->at_most = &expr.args[2];
    return;
  }
  if (expr.op == OperatorKind::kIn && !expr.negated && value.kind == ExprKind::kList) {
    for (const Expr& item : value.args) known->one_of.push_back(&item);
    return;
  }
  if (expr.op == OperatorKind::kAny && value.kind == ExprKind::kArray && expr.LastName() == "=") {
    for (const Expr& item : value.args) known->one_of.push_back(&item);
    return;
  }
  if (expr.op != OperatorKind::kPlain || Constant(value) == nullptr) return;
  const std::string_view op = expr.LastName();
  const bool greater =
      (op == ">" || op == ">=") != flipped && (op.front() == '<' || op.front() == '>');
  if (op == "=") {
    known->one_of.push_back(&value);
  } else if (op == "<" || op == "<=" || op == ">" || op == ">=") {
    if (greater) {
      known->at_least = &value;
      known->above = op.size() == 1;
    } else {
      known->at_most = &value;
      known->below = op.size() == 1;
    }
  }
}

// "a IS NULL OR a = 1 OR a IN (2, 3)": the values that the column may have, null apart.
void AddAlternatives(const Expr& expr, const std::string& column, Known* known) {
  std::vector<const Expr*> one_of;
  for (const Expr& arm : expr.args) {
    if (arm.kind == ExprKind::kNullTest && !arm.negated && arm.args[0].IsColumn() &&
        arm.args[0].LastName() == column) {
      continue;
    }
    Known alone;
    AddComparison(arm, column, &alone);
    if (alone.one_of.empty()) return;
    one_of.insert(one_of.end(), alone.one_of.begin(), alone.one_of.end());
  }
  known->one_of = std::move(one_of);
}

void AddConjunct(const Expr& expr, const std::string& column, Known* known) {
  if (expr.kind == ExprKind::kAnd) {
    for (const Expr& part : expr.args) AddConjunct(part, column, known);
    return;
  }
  if (expr.kind == ExprKind::kOr) return AddAlternatives(expr, column, known);
  if (expr.kind == ExprKind::kNullTest) {
    known->not_null = known->not_null || (expr.negated && expr.args[0].IsColumn() &&
                                          expr.args[0].LastName() == column);
    return;
  }
  AddComparison(expr, column, known);
}

Known WhatIsKnown(const Relation& table, const std::string& column) {
  Known known;
  const CatalogColumn* there = table.FindColumn(column);
  known.not_null = there != nullptr && there->not_null && there->not_null_valid;
  for (const CatalogConstraint& constraint : table.constraints) {
    const bool counts = constraint.kind == ConstraintKind::kCheck && constraint.validated &&
                        constraint.enforced && constraint.check != nullptr;
    if (counts) AddConjunct(*constraint.check, column, &known);
  }
  return known;
}

bool InList(const std::vector<Expr>& list, const Expr& value) {
  return std::any_of(list.begin(), list.end(), [&](const Expr& item) {
    const auto order = Compare(item, value);
    return order.has_value() && *order == 0;
  });
}

bool WithinRange(const PartitionBound& bound, const Expr& value) {
  if (!IsMin(bound.lower[0])) {
    const auto order = Compare(value, bound.lower[0]);
    if (!order.has_value() || *order < 0) return false;
  }
  if (IsMax(bound.upper[0])) return true;
  const auto order = Compare(value, bound.upper[0]);
  return order.has_value() && *order < 0;
}

bool OneColumn(const PartitionKey& key, const PartitionBound& bound) {
  if (key.elements.size() != 1 || key.elements[0].column.empty() || bound.is_default) return false;
  return bound.strategy == 'l' ||
         (bound.strategy == 'r' && !bound.lower.empty() && !bound.upper.empty());
}

}  // namespace

namespace {

// Every value that `known` allows is within the bound.
bool Covers(const Known& known, const PartitionBound& bound) {
  if (!known.one_of.empty()) {
    return std::all_of(known.one_of.begin(), known.one_of.end(), [&](const Expr* value) {
      return bound.strategy == 'l' ? InList(bound.list, *value) : WithinRange(bound, *value);
    });
  }
  if (bound.strategy == 'l') return false;
  if (!IsMin(bound.lower[0])) {
    if (known.at_least == nullptr) return false;
    const auto order = Compare(*known.at_least, bound.lower[0]);
    if (!order.has_value() || *order < 0) return false;
  }
  if (IsMax(bound.upper[0])) return true;
  if (known.at_most == nullptr) return false;
  const auto order = Compare(*known.at_most, bound.upper[0]);
  return order.has_value() && (*order < 0 || (*order == 0 && known.below));
}

}  // namespace

namespace {

bool HoldsNull(const PartitionBound& bound) {
  return std::any_of(bound.list.begin(), bound.list.end(),
                     [](const Expr& item) { return item.IsNullConstant(); });
}

// A range over several columns: those before the first in which the ends differ have one value, and
// that one is within its own ends.
bool ImpliesRange(const Relation& table, const PartitionKey& key, const PartitionBound& bound) {
  const size_t size = key.elements.size();
  if (bound.strategy != 'r' || bound.lower.size() != size || bound.upper.size() != size) {
    return false;
  }
  bool within = false;
  for (size_t i = 0; i < size; ++i) {
    if (key.elements[i].column.empty()) return false;
    const Known known = WhatIsKnown(table, key.elements[i].column);
    if (!known.not_null) return false;
    if (within) continue;
    const bool ends = IsMin(bound.lower[i]) || IsMax(bound.upper[i]);
    const auto order = ends ? std::optional<int>(-1) : Compare(bound.lower[i], bound.upper[i]);
    if (!order.has_value()) return false;
    if (*order == 0) {
      const bool same = known.one_of.size() == 1 &&
                        Compare(*known.one_of.front(), bound.lower[i]) == std::optional<int>(0);
      if (!same) return false;
      continue;
    }
    // At the lower end itself the columns behind decide.
    const bool any_behind = std::all_of(bound.lower.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                        bound.lower.end(), IsMin);
    PartitionBound one{.strategy = 'r'};
    one.lower = {bound.lower[i]};
    one.upper = {bound.upper[i]};
    if (!any_behind || !Covers(known, one)) return false;
    within = true;
  }
  return within;
}

}  // namespace

bool ImpliesBound(const Relation& table, const PartitionKey& key, const PartitionBound& bound) {
  if (key.elements.size() > 1) return ImpliesRange(table, key, bound);
  if (!OneColumn(key, bound)) return false;
  const Known known = WhatIsKnown(table, key.elements[0].column);
  const bool null_fits = known.not_null || (bound.strategy == 'l' && HoldsNull(bound));
  return null_fits && Covers(known, bound);
}

bool CoversMatch(const PartitionKey& key, const PartitionBound& bound, const Expr& condition) {
  if (!OneColumn(key, bound)) return false;
  Known known;
  AddConjunct(condition, key.elements[0].column, &known);
  return Covers(known, bound);
}

namespace {

// No value that `known` allows is within the bound.
bool Excludes(const Known& known, const PartitionBound& bound) {
  if (!known.one_of.empty()) {
    return std::none_of(known.one_of.begin(), known.one_of.end(), [&](const Expr* value) {
      if (Constant(*value) == nullptr) return true;
      return bound.strategy == 'l' ? InList(bound.list, *value) : WithinRange(bound, *value);
    });
  }
  if (bound.strategy == 'l') {
    return std::all_of(bound.list.begin(), bound.list.end(), [&](const Expr& item) {
      if (item.IsNullConstant()) return known.not_null;
      if (known.at_least != nullptr) {
        const auto order = Compare(item, *known.at_least);
        if (order.has_value() && (*order < 0 || (*order == 0 && known.above))) return true;
      }
      if (known.at_most == nullptr) return false;
      const auto order = Compare(item, *known.at_most);
      return order.has_value() && (*order > 0 || (*order == 0 && known.below));
    });
  }
  if (known.at_least != nullptr && !IsMax(bound.upper[0])) {
    const auto order = Compare(*known.at_least, bound.upper[0]);
    if (order.has_value() && *order >= 0) return true;
  }
  if (known.at_most != nullptr && !IsMin(bound.lower[0])) {
    const auto order = Compare(*known.at_most, bound.lower[0]);
    if (order.has_value() && (*order < 0 || (*order == 0 && known.below))) return true;
  }
  return false;
}

}  // namespace

bool ExcludesBound(const Relation& table, const PartitionKey& key, const PartitionBound& bound) {
  return OneColumn(key, bound) && Excludes(WhatIsKnown(table, key.elements[0].column), bound);
}

bool MayMatch(const PartitionKey& key, const PartitionBound& bound, const Expr& condition) {
  if (!OneColumn(key, bound)) return true;
  Known known;
  AddConjunct(condition, key.elements[0].column, &known);
  return !Excludes(known, bound);
}

bool MayHold(const PartitionKey& key, const PartitionBound& bound, const Expr& value) {
  if (bound.is_default || !OneColumn(key, bound) || Constant(value) == nullptr) return true;
  if (bound.strategy == 'l') return InList(bound.list, value);
  return WithinRange(bound, value);
}

}  // namespace pgsift
