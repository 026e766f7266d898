#include "rules/advisor/need_reader.h"

#include <algorithm>
#include <string_view>

#include "rules/advisor/index_match.h"

namespace pgsift {
namespace {

template <size_t N>
bool OneOf(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool IsContainment(std::string_view op) {
  constexpr std::string_view kOps[] = {"@>", "<@", "&&", "?",  "?|",  "?&",
                                       "@@", "@?", "<<", ">>", "-|-", "@@@"};
  return OneOf(op, kOps);
}

std::string Flipped(std::string_view op) {
  if (op == "<") return ">";
  if (op == "<=") return ">=";
  if (op == ">") return "<";
  if (op == ">=") return "<=";
  if (op == "@>") return "<@";
  if (op == "<@") return "@>";
  return std::string(op);
}

const CatalogColumn* ColumnOf(const Expr& expr, const Relation* table) {
  return table != nullptr && expr.IsColumn() ? table->FindColumn(expr.LastName()) : nullptr;
}

bool IsInteger(const CatalogColumn& column) {
  constexpr std::string_view kTypes[] = {"int2", "int4", "int8", "bigserial", "serial"};
  return column.type.array_dimensions == 0 && OneOf(column.type.name.name, kTypes);
}

// The value is of a type that the column would have to be cast to.
bool ForcesCast(const CatalogColumn& column, const Expr& value) {
  if (!IsInteger(column)) return false;
  if (value.kind == ExprKind::kConstant) return value.constant == ConstantKind::kFloat;
  if (value.kind == ExprKind::kList || value.kind == ExprKind::kArray) {
    return std::any_of(value.args.begin(), value.args.end(),
                       [&](const Expr& arg) { return ForcesCast(column, arg); });
  }
  if (value.kind == ExprKind::kCast && value.type != nullptr) {
    constexpr std::string_view kWider[] = {"numeric", "float4", "float8"};
    return OneOf(value.type->name.name, kWider);
  }
  return false;
}

// The column behind a cast that changes nothing: varchar to text.
const Expr& WithoutRelabel(const Expr& side, const Relation* table) {
  if (side.kind == ExprKind::kCast && side.args.size() == 1 && side.args[0].IsColumn() &&
      side.type != nullptr && side.type->name.name == "text") {
    const CatalogColumn* column = ColumnOf(side.args[0], table);
    if (column == nullptr || column->type.name.name == "varchar" ||
        column->type.name.name == "text") {
      return side.args[0];
    }
  }
  return side;
}

}  // namespace

bool IsImmutable(const Expr& expr, const Relation* table) {
  constexpr std::string_view kFunctions[] = {"lower",
                                             "upper",
                                             "md5",
                                             "length",
                                             "char_length",
                                             "abs",
                                             "btrim",
                                             "ltrim",
                                             "rtrim",
                                             "substr",
                                             "substring",
                                             "left",
                                             "right",
                                             "round",
                                             "floor",
                                             "ceil",
                                             "trunc",
                                             "reverse",
                                             "replace",
                                             "split_part",
                                             "array_length",
                                             "cardinality",
                                             "jsonb_array_length",
                                             "to_tsvector",
                                             "lpad",
                                             "mod",
                                             "jsonb_extract_path_text"};
  // Immutable over timestamp and date, not over timestamptz.
  constexpr std::string_view kZoned[] = {"date_trunc", "date_part", "extract"};
  constexpr std::string_view kTypes[] = {"timestamptz", "timetz"};
  switch (expr.kind) {
    case ExprKind::kColumn:
      return expr.IsColumn();
    case ExprKind::kConstant:
      return true;
    case ExprKind::kFunction: {
      const std::string_view name = expr.LastName();
      if (name == "to_tsvector" && expr.args.size() != 2) return false;
      if (OneOf(name, kZoned)) {
        if (table == nullptr || expr.args.size() != 2) return false;
        bool zoned = false;
        WalkExpr(expr, [&](const Expr& inner) {
          const CatalogColumn* column = ColumnOf(inner, table);
          if (inner.IsColumn())
            zoned = zoned || column == nullptr || OneOf(column->type.name.name, kTypes);
        });
        if (zoned) return false;
      } else if (!OneOf(name, kFunctions)) {
        return false;
      }
      break;
    }
    case ExprKind::kOperator: {
      constexpr std::string_view kOps[] = {"->>", "->", "#>>", "#>", "||", "+", "-", "*", "/", "%"};
      if (expr.op != OperatorKind::kPlain || !OneOf(expr.LastName(), kOps)) return false;
      break;
    }
    case ExprKind::kCoalesce:
      break;
    case ExprKind::kCast: {
      // Casts between text, numbers and booleans; those of times depend on settings.
      constexpr std::string_view kSafe[] = {"int2",    "int4",  "int8",     "numeric",
                                            "float8",  "text",  "bool",     "uuid",
                                            "varchar", "jsonb", "regconfig"};
      if (expr.type == nullptr || expr.args.empty()) return false;
      const CatalogColumn* column = ColumnOf(expr.args[0], table);
      if (expr.type->name.name == "date") {
        if (column == nullptr || column->type.name.name != "timestamp") return false;
      } else if (!OneOf(expr.type->name.name, kSafe)) {
        return false;
      } else if (column != nullptr &&
                 (column->type.name.name.starts_with("time") || column->type.name.name == "date")) {
        return false;
      }
      break;
    }
    default:
      return false;
  }
  return std::all_of(expr.args.begin(), expr.args.end(),
                     [&](const Expr& arg) { return IsImmutable(arg, table); });
}

bool NeedReader::Names(const Expr& expr) const {
  bool found = false;
  WalkExpr(expr, [&](const Expr& inner) {
    found = found || inner.kind == ExprKind::kSubquery ||
            (inner.IsColumn() && names_(inner).has_value());
  });
  return found;
}

void NeedReader::SetKey(const Expr& side, const Relation* table, Need* need) const {
  const Expr& bare = WithoutRelabel(side, table);
  if (bare.IsColumn()) {
    need->key = need->column = names_(bare).value_or("");
    return;
  }
  std::optional<std::string> only;
  bool several = false;
  WalkExpr(bare, [&](const Expr& inner) {
    if (!inner.IsColumn()) return;
    const std::optional<std::string> name = names_(inner);
    if (!name.has_value()) return;
    several = several || (only.has_value() && *only != *name);
    only = name;
  });
  if (!several) need->column = only.value_or("");
  need->expression = true;
  if (IsImmutable(bare, table)) {
    need->key = BareSql(bare);
  } else {
    need->kind = NeedKind::kOther;
  }
}

void NeedReader::Pattern(const Expr& pattern, Need* need) const {
  const std::optional<std::string> value = ConstantValue(pattern, values_);
  if (value.has_value()) {
    need->values = {*value};
    const bool prefix = !value->starts_with('%') && !value->starts_with('_') && !value->empty();
    need->kind = prefix ? NeedKind::kPrefix : NeedKind::kInfix;
    return;
  }
  // '%' || $1: whatever follows, it is searched anywhere.
  const Expr* first = &pattern;
  while (first->kind == ExprKind::kOperator && first->LastName() == "||" && !first->args.empty())
    first = &first->args[0];
  const std::optional<std::string> head = ConstantValue(*first, values_);
  if (!head.has_value()) {
    need->kind = NeedKind::kOther;
  } else {
    need->kind =
        head->starts_with('%') || head->starts_with('_') ? NeedKind::kInfix : NeedKind::kPrefix;
  }
}

void NeedReader::Range(const std::string& op, const Expr& value, Need* need) const {
  const std::optional<std::string> bound = ConstantValue(value, values_);
  need->kind = NeedKind::kRange;
  if (op.starts_with('<')) {
    need->has_high = true;
    need->high = bound;
    need->high_open = op == "<";
  } else {
    need->has_low = true;
    need->low = bound;
    need->low_open = op == ">";
  }
}

void NeedReader::Operator(const Expr& expr, const Relation* table, std::vector<Need>* needs) const {
  Need need;
  need.op = std::string(expr.LastName());
  const bool left = Names(expr.args[0]);
  const bool right = Names(expr.args[1]);
  if (left == right) {
    need.kind = NeedKind::kOther;
    needs->push_back(std::move(need));
    return;
  }
  const Expr* side = &expr.args[left ? 0 : 1];
  const Expr& value = expr.args[left ? 1 : 0];
  std::string op = left ? need.op : Flipped(need.op);
  // (a, b) < (x, y) narrows a.
  if (side->kind == ExprKind::kRow && value.kind == ExprKind::kRow && !side->args.empty() &&
      side->args.size() == value.args.size()) {
    if (op.starts_with('<') || op.starts_with('>')) {
      SetKey(side->args[0], table, &need);
      if (!need.key.empty() && op != "<>") {
        Range(op, value.args[0], &need);
        need.low_open = need.high_open = false;
      } else {
        need.kind = NeedKind::kOther;
      }
    }
    needs->push_back(std::move(need));
    return;
  }
  need.op = op;
  need.kind = NeedKind::kEqual;
  SetKey(*side, table, &need);
  if (need.key.empty()) {
    need.kind = NeedKind::kOther;
    needs->push_back(std::move(need));
    return;
  }
  const CatalogColumn* column = table != nullptr ? table->FindColumn(need.key) : nullptr;
  const bool cast = !need.expression && column != nullptr && ForcesCast(*column, value);
  need.kind = NeedKind::kOther;
  switch (expr.op) {
    case OperatorKind::kLike:
      if (left && !expr.negated) Pattern(value, &need);
      break;
    case OperatorKind::kIlike:
      if (left && !expr.negated) {
        Pattern(value, &need);
        if (need.kind == NeedKind::kPrefix) need.kind = NeedKind::kInfix;
      }
      break;
    case OperatorKind::kIn:
    case OperatorKind::kAny: {
      if (!left || (expr.op == OperatorKind::kAny && op != "=")) break;
      bool known = false;
      need.values = ConstantList(value, values_, &known);
      const bool listed = value.kind == ExprKind::kList || value.kind == ExprKind::kArray;
      need.elements = listed  ? static_cast<double>(value.args.size())
                      : known ? static_cast<double>(need.values.size())
                              : 10;
      if (!known) need.values.clear();
      need.kind = expr.negated ? NeedKind::kNotEqual : NeedKind::kIn;
      if (!expr.negated && listed && value.args.size() == 1) need.kind = NeedKind::kEqual;
      break;
    }
    case OperatorKind::kBetween:
      if (!left || expr.negated || expr.args.size() < 3) break;
      Range(">=", expr.args[1], &need);
      Range("<=", expr.args[2], &need);
      break;
    case OperatorKind::kDistinct:
      need.kind = expr.negated ? NeedKind::kOther : NeedKind::kNotEqual;
      break;
    case OperatorKind::kPlain: {
      if (op == "=") {
        need.kind = NeedKind::kEqual;
      } else if (op == "<>") {
        need.kind = NeedKind::kNotEqual;
      } else if (op == "<" || op == "<=" || op == ">" || op == ">=") {
        Range(op, value, &need);
      } else if (op == "~" || op == "~*") {
        need.kind = NeedKind::kInfix;
      } else if (IsContainment(op)) {
        need.kind = NeedKind::kContains;
      }
      if (need.kind != NeedKind::kRange) {
        // The words of to_tsquery('english', 'a & b') and its like.
        const Expr& words = op == "@@" && value.kind == ExprKind::kFunction && !value.args.empty()
                                ? value.args.back()
                                : value;
        if (const std::optional<std::string> text = ConstantValue(words, values_))
          need.values = {*text};
      }
      break;
    }
    default:
      break;
  }
  if (cast) need.kind = NeedKind::kOther;
  WalkExpr(value, [&](const Expr& inner) {
    need.per_call = need.per_call || inner.kind == ExprKind::kParam;
  });
  bool literal = true;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    if (&expr.args[i] != side) literal = literal && IsLiteralValue(expr.args[i]);
  }
  if (literal) need.sql = BareSql(expr);
  needs->push_back(std::move(need));
}

void NeedReader::Read(const Expr& expr, const Relation* table, std::vector<Need>* needs) const {
  Need need;
  const auto boolean = [&](const Expr& column, const char* value) {
    need.kind = NeedKind::kEqual;
    need.op = "=";
    need.key = need.column = names_(column).value_or("");
    need.values = {value};
    need.sql = BareSql(expr);
  };
  if (expr.kind == ExprKind::kOperator && expr.args.size() >= 2) {
    Operator(expr, table, needs);
    return;
  }
  if (expr.kind == ExprKind::kNullTest && !expr.args.empty()) {
    need.kind = NeedKind::kNull;
    SetKey(expr.args[0], table, &need);
    if (need.kind == NeedKind::kNull) {
      need.kind = expr.negated ? NeedKind::kNotNull : NeedKind::kNull;
      need.op = expr.negated ? "IS NOT NULL" : "IS NULL";
      need.sql = BareSql(expr);
    }
  } else if (expr.IsColumn()) {
    boolean(expr, "t");
  } else if (expr.kind == ExprKind::kNot && !expr.args.empty() && expr.args[0].IsColumn()) {
    boolean(expr.args[0], "f");
  } else if (expr.kind == ExprKind::kBooleanTest && !expr.args.empty() && expr.args[0].IsColumn() &&
             (expr.value == "IS_TRUE" || expr.value == "IS_FALSE")) {
    boolean(expr.args[0], expr.value == "IS_TRUE" ? "t" : "f");
  }
  needs->push_back(std::move(need));
}

void MergeRange(Need need, std::vector<Need>* needs) {
  if (need.kind == NeedKind::kRange) {
    for (Need& other : *needs) {
      if (other.kind != NeedKind::kRange || other.table != need.table || other.key != need.key)
        continue;
      if ((other.has_low && need.has_low) || (other.has_high && need.has_high)) continue;
      if (need.has_low) {
        other.has_low = true;
        other.low = need.low;
        other.low_open = need.low_open;
      }
      if (need.has_high) {
        other.has_high = true;
        other.high = need.high;
        other.high_open = need.high_open;
      }
      other.sql = other.sql.empty() || need.sql.empty() ? "" : other.sql + " AND " + need.sql;
      other.outer = other.outer || need.outer;
      other.per_call = other.per_call || need.per_call;
      return;
    }
  }
  needs->push_back(std::move(need));
}

}  // namespace pgsift
