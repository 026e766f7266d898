#include "parser/expression.h"

#include <array>

#include "base/text.h"
#include "parser/query.h"

namespace pgsift {
namespace {

struct TypeSpelling {
  std::string_view internal;
  std::string_view sql;
};
constexpr auto kTypeSpellings = std::to_array<TypeSpelling>({
    {"int2", "smallint"},
    {"int4", "integer"},
    {"int8", "bigint"},
    {"float4", "real"},
    {"float8", "double precision"},
    {"bool", "boolean"},
    {"bpchar", "char"},
});

std::string Dotted(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += '.';
    text += part == "*" ? "*" : QuoteIdentifier(part);
  }
  return text;
}

std::string Joined(const std::vector<Expr>& exprs, std::string_view separator, size_t from = 0) {
  std::string text;
  for (size_t i = from; i < exprs.size(); ++i) {
    if (i > from) text += separator;
    text += ToSql(exprs[i]);
  }
  return text;
}

// In parentheses unless it is one word already.
std::string Operand(const Expr& expr) {
  const bool compound = expr.kind == ExprKind::kOperator || expr.kind == ExprKind::kAnd ||
                        expr.kind == ExprKind::kOr || expr.kind == ExprKind::kNot ||
                        expr.kind == ExprKind::kNullTest || expr.kind == ExprKind::kBooleanTest ||
                        expr.kind == ExprKind::kCollate;
  return compound ? "(" + ToSql(expr) + ")" : ToSql(expr);
}

std::string OperatorSql(const Expr& expr) {
  const std::string symbol(expr.LastName());
  if (expr.args.size() == 1) return symbol + Operand(expr.args[0]);
  if (expr.args.size() < 2) return symbol;
  const std::string left = Operand(expr.args[0]);
  const std::string right = Operand(expr.args[1]);
  const std::string_view no = expr.negated ? "NOT " : "";
  switch (expr.op) {
    case OperatorKind::kAny:
      return left + " " + symbol + " ANY (" + ToSql(expr.args[1]) + ")";
    case OperatorKind::kAll:
      return left + " " + symbol + " ALL (" + ToSql(expr.args[1]) + ")";
    case OperatorKind::kIn:
      return left + " " + std::string(no) + "IN " + right;
    case OperatorKind::kLike:
      return left + " " + std::string(no) + "LIKE " + right;
    case OperatorKind::kIlike:
      return left + " " + std::string(no) + "ILIKE " + right;
    case OperatorKind::kSimilar:
      return left + " " + std::string(no) + "SIMILAR TO " + right;
    case OperatorKind::kBetween:
      return left + " " + std::string(no) + "BETWEEN " + right + " AND " +
             (expr.args.size() > 2 ? Operand(expr.args[2]) : "");
    case OperatorKind::kDistinct:
      return left + " IS " + std::string(no) + "DISTINCT FROM " + right;
    case OperatorKind::kNullif:
      return "NULLIF(" + ToSql(expr.args[0]) + ", " + ToSql(expr.args[1]) + ")";
    case OperatorKind::kPlain:
      return left + " " + symbol + " " + right;
  }
  return left;
}

std::string FunctionSql(const Expr& expr) {
  std::vector<std::string> name = expr.name;
  // The grammar has forms of its own for these.
  if (expr.LastName() == "extract" && expr.args.size() == 2 &&
      expr.args[0].kind == ExprKind::kConstant) {
    return "EXTRACT(" + expr.args[0].value + " FROM " + ToSql(expr.args[1]) + ")";
  }
  const bool reserved = expr.LastName() == "position";
  if (name.size() == 2 && name[0] == "pg_catalog" && !reserved) name.erase(name.begin());
  std::string text = Dotted(name) + "(";
  if (expr.distinct) text += "DISTINCT ";
  text += expr.star ? "*" : Joined(expr.args, ", ");
  text += ")";
  if (expr.filter != nullptr) text += " FILTER (WHERE " + ToSql(*expr.filter) + ")";
  return text;
}

std::string CaseSql(const Expr& expr) {
  std::string text = "CASE";
  size_t i = 0;
  if (expr.has_operand) text += " " + ToSql(expr.args[i++]);
  for (; i + 1 < expr.args.size(); i += 2) {
    text += " WHEN " + ToSql(expr.args[i]) + " THEN " + ToSql(expr.args[i + 1]);
  }
  if (i < expr.args.size()) text += " ELSE " + ToSql(expr.args[i]);
  return text + " END";
}

std::string SublinkSql(const Expr& expr) {
  const std::string left = expr.args.empty() ? "" : Operand(expr.args[0]) + " ";
  switch (expr.sublink) {
    case SublinkKind::kExists:
      return "EXISTS (SELECT …)";
    case SublinkKind::kAny:
      return left + (expr.name.empty() ? "IN" : expr.name.back() + " ANY") + " (SELECT …)";
    case SublinkKind::kAll:
      return left + (expr.name.empty() ? "=" : expr.name.back()) + " ALL (SELECT …)";
    case SublinkKind::kArray:
      return "ARRAY(SELECT …)";
    case SublinkKind::kScalar:
      return "(SELECT …)";
  }
  return "(SELECT …)";
}

std::string ConstantSql(const Expr& expr) {
  switch (expr.constant) {
    case ConstantKind::kNull:
      return "NULL";
    case ConstantKind::kString:
      return QuoteLiteral(expr.value);
    case ConstantKind::kBitString:
      return expr.value.empty() ? "b''"
                                : expr.value.substr(0, 1) + QuoteLiteral(expr.value.substr(1));
    case ConstantKind::kBoolean:
    case ConstantKind::kInteger:
    case ConstantKind::kFloat:
      return expr.value;
  }
  return expr.value;
}

std::string BooleanTestSql(const Expr& expr) {
  std::string test;
  for (char c : std::string_view(expr.value).substr(expr.value.starts_with("IS_") ? 3 : 0)) {
    test += c == '_' ? ' ' : c;
  }
  return Operand(expr.args[0]) + " IS " + test;
}

// A weak name gives way to one that stands further in.
struct ImpliedName {
  std::string text;
  bool weak = false;
};

// Names of what the grammar has nodes of its own for.
std::string_view NameOfNode(std::string_view node) {
  struct Known {
    std::string_view node;
    std::string_view name;
  };
  static constexpr auto kKnown = std::to_array<Known>({
      {"XmlSerialize", "xmlserialize"},
      {"JsonParseExpr", "json"},
      {"JsonScalarExpr", "json_scalar"},
      {"JsonSerializeExpr", "json_serialize"},
      {"JsonObjectConstructor", "json_object"},
      {"JsonArrayConstructor", "json_array"},
      {"JsonArrayQueryConstructor", "json_array"},
      {"JsonObjectAgg", "json_objectagg"},
      {"JsonArrayAgg", "json_arrayagg"},
      {"MergeSupportFunc", "merge_action"},
  });
  for (const Known& known : kKnown) {
    if (known.node == node) return known.name;
  }
  return "";
}

ImpliedName FindImpliedName(const Expr& expr);

// Of what the first argument is called, else the weak name.
ImpliedName NameOfArgument(const Expr* argument, std::string_view otherwise) {
  ImpliedName name;
  if (argument != nullptr) name = FindImpliedName(*argument);
  if ((name.text.empty() || name.weak) && !otherwise.empty()) return {std::string(otherwise), true};
  return name;
}

ImpliedName NameOfSubquery(const Expr& expr) {
  if (expr.sublink == SublinkKind::kExists) return {"exists"};
  if (expr.sublink == SublinkKind::kArray) return {"array"};
  if (expr.sublink != SublinkKind::kScalar || expr.query == nullptr) return {};
  const auto* select = std::get_if<Select>(&expr.query->node);
  while (select != nullptr && !select->sides.empty()) select = &select->sides.front();
  if (select == nullptr || select->targets.empty()) return {};
  const Target& target = select->targets.front();
  if (!target.alias.empty()) return {target.alias};
  return FindImpliedName(target.expr);
}

ImpliedName FindImpliedName(const Expr& expr) {
  const Expr* first = expr.args.empty() ? nullptr : &expr.args.front();
  switch (expr.kind) {
    case ExprKind::kColumn:
    case ExprKind::kFunction:
      return {std::string(expr.LastName())};
    case ExprKind::kIndirection:
      if (!expr.name.empty()) return {std::string(expr.LastName())};
      return NameOfArgument(first, "");
    case ExprKind::kCollate:
      return NameOfArgument(first, "");
    case ExprKind::kOperator:
      return {expr.op == OperatorKind::kNullif ? "nullif" : ""};
    case ExprKind::kCast:
      return NameOfArgument(first, expr.type == nullptr ? "" : expr.type->name.name);
    case ExprKind::kCase: {
      // Of the pairs, the operand and ELSE, an odd one out is ELSE.
      const bool otherwise = (expr.args.size() - (expr.has_operand ? 1 : 0)) % 2 == 1;
      return NameOfArgument(otherwise ? &expr.args.back() : nullptr, "case");
    }
    case ExprKind::kCoalesce:
      return {"coalesce"};
    case ExprKind::kMinMax:
    case ExprKind::kValueFunction:
      return {Lower(expr.value)};
    case ExprKind::kArray:
      return {"array"};
    case ExprKind::kRow:
      return {"row"};
    case ExprKind::kGrouping:
      return {"grouping"};
    case ExprKind::kSubquery:
      return NameOfSubquery(expr);
    case ExprKind::kOther:
      return {std::string(NameOfNode(expr.value))};
    default:
      return {};
  }
}

}  // namespace

std::string TypeName::ToString() const {
  std::string text = set_of ? "SETOF " : "";
  std::string base = QuoteName(name);
  if (name.schema.empty()) {
    for (const TypeSpelling& spelling : kTypeSpellings) {
      if (name.name == spelling.internal) base = spelling.sql;
    }
  }
  text += base;
  // char without a length comes with the modifier 1, interval with a field mask.
  if (!modifiers.empty() && name.name != "interval") {
    text += '(';
    for (size_t i = 0; i < modifiers.size(); ++i) {
      if (i > 0) text += ',';
      text += std::to_string(modifiers[i]);
    }
    text += ')';
  }
  for (uint32_t i = 0; i < array_dimensions; ++i) text += "[]";
  return text;
}

std::string ToSql(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kColumn:
      return Dotted(expr.name);
    case ExprKind::kConstant:
      return ConstantSql(expr);
    case ExprKind::kParam:
      return "$" + expr.value;
    case ExprKind::kOperator:
      return OperatorSql(expr);
    case ExprKind::kFunction:
      return FunctionSql(expr);
    case ExprKind::kAnd:
    case ExprKind::kOr: {
      std::string text;
      for (size_t i = 0; i < expr.args.size(); ++i) {
        if (i > 0) text += expr.kind == ExprKind::kAnd ? " AND " : " OR ";
        text += Operand(expr.args[i]);
      }
      return text;
    }
    case ExprKind::kNot:
      return "NOT " + (expr.args.empty() ? "" : Operand(expr.args[0]));
    case ExprKind::kNullTest:
      return Operand(expr.args[0]) + (expr.negated ? " IS NOT NULL" : " IS NULL");
    case ExprKind::kBooleanTest:
      return BooleanTestSql(expr);
    case ExprKind::kCast:
      return Operand(expr.args[0]) + "::" + (expr.type != nullptr ? expr.type->ToString() : "");
    case ExprKind::kSubquery:
      return SublinkSql(expr);
    case ExprKind::kCase:
      return CaseSql(expr);
    case ExprKind::kCoalesce:
      return "COALESCE(" + Joined(expr.args, ", ") + ")";
    case ExprKind::kMinMax:
      return expr.value + "(" + Joined(expr.args, ", ") + ")";
    case ExprKind::kArray:
      return "ARRAY[" + Joined(expr.args, ", ") + "]";
    case ExprKind::kRow:
      return "ROW(" + Joined(expr.args, ", ") + ")";
    case ExprKind::kList:
      return "(" + Joined(expr.args, ", ") + ")";
    case ExprKind::kIndirection: {
      std::string text = "(" + ToSql(expr.args[0]) + ")";
      for (size_t i = 1; i < expr.args.size(); ++i) text += "[" + ToSql(expr.args[i]) + "]";
      for (const std::string& field : expr.name) text += "." + QuoteIdentifier(field);
      return text;
    }
    case ExprKind::kCollate:
      return Operand(expr.args[0]) + " COLLATE " + Dotted(expr.name);
    case ExprKind::kDefault:
      return "DEFAULT";
    case ExprKind::kValueFunction:
      return expr.value;
    case ExprKind::kGrouping:
    case ExprKind::kOther:
      return expr.value + "(" + Joined(expr.args, ", ") + ")";
  }
  return {};
}

std::string ImpliedColumnName(const Expr& expr) { return FindImpliedName(expr).text; }

}  // namespace pgsift
