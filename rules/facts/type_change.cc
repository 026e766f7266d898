#include "rules/facts/type_change.h"

#include <algorithm>
#include <string_view>

namespace pgsift {
namespace {

bool IsText(std::string_view type) { return type == "text" || type == "varchar"; }
bool IsTimestamp(std::string_view type) { return type == "timestamp" || type == "timestamptz"; }

// A shorter limit than before, or one where there was none, changes values.
bool LimitGrows(const TypeName& from, const TypeName& to) {
  if (to.modifiers.empty()) return true;
  if (from.modifiers.empty()) return false;
  return to.modifiers[0] >= from.modifiers[0];
}

bool NumericGrows(const TypeName& from, const TypeName& to) {
  if (to.modifiers.empty()) return true;
  if (from.modifiers.empty()) return false;
  const auto scale = [](const TypeName& type) {
    return type.modifiers.size() > 1 ? type.modifiers[1] : 0;
  };
  return to.modifiers[0] >= from.modifiers[0] && scale(to) == scale(from);
}

// USING that only names the column, or casts it to the new type, is what happens without it.
bool PlainUsing(const Expr& expr, const CatalogColumn& column, const TypeName& to) {
  if (expr.IsColumn()) return expr.LastName() == column.name;
  return expr.kind == ExprKind::kCast && expr.args.size() == 1 && expr.args[0].IsColumn() &&
         expr.args[0].LastName() == column.name && expr.type != nullptr &&
         expr.type->ToString() == to.ToString();
}

TypeChange WithoutUsing(const TypeName& from, const TypeName& to) {
  const std::string_view a = from.name.name;
  const std::string_view b = to.name.name;
  if (from.array_dimensions != to.array_dimensions) return TypeChange::kRewrite;
  if (a == b && from.modifiers == to.modifiers) return TypeChange::kCatalogOnly;
  // For arrays the length functions are applied to each element: always a rewrite.
  const bool array = from.array_dimensions > 0;
  if (IsText(a) && IsText(b)) {
    if (b == "text" && !array) return TypeChange::kCatalogOnly;
    if (to.modifiers.empty()) return TypeChange::kCatalogOnly;
    return a == "varchar" && LimitGrows(from, to) && !array ? TypeChange::kCatalogOnly
                                                            : TypeChange::kRewrite;
  }
  if (array) return TypeChange::kRewrite;
  if (a == "numeric" && b == "numeric") {
    return NumericGrows(from, to) ? TypeChange::kCatalogOnly : TypeChange::kRewrite;
  }
  if (a == b &&
      (a == "varbit" || IsTimestamp(a) || a == "time" || a == "timetz" || a == "interval")) {
    return LimitGrows(from, to) ? TypeChange::kCatalogOnly : TypeChange::kRewrite;
  }
  if (IsTimestamp(a) && IsTimestamp(b)) {
    return LimitGrows(from, to) ? TypeChange::kTimeZone : TypeChange::kRewrite;
  }
  if ((a == "cidr" && b == "inet") || (a == "xml" && IsText(b) && to.modifiers.empty())) {
    return TypeChange::kCatalogOnly;
  }
  return TypeChange::kRewrite;
}

}  // namespace

TypeChange CostOfTypeChange(const CatalogColumn& column, const TypeName& to, const Expr* expr,
                            const Catalog& catalog) {
  if (column.type.empty() || to.empty()) return TypeChange::kUnknown;
  if (expr != nullptr && !PlainUsing(*expr, column, to)) return TypeChange::kRewrite;
  TypeName from = column.type;
  TypeName target = to;
  bool checks = false;
  if (const CatalogType* domain = catalog.FindType(to.name);
      domain != nullptr && domain->kind == CatalogType::Kind::kDomain) {
    target = domain->base;
    checks = !domain->constraints.empty();
  }
  if (const CatalogType* domain = catalog.FindType(from.name);
      domain != nullptr && domain->kind == CatalogType::Kind::kDomain) {
    from = domain->base;
  }
  const TypeChange change = WithoutUsing(from, target);
  return change == TypeChange::kCatalogOnly && checks ? TypeChange::kScan : change;
}

}  // namespace pgsift
