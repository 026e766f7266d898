// DROP, RENAME and SET SCHEMA, as they change the catalog.

#include <algorithm>
#include <functional>
#include <set>

#include "parser/catalog_editor.h"
#include "parser/extension_objects.h"

namespace pgsift {
namespace {

bool IsRelationKind(ObjectKind kind) {
  return kind == ObjectKind::kTable || kind == ObjectKind::kView || kind == ObjectKind::kIndex ||
         kind == ObjectKind::kSequence || kind == ObjectKind::kMaterializedView ||
         kind == ObjectKind::kForeignTable;
}

}  // namespace

void CatalogEditor::DropType(const QualifiedName& name, bool cascade) {
  const QualifiedName full = NewName(name);
  catalog_.types_.erase(full);
  if (!cascade) return;
  std::vector<std::pair<RelationId, std::string>> columns;
  for (const auto& [id, relation] : catalog_.relations_) {
    for (const CatalogColumn& column : relation->columns) {
      if (column.type.name.name == full.name) columns.emplace_back(id, column.name);
    }
  }
  for (const auto& [id, column] : columns) {
    if (Relation* relation = Edit(id)) DropColumn(relation, column, true);
  }
}

void CatalogEditor::DropSchema(const std::string& schema, bool cascade) {
  if (!cascade) return;
  std::vector<RelationId> inside;
  for (const auto& [name, id] : catalog_.names_) {
    if (name.schema == schema) inside.push_back(id);
  }
  for (RelationId id : inside) Remove(id, true);
  // Text search configurations are no objects of the catalog, but indexes name them.
  std::set<std::string> configurations;
  for (const auto& [id, relation] : catalog_.relations_) {
    if (!relation->index.has_value()) continue;
    for (const IndexElement& element : relation->index->elements) {
      if (element.expr == nullptr) continue;
      WalkExpr(*element.expr, [&](const Expr& expr) {
        if (expr.kind != ExprKind::kFunction || expr.LastName() != "to_tsvector") return;
        WalkExpr(expr, [&](const Expr& inner) {
          if (inner.kind == ExprKind::kConstant &&
              ParseQualifiedName(inner.value).schema == schema) {
            configurations.insert(inner.value);
          }
        });
      });
    }
  }
  for (const std::string& configuration : configurations) DropIndexesThatUse(configuration);
  for (const QualifiedName& function : catalog_.FunctionsIn(schema)) DropFunction(function, true);
  std::erase_if(catalog_.types_, [&](const auto& entry) { return entry.first.schema == schema; });
  std::erase_if(catalog_.functions_,
                [&](const auto& entry) { return entry.first.schema == schema; });
}

void CatalogEditor::DropExtension(const std::string& name, bool cascade) {
  std::erase(catalog_.extensions_, name);
  const ExtensionObjects* objects = cascade ? FindExtension(name) : nullptr;
  if (objects == nullptr) return;
  std::vector<std::pair<RelationId, std::string>> columns;
  for (const auto& [id, relation] : catalog_.relations_) {
    for (const CatalogColumn& column : relation->columns) {
      if (std::find(objects->types.begin(), objects->types.end(), column.type.name.name) !=
          objects->types.end()) {
        columns.emplace_back(id, column.name);
      }
    }
  }
  for (const auto& [id, column] : columns) {
    if (Relation* relation = Edit(id)) DropColumn(relation, column, true);
  }
  for (std::string_view opclass : objects->operator_classes) {
    DropIndexesThatUse(std::string(opclass));
  }
  for (std::string_view function : objects->functions) {
    DropFunction({"", std::string(function)}, true);
  }
  if (!objects->foreign_data_wrapper.empty()) {
    DropServer(ObjectKind::kForeignDataWrapper, std::string(objects->foreign_data_wrapper));
  }
}

void CatalogEditor::DropServer(ObjectKind object, const std::string& name) {
  std::vector<RelationId> gone;
  for (const auto& [id, relation] : catalog_.relations_) {
    if (relation->kind != RelationKind::kForeignTable) continue;
    const bool on_it = object == ObjectKind::kForeignServer
                           ? relation->server == name
                           : catalog_.WrapperOf(relation->server) == name;
    if (on_it) gone.push_back(id);
  }
  for (RelationId id : gone) Remove(id, true);
}

// An operator class by its name, a text search configuration as a constant in an expression.
void CatalogEditor::DropIndexesThatUse(const std::string& name) {
  std::vector<RelationId> gone;
  for (const auto& [id, relation] : catalog_.relations_) {
    if (!relation->index.has_value()) continue;
    bool uses = false;
    const auto look = [&](const Expr& expr) {
      uses = uses || (expr.kind == ExprKind::kConstant && expr.value == name);
    };
    for (const IndexElement& element : relation->index->elements) {
      uses = uses || element.opclass == name;
      if (element.expr != nullptr) WalkExpr(*element.expr, look);
    }
    if (uses) gone.push_back(id);
  }
  for (RelationId id : gone) Remove(id, true);
}

// CASCADE takes the triggers that call the function along.
void CatalogEditor::DropFunction(const QualifiedName& name, bool cascade) {
  for (const CatalogFunction* function : catalog_.FindFunctions(name)) {
    catalog_.functions_.erase(QualifiedName(function->name));
    break;
  }
  if (!cascade) return;
  DropCallers(name.name);
  std::vector<RelationId> tables;
  for (const auto& [id, relation] : catalog_.relations_) {
    for (const CatalogTrigger& trigger : relation->triggers) {
      if (trigger.function.name == name.name) tables.push_back(id);
    }
  }
  for (RelationId id : tables) {
    std::erase_if(Edit(id)->triggers,
                  [&](const CatalogTrigger& t) { return t.function.name == name.name; });
  }
}

void CatalogEditor::DropObjects(const Drop& drop) {
  for (size_t i = 0; i < drop.names.size(); ++i) {
    const QualifiedName& name = drop.names[i];
    if (IsRelationKind(drop.object)) {
      if (const Relation* relation = catalog_.Find(name)) Remove(relation->id, drop.cascade);
    } else if (drop.object == ObjectKind::kSchema) {
      DropSchema(name.name, drop.cascade);
    } else if (drop.object == ObjectKind::kType || drop.object == ObjectKind::kDomain) {
      if (const Relation* type = catalog_.Find(name);
          type != nullptr && type->kind == RelationKind::kCompositeType) {
        Remove(type->id, drop.cascade);
      }
      DropType(name, drop.cascade);
    } else if (drop.object == ObjectKind::kFunction || drop.object == ObjectKind::kProcedure ||
               drop.object == ObjectKind::kRoutine) {
      DropFunction(name, drop.cascade);
    } else if (drop.object == ObjectKind::kStatistics) {
      if (Relation* table = Edit(catalog_.StatisticsTable(name))) {
        std::erase_if(table->statistics,
                      [&](const QualifiedName& s) { return s.name == name.name; });
      }
    } else if (drop.object == ObjectKind::kPublication) {
      catalog_.publications_.erase(name.name);
    } else if (drop.object == ObjectKind::kForeignServer ||
               drop.object == ObjectKind::kForeignDataWrapper) {
      if (drop.cascade) DropServer(drop.object, name.name);
    } else if (drop.object == ObjectKind::kOperatorClass ||
               drop.object == ObjectKind::kTextConfiguration) {
      if (drop.cascade) DropIndexesThatUse(name.name);
    } else if (drop.object == ObjectKind::kExtension) {
      DropExtension(name.name, drop.cascade);
    } else if (i < drop.on.size()) {
      Relation* relation = Edit(drop.on[i]);
      if (relation == nullptr) continue;
      if (drop.object == ObjectKind::kTrigger) {
        const RelationId id = relation->id;
        for (RelationId target : WithDescendants(id)) {
          std::erase_if(Edit(target)->triggers, [&](const CatalogTrigger& t) {
            return t.name == name.name && (target == id || t.inherited);
          });
        }
      }
      if (drop.object == ObjectKind::kPolicy) {
        std::erase_if(relation->policies,
                      [&](const CatalogPolicy& p) { return p.name == name.name; });
      }
      if (drop.object == ObjectKind::kRule) {
        std::erase_if(relation->rules, [&](const CatalogRule& r) { return r.name == name.name; });
      }
    }
  }
}

void CatalogEditor::RenameColumn(Relation* table, const std::string& from, const std::string& to) {
  const RelationId id = table->id;
  const auto rename = [&](std::vector<std::string>* names) {
    std::replace(names->begin(), names->end(), from, to);
  };
  const auto in_expr = [&](const std::shared_ptr<const Expr>& expr) -> std::shared_ptr<const Expr> {
    if (expr == nullptr) return nullptr;
    Expr copy = *expr;
    const std::function<void(Expr*)> walk = [&](Expr* inner) {
      if (inner->IsColumn() && inner->name.back() == from) inner->name.back() = to;
      for (Expr& arg : inner->args) walk(&arg);
    };
    walk(&copy);
    return std::make_shared<const Expr>(std::move(copy));
  };
  for (CatalogColumn& column : table->columns) {
    if (column.name == from) column.name = to;
    if (column.generated_stored || column.generated_virtual)
      column.default_expr = in_expr(column.default_expr);
  }
  for (CatalogConstraint& constraint : table->constraints) {
    rename(&constraint.columns);
    constraint.check = in_expr(constraint.check);
  }
  const std::vector<RelationId> indexes = table->indexes;
  for (RelationId index_id : indexes) {
    CatalogIndex& index = *Edit(index_id)->index;
    for (IndexElement& element : index.elements) {
      if (element.column == from) element.column = to;
      element.expr = in_expr(element.expr);
    }
    rename(&index.include);
    index.where = in_expr(index.where);
  }
  std::vector<RelationId> others;
  for (const auto& [other_id, other] : catalog_.relations_) others.push_back(other_id);
  for (RelationId other_id : others) {
    const Relation* other = catalog_.Find(other_id);
    const bool sequence = other->table == id && other->owning_column == from;
    const bool refers = std::any_of(other->constraints.begin(), other->constraints.end(),
                                    [&](const CatalogConstraint& c) { return c.referenced == id; });
    if (!sequence && !refers) continue;
    Relation* edited = Edit(other_id);
    if (sequence) edited->owning_column = to;
    for (CatalogConstraint& constraint : edited->constraints) {
      if (constraint.referenced == id) rename(&constraint.referenced_columns);
    }
  }
}

void CatalogEditor::RenameFunction(const Rename& rename) {
  std::vector<CatalogFunction> moved;
  for (const CatalogFunction* function : catalog_.FindFunctions(rename.name)) {
    moved.push_back(*function);
  }
  if (moved.empty()) return;
  catalog_.functions_.erase(moved.front().name);
  for (CatalogFunction& function : moved) {
    function.name.name = rename.new_name;
    catalog_.functions_.emplace(function.name, function);
  }
  std::vector<RelationId> tables;
  for (const auto& [id, relation] : catalog_.relations_) {
    if (!relation->triggers.empty()) tables.push_back(id);
  }
  for (RelationId id : tables) {
    for (CatalogTrigger& trigger : Edit(id)->triggers) {
      if (trigger.function.name == rename.name.name) trigger.function.name = rename.new_name;
    }
  }
}

void CatalogEditor::RenameObject(const Rename& rename) {
  if (IsRelationKind(rename.object)) {
    if (Relation* relation = Edit(rename.relation.name)) {
      const bool constraint = relation->index.has_value() && relation->index->constraint;
      const std::string old = relation->name.name;
      const RelationId table = relation->table;
      const QualifiedName before = relation->name;
      const bool sequence = relation->kind == RelationKind::kSequence;
      MoveName(relation, {relation->name.schema, rename.new_name});
      if (sequence) MoveSequence(before, {before.schema, rename.new_name});
      if (!constraint) return;
      if (Relation* owner = Edit(table)) {
        for (CatalogConstraint& c : owner->constraints) {
          if (c.name == old) c.name = rename.new_name;
        }
      }
    }
    return;
  }
  if (rename.object == ObjectKind::kColumn || rename.object == ObjectKind::kAttribute) {
    const Relation* relation = catalog_.Find(rename.relation.name);
    if (relation == nullptr) return;
    if (relation->kind == RelationKind::kCompositeType) {
      std::vector<RelationId> typed;
      for (const auto& [id, other] : catalog_.relations_) {
        if (other->of_type == relation->name) typed.push_back(id);
      }
      for (RelationId id : typed) RenameColumn(Edit(id), rename.sub_name, rename.new_name);
    }
    for (RelationId id : WithDescendants(relation->id)) {
      if (Relation* table = Edit(id)) RenameColumn(table, rename.sub_name, rename.new_name);
    }
    return;
  }
  if (rename.object == ObjectKind::kTableConstraint) {
    Relation* table = Edit(rename.relation.name);
    if (table == nullptr) return;
    for (CatalogConstraint& constraint : table->constraints) {
      if (constraint.name != rename.sub_name) continue;
      constraint.name = rename.new_name;
      if (Relation* index = Edit(constraint.index)) {
        MoveName(index, {index->name.schema, rename.new_name});
      }
    }
    return;
  }
  if (rename.object == ObjectKind::kSchema) {
    std::vector<RelationId> inside;
    for (const auto& [name, id] : catalog_.names_) {
      if (name.schema == rename.sub_name) inside.push_back(id);
    }
    for (RelationId id : inside) {
      Relation* relation = Edit(id);
      const QualifiedName before = relation->name;
      const bool sequence = relation->kind == RelationKind::kSequence;
      MoveName(relation, {rename.new_name, relation->name.name});
      if (sequence) MoveSequence(before, {rename.new_name, before.name});
    }
    for (const QualifiedName& function : catalog_.FunctionsIn(rename.sub_name)) {
      MoveObject(ObjectKind::kFunction, function, {rename.new_name, function.name});
    }
    for (const QualifiedName& type : catalog_.TypesIn(rename.sub_name)) {
      MoveObject(ObjectKind::kType, type, {rename.new_name, type.name});
    }
    return;
  }
  if (rename.object == ObjectKind::kType || rename.object == ObjectKind::kDomain) {
    if (Relation* composite = Edit(rename.name);
        composite != nullptr && composite->kind == RelationKind::kCompositeType) {
      MoveName(composite, {composite->name.schema, rename.new_name});
      return;
    }
    const CatalogType* type = catalog_.FindType(rename.name);
    if (type == nullptr) return;
    const QualifiedName old = type->name;
    for (auto& [id, relation] : catalog_.relations_) {
      for (const CatalogColumn& column : relation->columns) {
        if (column.type.name.name != old.name) continue;
        for (CatalogColumn& edited : Edit(id)->columns) {
          if (edited.type.name.name == old.name) edited.type.name.name = rename.new_name;
        }
        break;
      }
    }
    CatalogType moved = *type;
    catalog_.types_.erase(moved.name);
    moved.name.name = rename.new_name;
    catalog_.types_[moved.name] = moved;
    return;
  }
  if (rename.object == ObjectKind::kFunction || rename.object == ObjectKind::kProcedure ||
      rename.object == ObjectKind::kRoutine) {
    return RenameFunction(rename);
  }
  if (rename.object == ObjectKind::kSubscription) {
    if (catalog_.subscriptions_without_slot_.erase(rename.name.name) > 0) {
      catalog_.subscriptions_without_slot_.insert(rename.new_name);
    }
    return;
  }
  if (rename.object == ObjectKind::kStatistics || rename.object == ObjectKind::kTextConfiguration) {
    return MoveObject(rename.object, rename.name, {rename.name.schema, rename.new_name});
  }
  if (rename.object == ObjectKind::kOperatorClass) {
    std::vector<RelationId> indexes;
    for (const auto& [id, relation] : catalog_.relations_) {
      if (relation->index.has_value()) indexes.push_back(id);
    }
    for (RelationId id : indexes) {
      for (IndexElement& element : Edit(id)->index->elements) {
        if (element.opclass == rename.name.name) element.opclass = rename.new_name;
      }
    }
    return;
  }
  if (rename.object == ObjectKind::kTrigger) {
    Relation* table = Edit(rename.relation.name);
    if (table == nullptr) return;
    const RelationId id = table->id;
    for (RelationId target : WithDescendants(id)) {
      for (CatalogTrigger& trigger : Edit(target)->triggers) {
        if (trigger.name == rename.sub_name && (target == id || trigger.inherited))
          trigger.name = rename.new_name;
      }
    }
    return;
  }
  if (rename.object == ObjectKind::kPolicy) {
    if (Relation* table = Edit(rename.relation.name)) {
      for (CatalogPolicy& policy : table->policies) {
        if (policy.name == rename.sub_name) policy.name = rename.new_name;
      }
    }
  }
}

void CatalogEditor::MoveToSchema(const SetSchema& set) {
  if (!IsRelationKind(set.object)) {
    return MoveObject(set.object, set.name, {set.new_schema, set.name.name});
  }
  const Relation* relation = catalog_.Find(set.relation.name);
  if (relation == nullptr) return;
  // Indexes and owned sequences go along.
  std::vector<RelationId> moving = relation->indexes;
  moving.push_back(relation->id);
  for (const auto& [id, other] : catalog_.relations_) {
    if (other->kind == RelationKind::kSequence && other->table == relation->id)
      moving.push_back(id);
  }
  for (RelationId id : moving) {
    Relation* moved = Edit(id);
    const QualifiedName before = moved->name;
    const bool sequence = moved->kind == RelationKind::kSequence;
    MoveName(moved, {set.new_schema, moved->name.name});
    if (sequence) MoveSequence(before, {set.new_schema, before.name});
  }
}

}  // namespace pgsift
