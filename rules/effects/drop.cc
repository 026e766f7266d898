// DROP: what goes, what goes with it, and what else has to be locked for that. Source:
// performDeletion and its findDependentObjects in src/backend/catalog/dependency.c, and the
// Remove… functions that it calls.

#include <algorithm>

#include "parser/extension_objects.h"
#include "rules/effects/alter_table_effects.h"

namespace pgsift {
namespace {

constexpr LockMode kStrong = LockMode::kAccessExclusive;

bool CallsFunction(const std::shared_ptr<const Expr>& expr, const std::string& function) {
  bool calls = false;
  if (expr == nullptr) return false;
  WalkExpr(*expr, [&](const Expr& inner) {
    calls = calls || (inner.kind == ExprKind::kFunction && inner.LastName() == function);
  });
  return calls;
}

// The parts of a partitioned table that have triggers of a foreign key; until 14 only the leaves.
void LockReferencedParts(const Relation& referenced, EffectBuilder* out) {
  if (referenced.kind != RelationKind::kPartitionedTable) return;
  for (const Relation* part : out->catalog().DescendantsOf(referenced)) {
    const bool leaf = part->kind != RelationKind::kPartitionedTable;
    if (leaf || out->release() >= 15) out->Lock(*part, kStrong);
  }
}

void DropIndex(const Relation& index, bool concurrently, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  if (concurrently) {
    out->Lock(index.table, LockMode::kShareUpdateExclusive, true);
    out->Lock(index, kStrong, true);
    return;
  }
  out->Lock(index.table, kStrong);
  out->Lock(index, kStrong);
  for (const Relation* part : catalog.DescendantsOf(index)) {
    out->Lock(part->table, kStrong);
    out->Lock(*part, kStrong);
  }
  if (index.kind != RelationKind::kPartitionedIndex) return;
  if (const Relation* table = catalog.Find(index.table)) out->LockDescendants(*table, kStrong);
}

void DropColumnOf(const Relation& relation, const std::string& column, EffectBuilder* out) {
  AlterTable alter;
  alter.relation.name = relation.name;
  alter.subcommands.push_back(
      {.action = AlterAction::kDropColumn, .name = column, .cascade = true});
  AddEffects(alter, out);
}

// Tables lose what calls the function.
void DropFunction(const QualifiedName& name, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  for (const Relation* relation : catalog.Relations()) {
    bool uses = false;
    for (const CatalogTrigger& trigger : relation->triggers) {
      uses = uses || trigger.function.name == name.name;
    }
    for (const CatalogColumn& column : relation->columns) {
      uses = uses || CallsFunction(column.default_expr, name.name);
    }
    for (const CatalogConstraint& constraint : relation->constraints) {
      uses = uses || CallsFunction(constraint.check, name.name);
    }
    if (uses) out->Lock(*relation, kStrong);
    // A generated column goes with the function that computes it.
    for (const CatalogColumn& column : relation->columns) {
      const bool generated = column.generated_stored || column.generated_virtual;
      if (!generated || !CallsFunction(column.default_expr, name.name)) continue;
      DropColumnOf(*relation, column.name, out);
    }
    if (!relation->index.has_value()) continue;
    bool computed = CallsFunction(relation->index->where, name.name);
    for (const IndexElement& element : relation->index->elements) {
      computed = computed || CallsFunction(element.expr, name.name);
    }
    if (computed) DropIndex(*relation, false, out);
  }
}

// Columns of the type go, and what stands on them.
void DropType(const QualifiedName& name, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  const CatalogType* type = catalog.FindType(name);
  const Relation* composite = catalog.Find(name);
  const QualifiedName full = type != nullptr        ? type->name
                             : composite != nullptr ? composite->name
                                                    : catalog.Resolve(name);
  for (const auto& [relation, column] : catalog.ColumnsOfType(full)) {
    DropColumnOf(*relation, column->name, out);
  }
  // Domains over it, and what is made of them.
  std::vector<std::string> schemas = catalog.search_path();
  if (std::find(schemas.begin(), schemas.end(), full.schema) == schemas.end()) {
    schemas.push_back(full.schema);
  }
  for (const std::string& schema : schemas) {
    for (const QualifiedName& each : catalog.TypesIn(schema)) {
      const CatalogType* domain = catalog.FindType(each);
      if (domain == nullptr || domain->kind != CatalogType::Kind::kDomain) continue;
      const CatalogType* base = catalog.FindType(domain->base.name);
      if (base != nullptr && base->name == full && base != domain) DropType(each, out);
    }
  }
}

void DropServer(ObjectKind object, const std::string& name, EffectBuilder* out) {
  for (const Relation* relation : out->catalog().Relations()) {
    if (relation->kind != RelationKind::kForeignTable) continue;
    const bool gone = object == ObjectKind::kForeignServer
                          ? relation->server == name
                          : out->catalog().WrapperOf(relation->server) == name;
    if (gone) AddDropOfRelation(*relation, true, out);
  }
}

// Columns and indexes that use a collation, operator class or text search configuration.
void DropUsed(ObjectKind object, const std::string& name, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  const auto names = [&](const std::shared_ptr<const Expr>& expr) {
    bool found = false;
    if (expr == nullptr) return found;
    WalkExpr(*expr, [&](const Expr& inner) {
      found = found || (inner.kind == ExprKind::kConstant && inner.value == name) ||
              (inner.kind == ExprKind::kCollate && inner.LastName() == name);
    });
    return found;
  };
  for (const Relation* relation : catalog.Relations()) {
    if (relation->index.has_value()) {
      bool used = names(relation->index->where);
      for (const IndexElement& element : relation->index->elements) {
        used = used || names(element.expr) ||
               (object == ObjectKind::kCollation ? element.collation : element.opclass) == name;
      }
      if (used) DropIndex(*relation, false, out);
      continue;
    }
    if (object != ObjectKind::kCollation) continue;
    for (const CatalogColumn& column : relation->columns) {
      if (column.collation != name || !relation->IsTable()) continue;
      DropColumnOf(*relation, column.name, out);
    }
  }
}

// The expression makes a tsvector by a text search configuration of the schema.
bool UsesConfigurationOf(const std::string& schema, const std::shared_ptr<const Expr>& expr) {
  bool uses = false;
  if (expr == nullptr) return false;
  WalkExpr(*expr, [&](const Expr& call) {
    if (call.kind != ExprKind::kFunction || call.LastName() != "to_tsvector") return;
    WalkExpr(call, [&](const Expr& inner) {
      uses = uses || (inner.kind == ExprKind::kConstant &&
                      ParseQualifiedName(inner.value).schema == schema);
    });
  });
  return uses;
}

void DropSchema(const std::string& schema, EffectBuilder* out) {
  for (const Relation* relation : out->catalog().Relations()) {
    if (relation->name.schema == schema && !relation->index.has_value()) {
      AddDropOfRelation(*relation, true, out);
    }
  }
  for (const Relation* relation : out->catalog().Relations()) {
    if (!relation->index.has_value()) continue;
    for (const IndexElement& element : relation->index->elements) {
      if (UsesConfigurationOf(schema, element.expr)) DropIndex(*relation, false, out);
    }
  }
  for (const QualifiedName& function : out->catalog().FunctionsIn(schema))
    DropFunction(function, out);
  for (const QualifiedName& type : out->catalog().TypesIn(schema)) DropType(type, out);
}

ObjectKind KindOf(const Relation& relation) {
  switch (relation.kind) {
    case RelationKind::kView:
      return ObjectKind::kView;
    case RelationKind::kMaterializedView:
      return ObjectKind::kMaterializedView;
    case RelationKind::kSequence:
      return ObjectKind::kSequence;
    case RelationKind::kIndex:
    case RelationKind::kPartitionedIndex:
      return ObjectKind::kIndex;
    default:
      return ObjectKind::kTable;
  }
}

// The tables whose DEFAULTs draw from the sequence lose them.
void LockDrawing(const Relation& sequence, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  for (const Relation* table : catalog.Relations()) {
    for (const CatalogColumn& column : table->columns) {
      const bool own = sequence.table == table->id && sequence.owning_column == column.name &&
                       (column.serial || column.identity);
      if (own || catalog.SequenceOf(column.default_expr.get()) == &sequence) {
        out->Lock(*table, kStrong);
      }
    }
  }
}

// Columns of the extension's types go, and indexes on its operator classes.
void DropExtension(const std::string& name, EffectBuilder* out) {
  const ExtensionObjects* objects = FindExtension(name);
  if (objects == nullptr) {
    return out->Unknown("what depends on extension `" + name + "` is not known");
  }
  for (std::string_view type : objects->types) {
    for (const Relation* relation : out->catalog().Relations()) {
      if (!relation->IsTable()) continue;
      for (const CatalogColumn& column : relation->columns) {
        if (column.type.name.name == type) DropColumnOf(*relation, column.name, out);
      }
    }
  }
  for (std::string_view opclass : objects->operator_classes) {
    DropUsed(ObjectKind::kOperatorClass, std::string(opclass), out);
  }
  for (std::string_view function : objects->functions) {
    DropFunction({"", std::string(function)}, out);
  }
  if (!objects->foreign_data_wrapper.empty()) {
    DropServer(ObjectKind::kForeignDataWrapper, std::string(objects->foreign_data_wrapper), out);
  }
}

// A trigger, rule or policy of a table.
void DropFromTable(const Drop& drop, size_t i, EffectBuilder* out) {
  if (i >= drop.on.size()) return;
  const Relation* table = out->catalog().Find(drop.on[i]);
  if (table == nullptr) {
    if (!drop.if_exists || out->catalog().empty()) out->Lock(drop.on[i], kStrong);
    return;
  }
  const std::string& name = drop.names[i].name;
  if (drop.object == ObjectKind::kTrigger) {
    const auto trigger =
        std::find_if(table->triggers.begin(), table->triggers.end(),
                     [&](const CatalogTrigger& candidate) { return candidate.name == name; });
    if (trigger == table->triggers.end() && drop.if_exists) return;
    out->Lock(*table, kStrong);
    if (table->kind == RelationKind::kPartitionedTable &&
        (trigger == table->triggers.end() || trigger->row)) {
      out->LockDescendants(*table, kStrong);
    }
    return;
  }
  bool there = !drop.if_exists;
  for (const CatalogPolicy& policy : table->policies) there = there || policy.name == name;
  for (const CatalogRule& rule : table->rules) there = there || rule.name == name;
  if (there) out->Lock(*table, kStrong);
}

}  // namespace

void LockOtherTable(const CatalogConstraint& constraint, RelationId own, EffectBuilder* out) {
  if (constraint.referenced == own || !constraint.enforced) return;
  const Relation* referenced = out->catalog().Find(constraint.referenced);
  if (referenced == nullptr) {
    if (!constraint.referenced_name.empty()) out->Lock(constraint.referenced_name, kStrong);
    return;
  }
  const bool partitioned = referenced->kind == RelationKind::kPartitionedTable;
  // Until 14 only the partitions of a partitioned table.
  if (!partitioned || out->release() >= 15) out->Lock(*referenced, kStrong);
  if (partitioned) LockReferencedParts(*referenced, out);
}

void AddDropOfConstraint(const Relation& table, const CatalogConstraint& constraint, bool cascade,
                         EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  if (constraint.kind == ConstraintKind::kForeignKey) {
    if (table.kind == RelationKind::kPartitionedTable) out->LockDescendants(table, kStrong);
    const Relation* referenced = catalog.Find(constraint.referenced);
    if (constraint.referenced == table.id) return;
    if (referenced != nullptr) {
      out->Lock(*referenced, kStrong);
      LockReferencedParts(*referenced, out);
    } else {
      out->Lock(constraint.referenced_name, kStrong);
    }
    return;
  }
  const Relation* index = catalog.Find(constraint.index);
  if (index == nullptr) return;
  DropIndex(*index, false, out);
  if (!cascade) return;
  for (const auto& [referencing, key] : catalog.ReferencesTo(table.id)) {
    if (key->referenced_columns != constraint.columns) continue;
    out->Lock(*referencing, kStrong);
  }
}

void AddDropOfRelation(const Relation& relation, bool cascade, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  if (out->Dropping(relation.id)) return;
  if (relation.index.has_value()) return DropIndex(relation, false, out);
  out->Lock(relation, kStrong);
  // The parent's bounds change, and with them the default partition's.
  if (relation.bound.has_value()) {
    for (RelationId parent_id : relation.parents) {
      const Relation* parent = catalog.Find(parent_id);
      if (parent == nullptr) continue;
      out->Lock(*parent, kStrong);
      const Relation* fallback = catalog.DefaultPartition(*parent);
      if (fallback != nullptr) out->Lock(*fallback, kStrong);
    }
  }
  out->LockIndexes(relation, kStrong);
  for (const Relation* sequence : catalog.SequencesOf(relation.id)) {
    AddDropOfRelation(*sequence, cascade, out);
  }
  const bool partitioned = relation.kind == RelationKind::kPartitionedTable;
  if (partitioned || cascade) {
    for (RelationId id : relation.children) {
      if (const Relation* child = catalog.Find(id)) AddDropOfRelation(*child, cascade, out);
    }
  }
  for (const CatalogConstraint& constraint : relation.constraints) {
    // The triggers of a partition's copy are those of the parent's constraint.
    if (constraint.kind == ConstraintKind::kForeignKey && !constraint.inherited) {
      LockOtherTable(constraint, relation.id, out);
    }
  }
  if (!cascade) return;
  // A key to what it is a partition of goes as a whole.
  for (const Relation* up = &relation; up->bound.has_value() && !up->parents.empty();) {
    up = catalog.Find(up->parents.front());
    if (up == nullptr) break;
    for (const auto& [referencing, key] : catalog.ReferencesTo(up->id)) {
      if (key->inherited) continue;
      out->Lock(*referencing, kStrong);
      AddDropOfConstraint(*referencing, *key, true, out);
    }
  }
  if (relation.kind == RelationKind::kSequence) LockDrawing(relation, out);
  for (const Relation* view : catalog.ViewsOn(relation.id)) AddDropOfRelation(*view, true, out);
  for (const auto& [referencing, constraint] : catalog.ReferencesTo(relation.id)) {
    out->Lock(*referencing, kStrong);
  }
  for (const Relation* other : catalog.Relations()) {
    for (const CatalogPolicy& policy : other->policies) {
      if (std::find(policy.reads.begin(), policy.reads.end(), relation.id) != policy.reads.end())
        out->Lock(*other, kStrong);
    }
  }
  if (relation.kind == RelationKind::kCompositeType) {
    for (const Relation* typed : catalog.Relations()) {
      if (typed->of_type == relation.name) AddDropOfRelation(*typed, true, out);
    }
  }
}

void AddEffects(const Drop& drop, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  if (drop.concurrently) out->RefuseInBlock();
  for (size_t i = 0; i < drop.names.size(); ++i) {
    const QualifiedName& name = drop.names[i];
    switch (drop.object) {
      case ObjectKind::kTable:
      case ObjectKind::kView:
      case ObjectKind::kMaterializedView:
      case ObjectKind::kForeignTable:
      case ObjectKind::kSequence:
      case ObjectKind::kIndex: {
        const bool of_index = drop.object == ObjectKind::kIndex;
        const Relation* relation = catalog.Find(name);
        if (relation == nullptr) {
          if (drop.if_exists && !catalog.empty()) break;
          out->Lock(name, kStrong, of_index ? RelationKind::kIndex : RelationKind::kTable,
                    drop.concurrently);
          if (drop.concurrently) out->WaitForTransactions();
          if (of_index) out->Unknown("the table of the index is not known: it is locked too");
          break;
        }
        if (of_index && drop.concurrently) {
          out->WaitForTransactions();
          DropIndex(*relation, true, out);
        } else if (KindOf(*relation) == drop.object || drop.object == ObjectKind::kForeignTable) {
          AddDropOfRelation(*relation, drop.cascade, out);
        }
        break;
      }
      case ObjectKind::kSchema:
        if (drop.cascade) DropSchema(name.name, out);
        break;
      case ObjectKind::kType:
      case ObjectKind::kDomain:
        if (const Relation* composite = catalog.Find(name);
            composite != nullptr && composite->kind == RelationKind::kCompositeType) {
          AddDropOfRelation(*composite, drop.cascade, out);
        }
        if (drop.cascade) DropType(name, out);
        break;
      case ObjectKind::kFunction:
      case ObjectKind::kRoutine:
      case ObjectKind::kProcedure:
        if (drop.cascade) DropFunction(name, out);
        break;
      case ObjectKind::kStatistics:
        out->Lock(catalog.StatisticsTable(name), LockMode::kShareUpdateExclusive);
        break;
      case ObjectKind::kTrigger:
      case ObjectKind::kRule:
      case ObjectKind::kPolicy:
        DropFromTable(drop, i, out);
        break;
      case ObjectKind::kExtension:
        if (drop.cascade) DropExtension(name.name, out);
        break;
      case ObjectKind::kForeignServer:
      case ObjectKind::kForeignDataWrapper:
        if (drop.cascade) DropServer(drop.object, name.name, out);
        break;
      case ObjectKind::kCollation:
      case ObjectKind::kOperatorClass:
      case ObjectKind::kTextConfiguration:
        if (drop.cascade) DropUsed(drop.object, name.name, out);
        break;
      default:
        break;
    }
  }
}

}  // namespace pgsift
