#include "rules/advisor/index_match.h"

#include <functional>

namespace pgsift {
namespace {

// The operator classes that PostgreSQL takes when none is written. Source: pg_opclass.opcdefault.
bool IsDefaultOpclass(const std::string& opclass) {
  constexpr const char* kDefaults[] = {
      "text_ops",  "varchar_ops",   "bpchar_ops",      "int2_ops",   "int4_ops",
      "int8_ops",  "numeric_ops",   "float4_ops",      "float8_ops", "bool_ops",
      "date_ops",  "timestamp_ops", "timestamptz_ops", "time_ops",   "timetz_ops",
      "uuid_ops",  "enum_ops",      "inet_ops",        "bytea_ops",  "interval_ops",
      "jsonb_ops", "array_ops",     "tsvector_ops",    "range_ops",  "oid_ops"};
  for (const char* name : kDefaults) {
    if (opclass == name) return true;
  }
  return false;
}

std::string ElementSql(const IndexElement& element) {
  std::string sql;
  if (!element.column.empty()) {
    sql = QuoteIdentifier(element.column);
  } else if (element.expr != nullptr) {
    sql = ToSql(*element.expr);
    if (element.expr->kind != ExprKind::kFunction) sql = "(" + sql + ")";
  }
  if (!element.collation.empty()) sql += " COLLATE " + QuoteIdentifier(element.collation);
  if (!element.opclass.empty()) sql += " " + element.opclass;
  if (element.direction == SortDirection::kDescending) sql += " DESC";
  if (element.nulls == NullsOrder::kFirst) sql += " NULLS FIRST";
  if (element.nulls == NullsOrder::kLast) sql += " NULLS LAST";
  return sql;
}

}  // namespace

std::string BareSql(const Expr& expr) {
  Expr bare = expr;
  const std::function<void(Expr*)> strip = [&](Expr* inner) {
    if (inner->IsColumn() && inner->name.size() > 1) {
      inner->name.erase(inner->name.begin(), inner->name.end() - 1);
    }
    // pg_dump writes (status = 'x'::text) where people wrote status = 'x'.
    if (inner->kind == ExprKind::kCast && inner->args.size() == 1 &&
        inner->args[0].kind == ExprKind::kConstant) {
      Expr constant = inner->args[0];
      *inner = std::move(constant);
    }
    // lower((email)::text) over varchar is lower(email) in the source.
    if (inner->kind == ExprKind::kCast && inner->args.size() == 1 && inner->args[0].IsColumn() &&
        inner->type != nullptr && inner->type->name.name == "text") {
      Expr column = inner->args[0];
      *inner = std::move(column);
    }
    for (Expr& arg : inner->args) strip(&arg);
  };
  strip(&bare);
  return ToSql(bare);
}

std::string ElementKey(const IndexElement& element, const Relation& table) {
  std::string key = !element.column.empty()   ? QuoteIdentifier(element.column)
                    : element.expr != nullptr ? "(" + BareSql(*element.expr) + ")"
                                              : "";
  std::string collation = element.collation;
  if (collation.empty()) {
    if (const CatalogColumn* column = table.FindColumn(element.column))
      collation = column->collation;
  }
  if (collation != "default" && !collation.empty()) key += " COLLATE " + collation;
  if (!element.opclass.empty() && !IsDefaultOpclass(element.opclass)) key += " " + element.opclass;
  const bool descending = element.direction == SortDirection::kDescending;
  const bool nulls_first =
      element.nulls == NullsOrder::kFirst || (element.nulls == NullsOrder::kDefault && descending);
  key += descending ? " DESC" : " ASC";
  key += nulls_first ? " NULLS FIRST" : " NULLS LAST";
  return key;
}

std::string CreateIndexSql(const Relation& index, const Relation& table) {
  const CatalogIndex& def = *index.index;
  std::string sql = def.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  sql += QuoteIdentifier(index.name.name) + " ON " + QuoteName(table.name);
  if (def.method != "btree") sql += " USING " + def.method;
  sql += " (";
  for (size_t i = 0; i < def.elements.size(); ++i) {
    if (i > 0) sql += ", ";
    sql += ElementSql(def.elements[i]);
  }
  sql += ")";
  for (size_t i = 0; i < def.include.size(); ++i) {
    sql += i == 0 ? " INCLUDE (" : ", ";
    sql += QuoteIdentifier(def.include[i]);
    if (i + 1 == def.include.size()) sql += ")";
  }
  if (def.nulls_not_distinct) sql += " NULLS NOT DISTINCT";
  if (def.where != nullptr) sql += " WHERE " + ToSql(*def.where);
  return sql;
}

}  // namespace pgsift
