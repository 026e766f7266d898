// What src/backend/optimizer/util/predtest.c can prove of two conditions.

#include "rules/advisor/predicate_proof.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/advisor/constant_value.h"
#include "rules/advisor/index_match.h"

namespace pgsift {
namespace {

// Source: MAX_SAOP_ARRAY_SIZE. A longer list is looked at as a whole.
constexpr size_t kListMax = 100;

template <size_t N>
bool OneOf(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// A condition taken apart: lists are ORs of equalities, BETWEEN is an AND.
struct Condition {
  enum class Kind : uint8_t { kAnd, kOr, kAtom } kind = Kind::kAtom;
  std::vector<Condition> parts;
  Expr atom;
};

Condition Atom(Expr expr) {
  return {.kind = Condition::Kind::kAtom, .parts = {}, .atom = std::move(expr)};
}

Expr Compared(const Expr& side, const char* op, const Expr& value) {
  Expr expr;
  expr.kind = ExprKind::kOperator;
  expr.op = OperatorKind::kPlain;
  expr.name = {op};
  expr.args = {side, value};
  return expr;
}

const Expr& WithoutCast(const Expr& expr) {
  const Expr* inner = &expr;
  while (inner->kind == ExprKind::kCast && inner->args.size() == 1) inner = &inner->args[0];
  return *inner;
}

const Expr* ListOf(const Expr& expr) {
  const Expr& list = WithoutCast(expr);
  const bool listed = list.kind == ExprKind::kList || list.kind == ExprKind::kArray;
  return listed && !list.args.empty() && list.args.size() <= kListMax ? &list : nullptr;
}

Condition TakeApart(const Expr& expr) {
  const auto all = [&](Condition::Kind kind) {
    Condition result{.kind = kind, .parts = {}, .atom = {}};
    for (const Expr& arg : expr.args) result.parts.push_back(TakeApart(arg));
    return result;
  };
  if (expr.kind == ExprKind::kAnd) return all(Condition::Kind::kAnd);
  if (expr.kind == ExprKind::kOr) return all(Condition::Kind::kOr);
  if (expr.kind != ExprKind::kOperator || expr.args.size() < 2) return Atom(expr);
  const std::string_view op = expr.LastName();
  const bool any = (expr.op == OperatorKind::kIn && !expr.negated) ||
                   (expr.op == OperatorKind::kAny && op == "=");
  const bool none = (expr.op == OperatorKind::kIn && expr.negated) ||
                    (expr.op == OperatorKind::kAll && op == "<>");
  if (any || none) {
    const Expr* list = ListOf(expr.args[1]);
    if (list == nullptr) return Atom(expr);
    Condition result{
        .kind = any ? Condition::Kind::kOr : Condition::Kind::kAnd, .parts = {}, .atom = {}};
    for (const Expr& value : list->args)
      result.parts.push_back(Atom(Compared(expr.args[0], any ? "=" : "<>", value)));
    return result;
  }
  if (expr.op == OperatorKind::kBetween && !expr.negated && expr.args.size() == 3) {
    return {.kind = Condition::Kind::kAnd,
            .parts = {Atom(Compared(expr.args[0], ">=", expr.args[1])),
                      Atom(Compared(expr.args[0], "<=", expr.args[2]))},
            .atom = {}};
  }
  return Atom(expr);
}

// `x = true` is x, `x = false` is NOT x, as the planner simplifies them.
Expr Simplified(const Expr& expr) {
  const bool equality = expr.kind == ExprKind::kOperator && expr.op == OperatorKind::kPlain &&
                        expr.LastName() == "=" && expr.args.size() == 2;
  if (!equality) return expr;
  const Expr& value = WithoutCast(expr.args[1]);
  if (value.kind != ExprKind::kConstant || value.constant != ConstantKind::kBoolean) return expr;
  if (value.value.starts_with('t')) return expr.args[0];
  Expr negation;
  negation.kind = ExprKind::kNot;
  negation.args = {expr.args[0]};
  return negation;
}

// Null in `part` makes `expr` null: it cannot be true then.
bool IsStrictFor(const Expr& expr, const std::string& part) {
  constexpr std::string_view kOperators[] = {"=",   "<>",  "<",  "<=", ">",  ">=", "+",
                                             "-",   "*",   "/",  "%",  "||", "~",  "~~",
                                             "~~*", "->>", "@>", "<@", "&&", "@@"};
  constexpr std::string_view kFunctions[] = {"lower", "upper", "length", "abs",  "md5",
                                             "btrim", "round", "floor",  "ceil", "date_trunc"};
  if (BareSql(expr) == part) return true;
  bool strict = expr.kind == ExprKind::kCast;
  if (expr.kind == ExprKind::kOperator) {
    strict = (expr.op == OperatorKind::kPlain && OneOf(expr.LastName(), kOperators)) ||
             expr.op == OperatorKind::kLike || expr.op == OperatorKind::kIlike;
  } else if (expr.kind == ExprKind::kFunction) {
    strict = OneOf(expr.LastName(), kFunctions);
  }
  return strict && std::any_of(expr.args.begin(), expr.args.end(),
                               [&](const Expr& arg) { return IsStrictFor(arg, part); });
}

// A comparison with a value: its side without the value, the operator as it stands left of it.
struct Comparison {
  std::string key;
  std::string column;  // Of a bare column; else empty.
  std::string_view op;
  const Expr* value = nullptr;
};

std::optional<Comparison> ComparisonOf(const Expr& expr) {
  constexpr std::string_view kOps[] = {"=", "<>", "<", "<=", ">", ">="};
  constexpr std::string_view kFlipped[] = {"=", "<>", ">", ">=", "<", "<="};
  if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kPlain ||
      expr.args.size() != 2) {
    return std::nullopt;
  }
  const auto at = std::find(std::begin(kOps), std::end(kOps), expr.LastName());
  if (at == std::end(kOps)) return std::nullopt;
  const auto is_value = [](const Expr& side) {
    const Expr& bare = WithoutCast(side);
    return bare.kind == ExprKind::kConstant && !bare.IsNullConstant();
  };
  const bool right = is_value(expr.args[1]);
  if (right == is_value(expr.args[0])) return std::nullopt;
  const Expr& side = expr.args[right ? 0 : 1];
  Comparison result;
  result.key = BareSql(side);
  if (WithoutCast(side).IsColumn()) result.column = std::string(WithoutCast(side).LastName());
  result.op = right ? *at : kFlipped[at - std::begin(kOps)];
  result.value = &WithoutCast(expr.args[right ? 1 : 0]);
  return result;
}

// How two values compare in the order of the column's type: their difference's sign; any value but
// 0 where only equality can be told and they differ. Empty: it cannot be told without a server.
struct Order {
  int sign = 0;
  bool ordered = true;
};

std::optional<Order> Compare(const Comparison& a, const Comparison& b, const Relation& table) {
  const auto is_number = [](const Expr& value) {
    return value.constant == ConstantKind::kInteger || value.constant == ConstantKind::kFloat;
  };
  const CatalogColumn* column = table.FindColumn(a.column);
  if ((is_number(*a.value) && is_number(*b.value)) || HasKnownOrder(column)) {
    const std::optional<double> x = ExactOrdinalOf(a.value->value);
    const std::optional<double> y = ExactOrdinalOf(b.value->value);
    if (!x.has_value() || !y.has_value()) return std::nullopt;
    return Order{.sign = *x < *y ? -1 : *x > *y ? 1 : 0};
  }
  if (a.value->value == b.value->value && a.value->constant == b.value->constant) return Order{};
  // The order of texts is that of their collation; enums have their own.
  if (HasPlainEquality(column) && a.value->constant == ConstantKind::kString &&
      b.value->constant == ConstantKind::kString) {
    return Order{.sign = 1, .ordered = false};
  }
  return std::nullopt;
}

// Source: BT_implies_table, BT_implic_table.
bool ComparisonProves(std::string_view given, std::string_view wanted, const Order& order) {
  const int sign = order.sign;
  if (given == "=") {
    if (wanted == "=") return sign == 0;
    if (wanted == "<>") return sign != 0;
    if (!order.ordered) return false;
    if (wanted == "<") return sign < 0;
    if (wanted == "<=") return sign <= 0;
    if (wanted == ">") return sign > 0;
    return sign >= 0;
  }
  if (given == "<>") return wanted == "<>" && sign == 0;
  if (!order.ordered) return false;
  if (given == "<") return (wanted == "<" || wanted == "<=" || wanted == "<>") && sign <= 0;
  if (given == ">") return (wanted == ">" || wanted == ">=" || wanted == "<>") && sign >= 0;
  if (given == "<=") {
    if (wanted == "<=") return sign <= 0;
    return (wanted == "<" || wanted == "<>") && sign < 0;
  }
  if (wanted == ">=") return sign >= 0;
  return (wanted == ">" || wanted == "<>") && sign > 0;
}

bool AtomProves(const Expr& one, const Expr& other, const Relation& table) {
  const Expr given = Simplified(one);
  const Expr wanted = Simplified(other);
  if (BareSql(given) == BareSql(wanted)) return true;
  if (wanted.kind == ExprKind::kNullTest && wanted.negated && !wanted.args.empty())
    return IsStrictFor(given, BareSql(wanted.args[0]));
  const std::optional<Comparison> a = ComparisonOf(given);
  const std::optional<Comparison> b = ComparisonOf(wanted);
  if (!a.has_value() || !b.has_value() || a->key != b->key) return false;
  const std::optional<Order> order = Compare(*a, *b, table);
  return order.has_value() && ComparisonProves(a->op, b->op, *order);
}

bool ConditionProves(const Condition& given, const Condition& wanted, const Relation& table) {
  using Kind = Condition::Kind;
  const auto proves_any = [&](const Condition& one) {
    return std::any_of(wanted.parts.begin(), wanted.parts.end(),
                       [&](const Condition& part) { return ConditionProves(one, part, table); });
  };
  if (wanted.kind == Kind::kAnd) {
    return std::all_of(wanted.parts.begin(), wanted.parts.end(),
                       [&](const Condition& part) { return ConditionProves(given, part, table); });
  }
  if (given.kind == Kind::kOr) {
    return std::all_of(given.parts.begin(), given.parts.end(),
                       [&](const Condition& part) { return ConditionProves(part, wanted, table); });
  }
  if (wanted.kind == Kind::kOr && proves_any(given)) return true;
  if (given.kind == Kind::kAnd) {
    return std::any_of(given.parts.begin(), given.parts.end(),
                       [&](const Condition& part) { return ConditionProves(part, wanted, table); });
  }
  return wanted.kind == Kind::kAtom && AtomProves(given.atom, wanted.atom, table);
}

}  // namespace

bool Proves(const Expr& given, const Expr& wanted, const Relation& table) {
  return ConditionProves(TakeApart(given), TakeApart(wanted), table);
}

}  // namespace pgsift
