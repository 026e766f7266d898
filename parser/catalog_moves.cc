// Renamed and moved objects that are no relations, and what is computed with a dropped function.

#include <algorithm>
#include <functional>

#include "parser/catalog_editor.h"

namespace pgsift {
namespace {

bool Calls(const std::shared_ptr<const Expr>& expr, const std::string& function) {
  bool calls = false;
  if (expr == nullptr) return false;
  WalkExpr(*expr, [&](const Expr& inner) {
    calls = calls || (inner.kind == ExprKind::kFunction && inner.LastName() == function);
  });
  return calls;
}

bool Computes(const CatalogIndex& index, const std::string& function) {
  return Calls(index.where, function) ||
         std::any_of(index.elements.begin(), index.elements.end(),
                     [&](const IndexElement& element) { return Calls(element.expr, function); });
}

bool IsGenerated(const CatalogColumn& column) {
  return column.generated_stored || column.generated_virtual;
}

// The expression with the constants that `change` changes; the same one where it changes none.
std::shared_ptr<const Expr> WithConstants(const std::shared_ptr<const Expr>& expr,
                                          const std::function<bool(std::string*)>& change) {
  if (expr == nullptr) return nullptr;
  Expr copy = *expr;
  bool changed = false;
  const std::function<void(Expr*)> walk = [&](Expr* inner) {
    if (inner->kind == ExprKind::kConstant) changed = change(&inner->value) || changed;
    for (Expr& arg : inner->args) walk(&arg);
  };
  walk(&copy);
  return changed ? std::make_shared<const Expr>(std::move(copy)) : expr;
}

bool Uses(const CatalogIndex& index, const std::string& column) {
  bool uses = std::find(index.include.begin(), index.include.end(), column) != index.include.end();
  const auto look = [&](const Expr& expr) {
    uses = uses || (expr.IsColumn() && expr.LastName() == column);
  };
  for (const IndexElement& element : index.elements) {
    uses = uses || element.column == column;
    if (element.expr != nullptr) WalkExpr(*element.expr, look);
  }
  if (index.where != nullptr) WalkExpr(*index.where, look);
  return uses;
}

}  // namespace

void CatalogEditor::RemakeParts(RelationId table, const std::string& column) {
  const std::vector<RelationId> indexes = Edit(table)->indexes;
  for (RelationId id : indexes) {
    Relation* index = Edit(id);
    if (index == nullptr || index->parents.empty() || index->index->constraint) continue;
    if (!Uses(*index->index, column)) continue;
    catalog_.names_.erase(index->name);
    const std::string name = catalog_.MadeUpIndexName(*catalog_.Find(table), *index->index);
    MoveName(index, {index->name.schema, name});
  }
}

void CatalogEditor::DropCallers(const std::string& function) {
  std::vector<std::pair<RelationId, std::string>> columns;
  std::vector<RelationId> indexes;
  std::vector<RelationId> tables;
  for (const auto& [id, relation] : catalog_.relations_) {
    if (relation->index.has_value() && Computes(*relation->index, function)) indexes.push_back(id);
    bool touched = false;
    for (const CatalogColumn& column : relation->columns) {
      if (!Calls(column.default_expr, function)) continue;
      if (IsGenerated(column)) columns.emplace_back(id, column.name);
      touched = true;
    }
    for (const CatalogConstraint& constraint : relation->constraints) {
      touched = touched || Calls(constraint.check, function);
    }
    if (touched) tables.push_back(id);
  }
  for (RelationId id : indexes) Remove(id, true);
  for (const auto& [id, column] : columns) {
    if (Relation* relation = Edit(id)) DropColumn(relation, column, true);
  }
  for (RelationId id : tables) {
    Relation* relation = Edit(id);
    if (relation == nullptr) continue;
    std::erase_if(relation->constraints,
                  [&](const CatalogConstraint& c) { return Calls(c.check, function); });
    for (CatalogColumn& column : relation->columns) {
      if (Calls(column.default_expr, function)) column.default_expr = nullptr;
    }
  }
}

void CatalogEditor::MoveSequence(const QualifiedName& from, const QualifiedName& to) {
  const auto change = [&](std::string* text) {
    const QualifiedName name = ParseQualifiedName(*text);
    if (name.name != from.name) return false;
    if (!name.schema.empty() && name.schema != from.schema) return false;
    *text = to.ToString();
    return true;
  };
  std::vector<RelationId> drawing;
  for (const auto& [id, relation] : catalog_.relations_) {
    for (const CatalogColumn& column : relation->columns) {
      if (!Calls(column.default_expr, "nextval")) continue;
      drawing.push_back(id);
      break;
    }
  }
  for (RelationId id : drawing) {
    for (CatalogColumn& column : Edit(id)->columns) {
      if (Calls(column.default_expr, "nextval")) {
        column.default_expr = WithConstants(column.default_expr, change);
      }
    }
  }
}

void CatalogEditor::MoveObject(ObjectKind object, const QualifiedName& from,
                               const QualifiedName& to) {
  switch (object) {
    case ObjectKind::kStatistics: {
      Relation* table = Edit(catalog_.StatisticsTable(from));
      if (table == nullptr) return;
      for (QualifiedName& statistics : table->statistics) {
        if (statistics.name != from.name) continue;
        const std::string schema = to.schema.empty() ? statistics.schema : to.schema;
        statistics = {schema, to.name};
      }
      return;
    }
    case ObjectKind::kFunction:
    case ObjectKind::kProcedure:
    case ObjectKind::kRoutine: {
      std::vector<CatalogFunction> moved;
      for (const CatalogFunction* function : catalog_.FindFunctions(from)) {
        moved.push_back(*function);
      }
      if (moved.empty()) return;
      catalog_.functions_.erase(QualifiedName(moved.front().name));
      std::vector<RelationId> tables;
      for (const auto& [id, relation] : catalog_.relations_) {
        if (!relation->triggers.empty()) tables.push_back(id);
      }
      for (RelationId id : tables) {
        for (CatalogTrigger& trigger : Edit(id)->triggers) {
          if (trigger.function.name == from.name) trigger.function = to;
        }
      }
      for (CatalogFunction& function : moved) {
        function.name = to;
        catalog_.functions_.emplace(to, function);
      }
      return;
    }
    case ObjectKind::kTextConfiguration: {
      // Indexes name it by the oid behind a regconfig constant.
      const auto change = [&](std::string* text) {
        const QualifiedName name = ParseQualifiedName(*text);
        if (name.name != from.name) return false;
        *text = to.ToString();
        return true;
      };
      std::vector<RelationId> indexes;
      for (const auto& [id, relation] : catalog_.relations_) {
        if (relation->index.has_value()) indexes.push_back(id);
      }
      for (RelationId id : indexes) {
        for (IndexElement& element : Edit(id)->index->elements) {
          if (Calls(element.expr, "to_tsvector")) {
            element.expr = WithConstants(element.expr, change);
          }
        }
      }
      return;
    }
    default:
      break;
  }
  if (Relation* composite = Edit(from);
      composite != nullptr && composite->kind == RelationKind::kCompositeType) {
    const QualifiedName before = composite->name;
    MoveName(composite, to);
    return MoveTypeOf(before, to);
  }
  if (const CatalogType* type = catalog_.FindType(from)) {
    CatalogType moved = *type;
    const QualifiedName before = type->name;
    catalog_.types_.erase(before);
    moved.name = to;
    catalog_.types_[to] = moved;
    MoveTypeOf(before, to);
  }
}

void CatalogEditor::MoveTypeOf(const QualifiedName& before, const QualifiedName& to) {
  const auto is_it = [&](const QualifiedName& name) {
    return name.name == before.name && (name.schema.empty() || name.schema == before.schema);
  };
  const auto same = [&](const CatalogColumn& column) { return is_it(column.type.name); };
  std::vector<RelationId> using_it;
  for (const auto& [id, relation] : catalog_.relations_) {
    if (is_it(relation->of_type) ||
        std::any_of(relation->columns.begin(), relation->columns.end(), same)) {
      using_it.push_back(id);
    }
  }
  for (RelationId id : using_it) {
    Relation* relation = Edit(id);
    if (is_it(relation->of_type)) relation->of_type = to;
    for (CatalogColumn& column : relation->columns) {
      if (same(column)) column.type.name = to;
    }
  }
  // Domains over it.
  for (auto& [name, type] : catalog_.types_) {
    if (type.kind == CatalogType::Kind::kDomain && is_it(type.base.name)) type.base.name = to;
  }
}

}  // namespace pgsift
