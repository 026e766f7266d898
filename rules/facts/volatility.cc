#include "rules/facts/volatility.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace pgsift {
namespace {

struct BuiltinFunction {
  std::string_view name;
  char volatility;
};
constexpr BuiltinFunction kBuiltins[] = {
#include "rules/facts/builtin_functions.inc"
};

Volatility FromLetter(char letter) {
  return letter == 'i'   ? Volatility::kImmutable
         : letter == 's' ? Volatility::kStable
                         : Volatility::kVolatile;
}

Volatility OfBuiltin(std::string_view name) {
  const auto* found =
      std::lower_bound(std::begin(kBuiltins), std::end(kBuiltins), name,
                       [](const BuiltinFunction& function, std::string_view wanted) {
                         return function.name < wanted;
                       });
  if (found == std::end(kBuiltins) || found->name != name) return Volatility::kUnknown;
  return FromLetter(found->volatility);
}

// The planner puts the body of a simple SQL function in the call's place and judges that.
Volatility OfInlined(const CatalogFunction& function, const Catalog& catalog) {
  const Volatility declared = FromLetter(function.volatility);
  if (function.language != "sql" || declared != Volatility::kVolatile || function.body.empty()) {
    return declared;
  }
  const Statement body = ReadStatement(function.body);
  const auto* select = body.As<Select>();
  if (select == nullptr || !select->from.empty() || select->targets.size() != 1 ||
      select->where.has_value() || !select->values.empty()) {
    return declared;
  }
  return VolatilityOf(select->targets.front().expr, catalog);
}

Volatility OfFunction(const Expr& call, const Catalog& catalog) {
  const std::string name(call.LastName());
  const std::string schema = call.name.size() > 1 ? call.name[call.name.size() - 2] : "";
  const auto known = catalog.FindFunctions({schema, name});
  if (!known.empty()) {
    Volatility most = Volatility::kImmutable;
    for (const CatalogFunction* function : known) {
      most = std::max(most, OfInlined(*function, catalog));
      // Arguments that the call leaves out are computed too.
      for (size_t i = call.args.size(); i < function->parameters.size(); ++i) {
        const Expr* value = function->parameters[i].default_expr.get();
        if (value != nullptr) most = std::max(most, VolatilityOf(*value, catalog));
      }
    }
    return most;
  }
  // The constructor of a range type of the schema's own.
  if (const CatalogType* type = catalog.FindType({schema, name});
      type != nullptr && type->kind == CatalogType::Kind::kRange) {
    return Volatility::kImmutable;
  }
  return OfBuiltin(name);
}

}  // namespace

Volatility VolatilityOf(const Expr& expr, const Catalog& catalog, std::string* culprit) {
  Volatility most = Volatility::kImmutable;
  WalkExpr(expr, [&](const Expr& inner) {
    Volatility own = Volatility::kImmutable;
    if (inner.kind == ExprKind::kValueFunction) own = Volatility::kStable;
    if (inner.kind == ExprKind::kFunction) own = OfFunction(inner, catalog);
    // A volatile part is certain; an unknown one only possible.
    const bool worse = own == Volatility::kVolatile ? most != Volatility::kVolatile
                                                    : most != Volatility::kVolatile && own > most;
    if (!worse) return;
    most = own;
    if (culprit != nullptr) *culprit = std::string(inner.LastName());
  });
  return most;
}

}  // namespace pgsift
