#include "rules/effects/view_columns.h"

#include <algorithm>
#include <functional>

namespace pgsift {
namespace {

const Select* BodyOf(const Relation& view) {
  return view.query == nullptr ? nullptr : std::get_if<Select>(&view.query->node);
}

std::string OutputName(const Target& target) {
  return target.alias.empty() ? ImpliedColumnName(target.expr) : target.alias;
}

bool IsStar(const Expr& expr) { return expr.kind == ExprKind::kColumn && expr.LastName() == "*"; }

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
  // CREATE VIEW v (names) gives names of its own.
  const bool renamed = view.columns.size() == body->targets.size();
  for (const std::string& column : columns) {
    for (size_t i = 0; i < body->targets.size(); ++i) {
      const Target& target = body->targets[i];
      const bool star = IsStar(target.expr);
      if (!star && !target.expr.IsColumn()) continue;
      const std::vector<std::string>& parts = target.expr.name;
      if (parts.size() > 1 && parts[parts.size() - 2] != label) continue;
      if (star && base.FindColumn(column) != nullptr) {
        below.push_back(column);
        break;
      }
      if (star || (renamed ? view.columns[i].name : OutputName(target)) != column) continue;
      below.emplace_back(target.expr.LastName());
      break;
    }
  }
  return below;
}

namespace {

// Whether a column of the view is what its query groups by, so that a condition on it may be
// tested before.
bool IsGroupedBy(const Select& body, size_t target) {
  for (const Expr& group : body.group_by) {
    if (group.kind == ExprKind::kConstant && group.value == std::to_string(target + 1)) return true;
    const Target& wanted = body.targets[target];
    if (!group.IsColumn()) continue;
    if (wanted.expr.IsColumn() && group.LastName() == wanted.expr.LastName()) return true;
    if (group.name.size() == 1 && group.LastName() == wanted.alias) return true;
  }
  return false;
}

// What a column of the view is in its query; none where that is not plain.
std::optional<Expr> BelowOf(const Relation& view, const Select& body, const std::string& name) {
  const bool renamed = view.columns.size() == body.targets.size();
  for (size_t i = 0; i < body.targets.size(); ++i) {
    const Target& target = body.targets[i];
    if (IsStar(target.expr)) {
      if (!body.group_by.empty()) return std::nullopt;
      Expr below = target.expr;
      below.name.back() = name;
      return below;
    }
    if ((renamed ? view.columns[i].name : OutputName(target)) != name) continue;
    if (!body.group_by.empty() && !IsGroupedBy(body, i)) return std::nullopt;
    return target.expr;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Query> PushedDown(const Relation& view, const std::string& label, const Expr* outer) {
  const Select* body = BodyOf(view);
  const bool plain = outer != nullptr && body != nullptr && !body->distinct &&
                     body->sides.empty() && !body->limit.has_value() && !body->offset.has_value() &&
                     body->values.empty();
  if (!plain) return std::nullopt;
  Expr both;
  both.kind = ExprKind::kAnd;
  if (body->where.has_value()) both.args.push_back(*body->where);
  const size_t own_parts = both.args.size();
  const std::function<bool(Expr*)> rename = [&](Expr* expr) {
    if (expr->query != nullptr) return false;
    if (expr->IsColumn()) {
      const bool own = expr->name.size() < 2 || expr->name[expr->name.size() - 2] == label;
      if (!own) return false;
      std::optional<Expr> below = BelowOf(view, *body, std::string(expr->LastName()));
      if (below.has_value()) *expr = std::move(*below);
      return below.has_value();
    }
    return std::all_of(expr->args.begin(), expr->args.end(),
                       [&](Expr& arg) { return rename(&arg); });
  };
  const auto add = [&](const Expr& part) {
    Expr copy = part;
    if (rename(&copy)) both.args.push_back(std::move(copy));
  };
  if (outer->kind == ExprKind::kAnd) {
    for (const Expr& part : outer->args) add(part);
  } else {
    add(*outer);
  }
  if (both.args.size() == own_parts) return std::nullopt;
  Select merged = *body;
  merged.where = std::move(both);
  return Query{std::move(merged)};
}

}  // namespace pgsift
