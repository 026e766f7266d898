// ALTER TABLE, as it changes the catalog.

#include <algorithm>

#include "parser/catalog_editor.h"

namespace pgsift {

void CatalogEditor::Alter(const AlterTable& alter) {
  Relation* relation = Edit(alter.relation.name);
  if (relation == nullptr) return;
  const RelationId id = relation->id;
  std::vector<RelationId> targets = {id};
  // What is made OF a composite type changes with it.
  if (relation->kind == RelationKind::kCompositeType) {
    const QualifiedName type = relation->name;
    for (const auto& [other_id, other] : catalog_.relations_) {
      if (other->of_type == type) targets.push_back(other_id);
    }
  }
  for (RelationId target : targets) {
    for (const AlterSubcommand& command : alter.subcommands)
      AlterOne(target, command, target == id && alter.relation.only);
  }
}

// One subcommand, on the relation and where PostgreSQL recurses also on what inherits from it.
void CatalogEditor::AlterOne(RelationId id, const AlterSubcommand& command, bool only) {
  only_ = only;
  const bool recurses =
      !only &&
      (command.action == AlterAction::kAddColumn || command.action == AlterAction::kDropColumn ||
       command.action == AlterAction::kAlterColumnType ||
       command.action == AlterAction::kSetNotNull || command.action == AlterAction::kDropNotNull ||
       command.action == AlterAction::kColumnDefault ||
       command.action == AlterAction::kValidateConstraint ||
       command.action == AlterAction::kDropConstraint);
  const bool adds_check = !only && command.action == AlterAction::kAddConstraint &&
                          command.constraint.has_value() && !command.constraint->no_inherit &&
                          (command.constraint->kind == ConstraintKind::kCheck ||
                           command.constraint->kind == ConstraintKind::kNotNull);
  std::vector<RelationId> targets = {id};
  if (recurses || adds_check) targets = WithDescendants(id);
  for (RelationId target : targets) {
    Relation* table = Edit(target);
    if (table == nullptr) continue;
    switch (command.action) {
      case AlterAction::kAddColumn: {
        // Keys and foreign keys do not inherit; partitions get theirs from the parent's.
        AlterSubcommand own = command;
        if (target != id && own.column.has_value()) {
          std::erase_if(own.column->constraints, [](const ConstraintDef& c) {
            return c.kind == ConstraintKind::kPrimaryKey || c.kind == ConstraintKind::kUnique ||
                   c.kind == ConstraintKind::kForeignKey || c.kind == ConstraintKind::kIdentity;
          });
        }
        AlterColumn(table, own);
        break;
      }
      case AlterAction::kDropColumn:
      case AlterAction::kColumnDefault:
      case AlterAction::kDropNotNull:
      case AlterAction::kSetNotNull:
      case AlterAction::kSetExpression:
      case AlterAction::kDropExpression:
      case AlterAction::kAlterColumnType:
      case AlterAction::kAddIdentity:
      case AlterAction::kDropIdentity:
        AlterColumn(table, command);
        if (command.action == AlterAction::kAlterColumnType && target != id) {
          RemakeParts(target, command.name);
        }
        break;
      case AlterAction::kAddConstraint:
      case AlterAction::kAlterConstraint:
      case AlterAction::kValidateConstraint:
      case AlterAction::kDropConstraint:
        AlterConstraint(table, command);
        break;
      default:
        AlterPartition(table, command);
        break;
    }
  }
}

void CatalogEditor::AlterColumn(Relation* table, const AlterSubcommand& command) {
  const RelationId id = table->id;
  const auto column = std::find_if(table->columns.begin(), table->columns.end(),
                                   [&](const CatalogColumn& c) { return c.name == command.name; });
  const bool there = column != table->columns.end();
  switch (command.action) {
    case AlterAction::kAddColumn: {
      if (!command.column.has_value() || (there && command.missing_ok)) return;
      if (there) {
        *column = MakeColumn(*command.column, *table);
      } else {
        table->columns.push_back(MakeColumn(*command.column, *table));
      }
      AddColumnConstraints(Edit(id), *command.column);
      return;
    }
    case AlterAction::kDropColumn:
      DropColumn(table, command.name, command.cascade);
      return;
    default:
      break;
  }
  if (!there) return;
  switch (command.action) {
    case AlterAction::kColumnDefault:
      column->default_expr = command.expr;
      // The sequence stays the column's own, but nothing draws from it.
      column->serial = false;
      break;
    case AlterAction::kDropNotNull:
      column->not_null = false;
      break;
    case AlterAction::kSetNotNull:
      column->not_null = column->not_null_valid = true;
      break;
    case AlterAction::kSetExpression:
      column->default_expr = command.expr;
      break;
    case AlterAction::kDropExpression:
      column->generated_stored = column->generated_virtual = false;
      column->default_expr = nullptr;
      break;
    case AlterAction::kAlterColumnType:
      if (command.column.has_value()) {
        column->type = command.column->type;
        if (!command.column->collation.empty()) column->collation = command.column->collation;
      }
      break;
    case AlterAction::kAddIdentity:
      column->identity = true;
      AddSequence(table, command.name);
      break;
    case AlterAction::kDropIdentity:
      column->identity = false;
      for (const Relation* sequence : catalog_.SequencesOf(id, command.name)) {
        Remove(sequence->id, false);
      }
      break;
    default:
      break;
  }
}

void CatalogEditor::DropColumn(Relation* table, const std::string& name, bool cascade) {
  const RelationId id = table->id;
  if (cascade) {
    std::vector<RelationId> views;
    for (const Relation* view : catalog_.ViewsOn(id, name)) views.push_back(view->id);
    for (RelationId view : views) Remove(view, true);
    table = Edit(id);
  }
  std::erase_if(table->columns, [&](const CatalogColumn& column) { return column.name == name; });
  // Indexes and constraints that hold the column go with it.
  std::vector<RelationId> indexes;
  for (const Relation* index : catalog_.IndexesOf(*table)) {
    bool holds = std::find(index->index->include.begin(), index->index->include.end(), name) !=
                 index->index->include.end();
    const auto reads = [&](const Expr& expr) {
      holds = holds || (expr.IsColumn() && expr.LastName() == name);
    };
    for (const IndexElement& element : index->index->elements) {
      holds = holds || element.column == name;
      if (element.expr != nullptr) WalkExpr(*element.expr, reads);
    }
    if (index->index->where != nullptr) WalkExpr(*index->index->where, reads);
    if (holds) indexes.push_back(index->id);
  }
  for (RelationId index : indexes) Remove(index, cascade);
  table = Edit(id);
  std::erase_if(table->constraints, [&](const CatalogConstraint& constraint) {
    return std::find(constraint.columns.begin(), constraint.columns.end(), name) !=
           constraint.columns.end();
  });
  std::vector<RelationId> sequences;
  std::vector<RelationId> referencing;
  for (const auto& [other_id, other] : catalog_.relations_) {
    if (other->kind == RelationKind::kSequence && other->table == id &&
        other->owning_column == name) {
      sequences.push_back(other_id);
    }
    for (const CatalogConstraint& constraint : other->constraints) {
      if (constraint.referenced == id) referencing.push_back(other_id);
    }
  }
  for (RelationId sequence : sequences) Remove(sequence, cascade);
  if (!cascade) return;
  // Foreign keys that refer to the column go with it.
  for (RelationId other : referencing) {
    std::erase_if(Edit(other)->constraints, [&](const CatalogConstraint& constraint) {
      return constraint.referenced == id &&
             std::find(constraint.referenced_columns.begin(), constraint.referenced_columns.end(),
                       name) != constraint.referenced_columns.end();
    });
  }
}

void CatalogEditor::DropConstraint(Relation* table, const std::string& name, bool cascade) {
  const CatalogConstraint* constraint = table->FindConstraint(name);
  if (constraint == nullptr) return;
  if (constraint->kind == ConstraintKind::kForeignKey &&
      table->kind == RelationKind::kPartitionedTable) {
    // Copies may have other names since a RENAME.
    const CatalogConstraint dropped = *constraint;
    const RelationId root = table->id;
    for (RelationId part : WithDescendants(root)) {
      if (part == root) continue;
      std::erase_if(Edit(part)->constraints, [&](const CatalogConstraint& c) {
        return c.kind == ConstraintKind::kForeignKey && c.inherited &&
               c.referenced == dropped.referenced && c.columns == dropped.columns;
      });
    }
    table = Edit(root);
    constraint = table->FindConstraint(name);
  }
  const RelationId index = constraint->index;
  if (index != RelationId::kNone && catalog_.Find(index) != nullptr) {
    // The constraints that the partitions' indexes back go with those.
    for (RelationId part : WithDescendants(index)) {
      const Relation* part_index = catalog_.Find(part);
      if (part == index || part_index == nullptr) continue;
      std::erase_if(Edit(part_index->table)->constraints,
                    [&](const CatalogConstraint& c) { return c.index == part; });
    }
    table = Edit(table->id);
    constraint = table->FindConstraint(name);
  }
  const bool key = constraint->kind == ConstraintKind::kPrimaryKey ||
                   constraint->kind == ConstraintKind::kUnique;
  const RelationId id = table->id;
  const std::vector<std::string> columns = constraint->columns;
  std::erase_if(table->constraints, [&](const CatalogConstraint& c) { return c.name == name; });
  if (index != RelationId::kNone) Remove(index, cascade);
  if (!key || !cascade) return;
  std::vector<RelationId> referencing;
  for (const auto& [other, foreign_key] : catalog_.ReferencesTo(id)) {
    referencing.push_back(other->id);
  }
  for (RelationId other : referencing) {
    std::erase_if(Edit(other)->constraints, [&](const CatalogConstraint& c) {
      return c.kind == ConstraintKind::kForeignKey && c.referenced == id &&
             c.referenced_columns == columns;
    });
  }
}

void CatalogEditor::AlterConstraint(Relation* table, const AlterSubcommand& command) {
  switch (command.action) {
    case AlterAction::kAddConstraint:
      if (command.constraint.has_value()) AddConstraint(table, *command.constraint, "", only_);
      return;
    case AlterAction::kDropConstraint:
      catalog_.constraint_modes_.erase(command.name);
      DropConstraint(table, command.name, command.cascade);
      return;
    default:
      break;
  }
  for (CatalogConstraint& constraint : table->constraints) {
    if (constraint.name != command.name) continue;
    if (command.action == AlterAction::kValidateConstraint) constraint.validated = true;
    if (command.action == AlterAction::kAlterConstraint && command.constraint.has_value()) {
      if (command.alters_enforceability) {
        constraint.enforced = constraint.validated = !command.constraint->not_enforced;
        continue;
      }
      if (command.alters_inheritability) {
        constraint.no_inherit = command.constraint->no_inherit;
        continue;
      }
      constraint.deferrable = command.constraint->deferrable;
      constraint.initially_deferred = command.constraint->initially_deferred;
    }
  }
  if (command.action != AlterAction::kValidateConstraint) return;
  for (CatalogColumn& column : table->columns) {
    if (table->name.name + "_" + column.name + "_not_null" == command.name)
      column.not_null_valid = true;
  }
  for (const CatalogConstraint& constraint : table->constraints) {
    if (constraint.name != command.name || constraint.kind != ConstraintKind::kNotNull) continue;
    for (CatalogColumn& column : table->columns) {
      if (column.name == constraint.columns.front()) column.not_null_valid = true;
    }
  }
}

// What the parent gave stays, as the partition's own.
// Before 15 a partition that is detached loses what it has from its parent of foreign keys to
// partitioned tables (observed on 13 and 14).
void CatalogEditor::DropLostForeignKeys(Relation* partition) {
  if (catalog_.release_ >= 15) return;
  std::erase_if(partition->constraints, [&](const CatalogConstraint& constraint) {
    if (constraint.kind != ConstraintKind::kForeignKey || !constraint.inherited) return false;
    const Relation* referenced = catalog_.Find(constraint.referenced);
    return referenced != nullptr && referenced->kind == RelationKind::kPartitionedTable;
  });
}

void CatalogEditor::Detach(RelationId parent, RelationId child_id) {
  Relation* child = Edit(child_id);
  child->bound.reset();
  std::erase(child->parents, parent);
  std::erase_if(child->triggers, [](const CatalogTrigger& trigger) { return trigger.inherited; });
  for (CatalogConstraint& constraint : child->constraints) constraint.inherited = false;
  std::erase(Edit(parent)->children, child_id);
  const std::vector<RelationId> indexes = Edit(child_id)->indexes;
  for (RelationId index_id : indexes) {
    Relation* index = Edit(index_id);
    for (RelationId parent_index : index->parents) {
      if (Relation* above = Edit(parent_index)) std::erase(above->children, index_id);
    }
    Edit(index_id)->parents.clear();
  }
}

void CatalogEditor::AlterPartition(Relation* table, const AlterSubcommand& command) {
  const RelationId id = table->id;
  switch (command.action) {
    case AlterAction::kAttachPartition: {
      Relation* child = Edit(command.relation.name);
      if (child == nullptr) return;
      child->bound = command.bound;
      if (table->index.has_value()) {
        // ALTER INDEX … ATTACH PARTITION: the parent is valid once all its table's partitions are
        // in.
        child->parents.push_back(id);
        table->children.push_back(child->id);
        const Relation* owner = catalog_.Find(table->table);
        if (owner != nullptr && table->children.size() >= owner->children.size()) {
          table->index->valid = true;
        }
        return;
      }
      InheritFrom(child, table->name, true);
      return;
    }
    case AlterAction::kDetachPartition:
    case AlterAction::kDetachPartitionFinalize: {
      Relation* child = Edit(command.relation.name);
      if (child == nullptr) return;
      DropLostForeignKeys(child);
      Detach(id, child->id);
      return;
    }
    case AlterAction::kDropInherit:
      if (const Relation* parent = catalog_.Find(command.relation.name)) Detach(parent->id, id);
      return;
    case AlterAction::kAddInherit:
      InheritFrom(table, command.relation.name, false);
      return;
    case AlterAction::kChangeOwner:
      table->owner = command.name;
      return;
    case AlterAction::kSetTableSpace:
      table->tablespace = command.name;
      return;
    case AlterAction::kSetAccessMethod:
      table->access_method = command.name;
      return;
    case AlterAction::kClusterOn:
      MarkClustered(*table, command.name);
      return;
    case AlterAction::kDropCluster:
      MarkClustered(*table, "");
      return;
    case AlterAction::kAddOf:
      if (command.column.has_value()) {
        table->of_type = command.column->type.name;
        if (const Relation* type = catalog_.Find(table->of_type)) table->of_type = type->name;
      }
      return;
    case AlterAction::kDropOf:
      table->of_type = {};
      return;
    case AlterAction::kSetLogged:
      table->persistence = Persistence::kPermanent;
      return;
    case AlterAction::kSetUnLogged:
      table->persistence = Persistence::kUnlogged;
      return;
    case AlterAction::kEnableRowSecurity:
      table->row_security = true;
      return;
    case AlterAction::kForceRowSecurity:
      table->row_security_forced = true;
      return;
    case AlterAction::kNoForceRowSecurity:
      table->row_security_forced = false;
      return;
    case AlterAction::kDisableRowSecurity:
      table->row_security = false;
      return;
    case AlterAction::kReplicaIdentity: {
      const std::vector<RelationId> indexes = table->indexes;
      for (RelationId index_id : indexes) {
        Relation* index = Edit(index_id);
        index->index->replica_identity =
            command.replica_identity == 'i' && index->name.name == command.name;
      }
      return;
    }
    case AlterAction::kDisableTrig:
    case AlterAction::kEnableTrig:
      for (CatalogTrigger& trigger : table->triggers) {
        if (trigger.name == command.name)
          trigger.enabled = command.action == AlterAction::kEnableTrig;
      }
      return;
    default:
      return;
  }
}

}  // namespace pgsift
