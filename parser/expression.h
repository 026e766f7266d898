#ifndef PGSIFT_PARSER_EXPRESSION_H_
#define PGSIFT_PARSER_EXPRESSION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parser/name.h"

namespace pgsift {

struct Query;
struct SortItem;

// A data type as SQL names it: `numeric(10,2)[]`.
struct TypeName {
  QualifiedName name;  // As the grammar has it: int4, varchar, bpchar, timestamptz, … ; pg_catalog
                       // is dropped from `schema`.
  std::vector<int64_t> modifiers;  // (10, 2).
  uint32_t array_dimensions = 0;
  bool set_of = false;
  uint64_t offset = 0;

  bool empty() const { return name.empty(); }
  // "numeric(10,2)[]", in the spelling that people use ("bigint", not "int8").
  std::string ToString() const;
};

enum class ExprKind : uint8_t {
  kColumn,         // name: parts of a column reference; the last may be "*".
  kConstant,       // value, constant.
  kParam,          // $n: value is n.
  kOperator,       // op, name (the operator's name, the symbol last), args: left and right.
  kFunction,       // name, args, and the call's own fields.
  kAnd,            // args.
  kOr,             // args.
  kNot,            // args[0].
  kNullTest,       // args[0] IS NULL; negated: IS NOT NULL.
  kBooleanTest,    // args[0] IS value: "TRUE", "NOT FALSE", …
  kCast,           // args[0]::type.
  kSubquery,       // query; sublink says how it is used; args[0] is the tested expression.
  kCase,           // args: operand (if has_operand), then condition and result pairs, then ELSE.
  kCoalesce,       // args.
  kMinMax,         // GREATEST or LEAST: value.
  kArray,          // ARRAY[args].
  kRow,            // ROW(args).
  kList,           // (args) as it stands right of IN.
  kIndirection,    // args[0] with subscripts or fields.
  kCollate,        // args[0] COLLATE name.
  kDefault,        // DEFAULT in VALUES or SET.
  kValueFunction,  // CURRENT_TIMESTAMP and its like: value.
  kGrouping,       // GROUPING SETS, ROLLUP, CUBE, GROUPING(): args.
  kOther,          // value: the grammar's node name; args: what expressions it holds.
};

enum class OperatorKind : uint8_t {
  kPlain,     // a = b
  kAny,       // a = ANY (b)
  kAll,       // a <> ALL (b)
  kIn,        // a IN (list); negated: NOT IN
  kLike,      // a LIKE b; negated: NOT LIKE
  kIlike,     // a ILIKE b
  kSimilar,   // a SIMILAR TO b
  kBetween,   // a BETWEEN args[1] AND args[2]
  kDistinct,  // a IS DISTINCT FROM b; negated: IS NOT DISTINCT FROM
  kNullif,    // NULLIF(a, b)
};

enum class ConstantKind : uint8_t { kNull, kBoolean, kInteger, kFloat, kString, kBitString };
enum class SublinkKind : uint8_t { kExists, kAny, kAll, kScalar, kArray };

// An expression of SQL, as it is written: names are not resolved, nothing is folded. A plain value
// that owns all it holds; sub-queries are shared between copies and never changed.
struct Expr {
  ExprKind kind = ExprKind::kOther;
  OperatorKind op = OperatorKind::kPlain;
  ConstantKind constant = ConstantKind::kNull;
  SublinkKind sublink = SublinkKind::kScalar;
  bool negated = false;
  bool has_operand = false;  // kCase.
  bool star = false;         // kFunction: count(*).
  bool distinct = false;     // kFunction: count(DISTINCT a).
  bool windowed = false;     // kFunction: has OVER.
  std::vector<std::string> name;
  std::string value;
  std::vector<Expr> args;
  std::shared_ptr<const TypeName> type;
  std::shared_ptr<const Query> query;
  std::shared_ptr<const Expr> filter;  // kFunction: FILTER (WHERE …).
  uint64_t offset = 0;                 // In the file, of the token that the grammar points at.

  // The last part of `name`, or "".
  std::string_view LastName() const { return name.empty() ? std::string_view() : name.back(); }
  bool Is(ExprKind wanted) const { return kind == wanted; }
  bool IsColumn() const { return kind == ExprKind::kColumn && LastName() != "*"; }
  bool IsNullConstant() const {
    return kind == ExprKind::kConstant && constant == ConstantKind::kNull;
  }
};

// SQL that means the expression, in one canonical spelling: two expressions that the grammar reads
// alike give the same text. Casts of constants to their own text are kept.
std::string ToSql(const Expr& expr);

// The name that PostgreSQL gives a column made of the expression: of a query's output, a view or an
// index. "" where it makes one up ("?column?", "expr").
// Source: FigureColnameInternal in src/backend/parser/parse_target.c.
std::string ImpliedColumnName(const Expr& expr);

// Calls visit(expr) for the expression and everything in it, outside in, not entering sub-queries.
template <typename Visit>
void WalkExpr(const Expr& expr, const Visit& visit) {
  visit(expr);
  for (const Expr& arg : expr.args) WalkExpr(arg, visit);
  if (expr.filter != nullptr) WalkExpr(*expr.filter, visit);
}

}  // namespace pgsift

#endif  // PGSIFT_PARSER_EXPRESSION_H_
