#include "rules/facts/type_change.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgsift {
namespace {

bool IsText(std::string_view type) { return type == "text" || type == "varchar"; }
bool IsTimestamp(std::string_view type) { return type == "timestamp" || type == "timestamptz"; }

// The casts that keep the bytes. Source: SELECT castsource::regtype, casttarget::regtype FROM
// pg_cast WHERE castmethod = 'b', of PostgreSQL 15 and 18, without those of text and varchar among
// each other; citext's come with the extension.
bool BinaryCoercible(std::string_view from, std::string_view to) {
  constexpr auto kObjectId = std::to_array<std::string_view>(
      {"oid", "regclass", "regcollation", "regconfig", "regdictionary", "regnamespace", "regoper",
       "regoperator", "regproc", "regprocedure", "regrole", "regtype", "int4"});
  const auto object_id = [&](std::string_view type) {
    return std::find(kObjectId.begin(), kObjectId.end(), type) != kObjectId.end();
  };
  if (object_id(from) && object_id(to)) {
    if (from == "oid" || to == "oid") return true;
    const bool procedures =
        (from == "regproc" && to == "regprocedure") || (from == "regprocedure" && to == "regproc");
    const bool operators =
        (from == "regoper" && to == "regoperator") || (from == "regoperator" && to == "regoper");
    return procedures || operators || from == "int4" || to == "int4";
  }
  if (IsText(from) && to == "bpchar") return true;
  if (from == "xml" || from == "citext") return IsText(to) || to == "bpchar";
  if (to == "citext") return IsText(from);
  return (from == "cidr" && to == "inet") || (from == "bit" && to == "varbit") ||
         (from == "varbit" && to == "bit") || (from == "pg_node_tree" && to == "text");
}

// A shorter limit than before, or one where there was none, changes values.
bool LimitGrows(const TypeName& from, const TypeName& to) {
  if (to.modifiers.empty()) return true;
  if (from.modifiers.empty()) return false;
  // An interval's fields stand before its precision.
  return to.modifiers.back() >= from.modifiers.back();
}

// An interval's fields stand before its precision; they are bits of INTERVAL_MASK, all of them
// where none are named. Source: interval_support.
bool IntervalGrows(const TypeName& from, const TypeName& to) {
  constexpr int64_t kAllFields = 0x7FFF;
  const auto fields = [](const TypeName& type) {
    return type.modifiers.empty() ? kAllFields : static_cast<int64_t>(type.modifiers.front());
  };
  const auto precision = [](const TypeName& type) {
    return type.modifiers.size() > 1 ? static_cast<int64_t>(type.modifiers[1]) : 6;
  };
  // Only the smallest field that is kept counts.
  const auto finest = [&](const TypeName& type) {
    constexpr int kFromFine[] = {12, 11, 10, 3, 1, 2};  // SECOND MINUTE HOUR DAY MONTH YEAR
    const int64_t mask = fields(type);
    int rank = 0;
    for (int bit : kFromFine) {
      if ((mask >> bit & 1) != 0) return rank;
      ++rank;
    }
    return rank;
  };
  return finest(to) <= finest(from) && (finest(to) > 0 || precision(to) >= precision(from));
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

// timestamp, time and interval hold six digits where none are given.
TypeName WithoutFullPrecision(TypeName type) {
  const std::string_view name = type.name.name;
  const bool temporal =
      IsTimestamp(name) || name == "time" || name == "timetz" || name == "interval";
  // An interval's first modifier is no precision but its fields.
  const size_t before = name == "interval" ? 1 : 0;
  const bool full = type.modifiers.size() > before && type.modifiers.back() >= 6;
  if (!temporal || !full) return type;
  constexpr int kAllFields = 0x7FFF;
  if (before == 1 && type.modifiers.front() != kAllFields) {
    type.modifiers.resize(1);
  } else {
    type.modifiers.clear();
  }
  return type;
}

// The type below all domains; a value of a domain has no length of its own.
TypeName Underlying(TypeName type, bool keep_length, const Catalog& catalog, bool* constrained) {
  for (int depth = 0; depth < 32; ++depth) {
    const CatalogType* domain = catalog.FindType(type.name);
    if (domain == nullptr || domain->kind != CatalogType::Kind::kDomain) return type;
    for (const ConstraintDef& constraint : domain->constraints) {
      *constrained = *constrained || constraint.kind == ConstraintKind::kCheck ||
                     constraint.kind == ConstraintKind::kNotNull;
    }
    TypeName base = domain->base;
    base.array_dimensions += type.array_dimensions;
    if (!keep_length) base.modifiers.clear();
    type = std::move(base);
  }
  return type;
}

TypeChange WithoutUsing(const TypeName& from, const TypeName& to) {
  const std::string_view a = from.name.name;
  const std::string_view b = to.name.name;
  if (from.array_dimensions != to.array_dimensions) return TypeChange::kRewrite;
  if (a == b && from.modifiers == to.modifiers) return TypeChange::kCatalogOnly;
  // Arrays of another element type or length are taken apart and put together: always a rewrite.
  if (from.array_dimensions > 0) return TypeChange::kRewrite;
  if (IsText(a) && IsText(b)) {
    if (b == "text") return TypeChange::kCatalogOnly;
    if (to.modifiers.empty()) return TypeChange::kCatalogOnly;
    return a == "varchar" && LimitGrows(from, to) ? TypeChange::kCatalogOnly : TypeChange::kRewrite;
  }
  if (a == "numeric" && b == "numeric") {
    return NumericGrows(from, to) ? TypeChange::kCatalogOnly : TypeChange::kRewrite;
  }
  if (a == "interval" && b == "interval") {
    return IntervalGrows(from, to) ? TypeChange::kCatalogOnly : TypeChange::kRewrite;
  }
  if (a == b && (a == "varbit" || IsTimestamp(a) || a == "time" || a == "timetz")) {
    return LimitGrows(from, to) ? TypeChange::kCatalogOnly : TypeChange::kRewrite;
  }
  if (IsTimestamp(a) && IsTimestamp(b)) {
    return LimitGrows(from, to) ? TypeChange::kTimeZone : TypeChange::kRewrite;
  }
  if (to.modifiers.empty() && BinaryCoercible(a, b)) return TypeChange::kCatalogOnly;
  return TypeChange::kRewrite;
}

}  // namespace

bool ChangesOperatorClass(const TypeName& from, const TypeName& to, const Catalog& catalog) {
  const auto family = [&](const TypeName& type) -> std::string {
    bool ignored = false;
    const std::string name = Underlying(type, false, catalog, &ignored).name.name;
    if (name == "varchar") return "text";
    if (name == "cidr") return "inet";
    if (name.starts_with("reg")) return "oid";
    return name;
  };
  return family(from) != family(to);
}

TypeChange CostOfTypeChange(const CatalogColumn& column, const TypeName& to, const Expr* expr,
                            const Catalog& catalog) {
  if (column.type.empty() || to.empty()) return TypeChange::kUnknown;
  if (expr != nullptr && !PlainUsing(*expr, column, to)) return TypeChange::kRewrite;
  const CatalogType* named = catalog.FindType(to.name);
  const bool same_type = named != nullptr && named == catalog.FindType(column.type.name) &&
                         column.type.array_dimensions == to.array_dimensions;
  const bool same_name = column.type.ToString() == to.ToString();
  if ((same_type || same_name) && column.type.modifiers == to.modifiers) {
    return TypeChange::kCatalogOnly;
  }
  bool checks = false;
  bool checked_before = false;
  const TypeName from =
      WithoutFullPrecision(Underlying(column.type, false, catalog, &checked_before));
  const TypeName target = WithoutFullPrecision(Underlying(to, true, catalog, &checks));
  const TypeChange change = WithoutUsing(from, target);
  // Values are checked by CoerceToDomain while they are written.
  return change == TypeChange::kCatalogOnly && checks ? TypeChange::kRewrite : change;
}

}  // namespace pgsift
