#include "rules/facts/not_null_proof.h"

namespace pgsift {
namespace {

bool Proves(const Expr& check, const std::string& column) {
  if (check.kind == ExprKind::kAnd) {
    for (const Expr& part : check.args) {
      if (Proves(part, column)) return true;
    }
    return false;
  }
  return check.kind == ExprKind::kNullTest && check.negated && check.args[0].IsColumn() &&
         check.args[0].LastName() == column;
}

}  // namespace

const CatalogConstraint* NotNullProof(const Relation& table, const std::string& column,
                                      bool validated) {
  for (const CatalogConstraint& constraint : table.constraints) {
    if (constraint.kind != ConstraintKind::kCheck || constraint.check == nullptr) continue;
    if (!constraint.enforced || constraint.validated != validated) continue;
    if (Proves(*constraint.check, column)) return &constraint;
  }
  return nullptr;
}

}  // namespace pgsift
