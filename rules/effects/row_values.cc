#include "rules/effects/row_values.h"

#include <algorithm>
#include <optional>

namespace pgsift {
namespace {

bool HasStar(const std::vector<Target>& targets) {
  return std::any_of(targets.begin(), targets.end(),
                     [](const Target& target) { return target.expr.LastName() == "*"; });
}

}  // namespace

std::string_view EventOf(RelationUse use) {
  return use == RelationUse::kInserted  ? "INSERT"
         : use == RelationUse::kUpdated ? "UPDATE"
                                        : "DELETE";
}

bool Fires(const CatalogTrigger& trigger, RelationUse use) {
  return (use == RelationUse::kInserted && trigger.on_insert) ||
         (use == RelationUse::kUpdated && trigger.on_update) ||
         (use == RelationUse::kDeleted && trigger.on_delete);
}

bool Meets(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& name) {
    return std::find(b.begin(), b.end(), name) != b.end();
  });
}

const Expr* EqualTo(const Expr& expr, const std::string& column) {
  if (expr.kind == ExprKind::kAnd) {
    for (const Expr& part : expr.args) {
      if (const Expr* value = EqualTo(part, column)) return value;
    }
    return nullptr;
  }
  if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kPlain ||
      expr.LastName() != "=" || expr.args.size() != 2) {
    return nullptr;
  }
  for (int side = 0; side < 2; ++side) {
    const Expr& name = expr.args[side];
    const Expr* value = &expr.args[1 - side];
    while (value->kind == ExprKind::kCast && !value->args.empty()) value = &value->args.front();
    if (name.IsColumn() && name.LastName() == column && value->kind == ExprKind::kConstant) {
      return value;
    }
  }
  return nullptr;
}

const Expr* WhereOf(const Query& query) {
  const std::optional<Expr>* where = nullptr;
  if (const auto* s = std::get_if<Select>(&query.node)) where = &s->where;
  if (const auto* s = std::get_if<Update>(&query.node)) where = &s->where;
  if (const auto* s = std::get_if<Delete>(&query.node)) where = &s->where;
  return where == nullptr || !where->has_value() ? nullptr : &**where;
}

std::vector<std::string> GivenColumns(const Insert& insert, const Relation& table) {
  std::vector<std::string> given = insert.columns;
  if (insert.source == nullptr) return {};
  const Select& source = *insert.source;
  if (given.empty()) {
    size_t width = source.values.empty() ? source.targets.size() : source.values.front().size();
    if (HasStar(source.targets) || !source.sides.empty()) width = table.columns.size();
    for (size_t i = 0; i < std::min(width, table.columns.size()); ++i) {
      given.push_back(table.columns[i].name);
    }
  }
  return given;
}

const Expr* DefaultOf(const Relation& table, const std::string& name) {
  static const Expr* const kNull = [] {
    auto* null = new Expr;
    null->kind = ExprKind::kConstant;
    null->constant = ConstantKind::kNull;
    return null;
  }();
  const CatalogColumn* column = table.FindColumn(name);
  if (column == nullptr || column->identity || column->serial) return nullptr;
  return column->default_expr == nullptr ? kNull : column->default_expr.get();
}

bool IsLeftNull(const Relation& table, const std::vector<std::string>& given,
                const std::string& name) {
  if (std::find(given.begin(), given.end(), name) != given.end()) return false;
  const CatalogColumn* column = table.FindColumn(name);
  return column != nullptr && column->default_expr == nullptr && !column->identity &&
         !column->serial;
}

const Expr* ValueOf(const Query* query, const std::string& column, const Relation& table) {
  if (query == nullptr) return nullptr;
  if (const auto* insert = std::get_if<Insert>(&query->node)) {
    if (insert->source == nullptr || insert->source->values.size() > 1) return nullptr;
    std::vector<std::string> names = insert->columns;
    if (names.empty()) {
      for (const CatalogColumn& each : table.columns) names.push_back(each.name);
    }
    const auto at = std::find(names.begin(), names.end(), column);
    const size_t index = static_cast<size_t>(at - names.begin());
    if (at == names.end()) return nullptr;
    if (insert->source->values.empty()) {
      const std::vector<Target>& targets = insert->source->targets;
      return !HasStar(targets) && index < targets.size() ? &targets[index].expr : nullptr;
    }
    const std::vector<Expr>& row = insert->source->values.front();
    return index >= row.size() ? nullptr : &row[index];
  }
  if (const auto* update = std::get_if<Update>(&query->node)) {
    for (const Target& target : update->assignments) {
      if (target.alias == column) return &target.expr;
    }
  }
  const Expr* where = WhereOf(*query);
  return where == nullptr ? nullptr : EqualTo(*where, column);
}

std::vector<std::string> PartitionColumns(const Relation& table, const Catalog& catalog) {
  std::vector<std::string> columns;
  const auto add = [&](const Relation& relation) {
    if (!relation.partition_key.has_value()) return;
    for (const IndexElement& element : relation.partition_key->elements) {
      if (!element.column.empty()) columns.push_back(element.column);
      if (element.expr == nullptr) continue;
      WalkExpr(*element.expr, [&](const Expr& expr) {
        if (expr.IsColumn()) columns.emplace_back(expr.LastName());
      });
    }
  };
  add(table);
  for (const Relation* child : catalog.DescendantsOf(table)) add(*child);
  return columns;
}

}  // namespace pgsift
