#include "rules/effects/view_columns.h"

#include <algorithm>
#include <functional>

namespace pgsift {
namespace {

const Select* BodyOf(const Relation& view) {
  return view.query == nullptr ? nullptr : std::get_if<Select>(&view.query->node);
}

std::string OutputName(const Target& target) {
  return target.alias.empty() ? std::string(target.expr.LastName()) : target.alias;
}

}  // namespace

std::vector<std::string> OutputColumns(const Relation& relation) {
  std::vector<std::string> names;
  for (const CatalogColumn& column : relation.columns) names.push_back(column.name);
  const Select* body = BodyOf(relation);
  if (!names.empty() || body == nullptr) return names;
  for (const Target& target : body->targets) names.push_back(OutputName(target));
  return names;
}

std::vector<std::string> ColumnsBelow(const Relation& view, const Relation& base,
                                      const std::string& label,
                                      const std::vector<std::string>& columns) {
  const Select* body = BodyOf(view);
  if (body == nullptr) return columns;
  std::vector<std::string> below;
  for (size_t i = 0; i < body->targets.size(); ++i) {
    const Target& target = body->targets[i];
    if (!target.expr.IsColumn()) continue;
    const std::vector<std::string>& parts = target.expr.name;
    if (parts.size() > 1 && parts[parts.size() - 2] != label) continue;
    if (target.expr.LastName() == "*") {
      for (const std::string& name : columns) {
        if (base.FindColumn(name) != nullptr) below.push_back(name);
      }
      continue;
    }
    // CREATE VIEW v (names) gives names of its own.
    const bool renamed = view.columns.size() == body->targets.size();
    const std::string name = renamed ? view.columns[i].name : OutputName(target);
    if (std::find(columns.begin(), columns.end(), name) != columns.end()) {
      below.emplace_back(target.expr.LastName());
    }
  }
  return below;
}

std::optional<Expr> PushedDown(const Relation& view, const std::string& label, const Expr* outer,
                               const RelationRef& ref, const Relation& base, const Expr* inner) {
  const Select* body = BodyOf(view);
  const bool plain = outer != nullptr && body != nullptr && body->group_by.empty() &&
                     !body->distinct && body->sides.empty() && !body->limit.has_value() &&
                     !body->offset.has_value() && body->values.empty();
  if (!plain) return std::nullopt;
  Expr both;
  both.kind = ExprKind::kAnd;
  both.args.push_back(*outer);
  const std::function<void(Expr*)> rename = [&](Expr* expr) {
    const bool own =
        expr->IsColumn() && (expr->name.size() < 2 || expr->name[expr->name.size() - 2] == label);
    if (own) {
      const std::string name(expr->LastName());
      const std::vector<std::string> below = ColumnsBelow(view, base, ref.Label(), {name});
      expr->name = {ref.Label(), below.empty() ? "" : below.front()};
      return;
    }
    for (Expr& arg : expr->args) rename(&arg);
  };
  rename(&both.args.front());
  if (inner != nullptr) both.args.push_back(*inner);
  return both;
}

}  // namespace pgsift
