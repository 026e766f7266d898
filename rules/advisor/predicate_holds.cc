// Whether a statement's conditions prove the predicate of a partial index. Beside
// predicate_proof.h, which compares expressions: this is asked for every index of every plan.

#include <algorithm>

#include "rules/advisor/constant_value.h"
#include "rules/advisor/index_design.h"

namespace pgsift {
namespace {

using Needs = std::vector<const Need*>;

// The operator gives null for null: where it is true, its column is not null.
bool IsStrict(NeedKind kind) {
  switch (kind) {
    case NeedKind::kEqual:
    case NeedKind::kIn:
    case NeedKind::kRange:
    case NeedKind::kPrefix:
    case NeedKind::kInfix:
    case NeedKind::kContains:
    case NeedKind::kNotNull:
      return true;
    default:
      return false;
  }
}

const CatalogColumn* ColumnOf(const Relation& table, const Need& need) {
  return need.expression ? nullptr : table.FindColumn(need.key);
}

// Empty: it cannot be told.
std::optional<double> PlaceOf(const std::optional<std::string>& value) {
  return value.has_value() ? ExactOrdinalOf(*value) : std::nullopt;
}

// All that lies at or above `given` (above it, if open) lies at or above `wanted`.
bool EndProves(const std::optional<std::string>& given, bool given_open,
               const std::optional<std::string>& wanted, bool wanted_open, double sign) {
  const std::optional<double> a = PlaceOf(given);
  const std::optional<double> b = PlaceOf(wanted);
  if (!a.has_value() || !b.has_value()) return false;
  return *a == *b ? given_open || !wanted_open : (*a - *b) * sign > 0;
}

bool RangeProves(const Need& given, const Need& wanted) {
  if (wanted.has_low &&
      !(given.has_low && EndProves(given.low, given.low_open, wanted.low, wanted.low_open, 1))) {
    return false;
  }
  return !wanted.has_high || (given.has_high && EndProves(given.high, given.high_open, wanted.high,
                                                          wanted.high_open, -1));
}

bool LiesIn(const std::string& value, const Need& range) {
  if (range.has_low && !EndProves(value, false, range.low, range.low_open, 1)) return false;
  return !range.has_high || EndProves(value, false, range.high, range.high_open, -1);
}

// No value of the range is `value`.
bool LeavesOut(const Need& range, const std::string& value) {
  return (range.has_low && EndProves(range.low, range.low_open, value, true, 1)) ||
         (range.has_high && EndProves(range.high, range.high_open, value, true, -1));
}

// They are not the same value: 5 and 5.0 are.
bool Differ(const std::string& a, const std::string& b, const Relation& table, const Need& need) {
  const CatalogColumn* column = ColumnOf(table, need);
  if (HasKnownOrder(column)) {
    const std::optional<double> x = PlaceOf(a);
    const std::optional<double> y = PlaceOf(b);
    return x.has_value() && y.has_value() && *x != *y;
  }
  return HasPlainEquality(column) && a != b;
}

bool Follows(const Need& given, const Need& wanted, const Relation& table) {
  if (!given.sql.empty() && given.sql == wanted.sql) return true;
  if (given.key.empty() || given.key != wanted.key || given.expression != wanted.expression)
    return false;
  if (wanted.kind == NeedKind::kNotNull)
    return IsStrict(given.kind) || (given.kind == NeedKind::kNotEqual && given.op == "<>");
  // What is compared with is known when the statement is planned.
  if (given.sql.empty()) return false;
  const bool listed =
      (given.kind == NeedKind::kEqual || given.kind == NeedKind::kIn) && !given.values.empty();
  const auto wants = [&](const std::string& value) {
    return std::find(wanted.values.begin(), wanted.values.end(), value) != wanted.values.end();
  };
  switch (wanted.kind) {
    case NeedKind::kEqual:
    case NeedKind::kIn:
      return listed && !wanted.values.empty() &&
             std::all_of(given.values.begin(), given.values.end(), wants);
    case NeedKind::kNotEqual:
      if (wanted.values.empty() || wanted.op.find("DISTINCT") != std::string::npos) return false;
      if (listed) {
        return std::all_of(given.values.begin(), given.values.end(), [&](const std::string& value) {
          return std::all_of(
              wanted.values.begin(), wanted.values.end(),
              [&](const std::string& other) { return Differ(value, other, table, wanted); });
        });
      }
      if (given.kind == NeedKind::kNotEqual && given.op == wanted.op) {
        return std::all_of(wanted.values.begin(), wanted.values.end(), [&](const auto& value) {
          return std::find(given.values.begin(), given.values.end(), value) != given.values.end();
        });
      }
      return given.kind == NeedKind::kRange && HasKnownOrder(ColumnOf(table, wanted)) &&
             std::all_of(wanted.values.begin(), wanted.values.end(),
                         [&](const std::string& value) { return LeavesOut(given, value); });
    case NeedKind::kRange:
      if (!HasKnownOrder(ColumnOf(table, wanted))) return false;
      if (listed) {
        return std::all_of(given.values.begin(), given.values.end(),
                           [&](const std::string& value) { return LiesIn(value, wanted); });
      }
      return given.kind == NeedKind::kRange && RangeProves(given, wanted);
    default:
      return false;
  }
}

bool Implied(const Need& wanted, const Needs& given, const Relation& table) {
  const auto follows = [&](const Need* one) { return Follows(*one, wanted, table); };
  if (std::any_of(given.begin(), given.end(), follows)) return true;
  // One arm is enough,
  for (const std::vector<Need>& arm : wanted.arms) {
    const auto implied = [&](const Need& part) { return Implied(part, given, table); };
    if (!arm.empty() && std::all_of(arm.begin(), arm.end(), implied)) return true;
  }
  // and of what is given every arm must do.
  return std::any_of(given.begin(), given.end(), [&](const Need* either) {
    if (either->arms.empty()) return false;
    return std::all_of(either->arms.begin(), either->arms.end(), [&](const std::vector<Need>& arm) {
      Needs parts;
      for (const Need& part : arm) parts.push_back(&part);
      return Implied(wanted, parts, table);
    });
  });
}

}  // namespace

bool PredicateHolds(const IndexDesign& design, const std::vector<const Need*>& needs) {
  if (design.opaque_predicate) return false;
  return std::all_of(design.predicate.begin(), design.predicate.end(),
                     [&](const Need& wanted) { return Implied(wanted, needs, *design.table); });
}

}  // namespace pgsift
