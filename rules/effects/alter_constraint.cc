// ALTER TABLE … ADD, ALTER, VALIDATE and DROP CONSTRAINT.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "rules/effects/alter_table_effects.h"
#include "rules/facts/not_null_proof.h"

namespace pgsift {
namespace {

constexpr LockMode kStrong = LockMode::kAccessExclusive;

}  // namespace

std::vector<const Relation*> Leaves(const Relation& relation, const Catalog& catalog) {
  if (relation.kind != RelationKind::kPartitionedTable) return {&relation};
  std::vector<const Relation*> leaves;
  for (const Relation* child : catalog.DescendantsOf(relation)) {
    if (child->kind == RelationKind::kTable) leaves.push_back(child);
  }
  return leaves;
}

void LockReferenced(const Relation& referenced, LockMode mode, EffectBuilder* out) {
  out->Lock(referenced, mode);
  if (referenced.kind == RelationKind::kPartitionedTable) out->LockDescendants(referenced, mode);
}

void ScanForForeignKey(const Relation& referencing, const Relation* referenced, EffectBuilder* out,
                       bool row_by_row) {
  // A query joins them: planning it locks their indexes.
  const auto read = [&](const Relation& relation, std::string_view why, bool joined = true) {
    // Partitions of the referencing table are read one by one, those of the other as a whole.
    const bool whole = &relation == referenced && out->release() >= 16;
    if (relation.kind == RelationKind::kPartitionedTable && whole) {
      out->LockIndexes(relation, LockMode::kAccessShare);
      for (const Relation* part : out->catalog().DescendantsOf(relation)) {
        if (part->kind != RelationKind::kPartitionedTable) continue;
        out->LockIndexes(*part, LockMode::kAccessShare);
      }
    }
    for (const Relation* leaf : Leaves(relation, out->catalog())) {
      out->Lock(*leaf, LockMode::kAccessShare);
      if (joined) out->LockIndexes(*leaf, LockMode::kAccessShare);
      out->Scan(*leaf, why);
    }
  };
  read(referencing, "the foreign key is checked for every row", !row_by_row);
  if (referenced != nullptr) read(*referenced, "every row of the other table is looked up in it");
}

void AlterTableEffects::Constraint(const AlterSubcommand& command) {
  switch (command.action) {
    case AlterAction::kAddConstraint:
      if (command.constraint.has_value()) AddConstraint(*command.constraint);
      return;
    case AlterAction::kValidateConstraint:
      return Validate(command);
    case AlterAction::kDropConstraint:
      return DropConstraint(command);
    default:
      return AlterConstraint(command);
  }
}

void AlterTableEffects::AddConstraint(const ConstraintDef& def) {
  switch (def.kind) {
    case ConstraintKind::kCheck:
      return AddCheck(def);
    case ConstraintKind::kNotNull:
      return AddNotNull(def);
    case ConstraintKind::kForeignKey:
      return AddForeignKey(def, !def.not_valid && !def.not_enforced);
    default:
      return AddKey(def);
  }
}

// PRIMARY KEY, UNIQUE and EXCLUDE.
void AlterTableEffects::AddKey(const ConstraintDef& def) {
  const bool primary = def.kind == ConstraintKind::kPrimaryKey;
  std::vector<std::string> columns = def.columns;
  if (!def.using_index.empty()) {
    const QualifiedName name{table_.name.schema, def.using_index};
    if (const Relation* index = catalog_.Find(name)) {
      for (const IndexElement& element : index->index->elements) columns.push_back(element.column);
      const bool renamed = !def.name.empty() && def.name != def.using_index;
      out_.Lock(*index, renamed ? LockMode::kShareUpdateExclusive : LockMode::kAccessShare);
    }
  }
  if (primary) {
    bool nullable = false;
    for (const std::string& column : columns) {
      if (AddedHere(column)) continue;
      const CatalogColumn* known = table_.FindColumn(column);
      if (known != nullptr && known->not_null && known->not_null_valid) continue;
      nullable = true;
      SetNotNullOn(column);
    }
    // ONLY a partitioned table: the partitions are asked whether they have the NOT NULL.
    const bool asked = table_.kind == RelationKind::kPartitionedTable && out_.release() < 18;
    if (nullable && (Recurses() || asked)) out_.LockDescendants(table_, kStrong);
  }
  if (!def.using_index.empty()) return;
  if (!Recurses()) {
    if (table_.kind == RelationKind::kTable)
      out_.BuildNewIndexes("the constraint's index is built");
    return;
  }
  if (table_.kind == RelationKind::kPartitionedTable) {
    const LockMode mode = out_.release() >= 18 ? kStrong : LockMode::kShare;
    out_.LockDescendants(table_, mode);
    // A deferrable key brings a trigger, which every partition gets.
    if (def.deferrable) out_.LockDescendants(table_, LockMode::kShareRowExclusive);
    LockMatchingIndexes(table_, LockMode::kShare, &out_);
  } else if (out_.release() >= 18 || primary) {
    // A primary key's NOT NULL inherits; since 18 the children are looked at for any key.
    out_.LockDescendants(table_, kStrong);
  }
  out_.BuildNewIndexes("the constraint's index is built");
}

void AlterTableEffects::AddCheck(const ConstraintDef& def) {
  const bool everywhere = Recurses() && !def.no_inherit;
  if (everywhere) {
    out_.LockDescendants(table_, kStrong);
  } else if (out_.release() >= 18 && def.no_inherit && Recurses()) {
    out_.LockDescendants(table_, kStrong);
  }
  if (def.not_valid || def.not_enforced) return;
  const std::vector<const Relation*> targets =
      everywhere ? Targets() : std::vector<const Relation*>{&table_};
  for (const Relation* target : targets) {
    // One of that name is there already: the two are one from now on.
    const CatalogConstraint* own = def.name.empty() ? nullptr : target->FindConstraint(def.name);
    const bool stays = std::none_of(
        alter_.subcommands.begin(), alter_.subcommands.end(), [&](const AlterSubcommand& other) {
          return other.action == AlterAction::kDropConstraint && other.name == def.name;
        });
    const bool same = own != nullptr && own->kind == ConstraintKind::kCheck && own->validated;
    if (same && stays) continue;
    Verify(*target, "the CHECK is verified in every row");
  }
}

// Source: ATExecAddConstraint and AddRelationNewConstraints in PostgreSQL 18.
void AlterTableEffects::AddNotNull(const ConstraintDef& def) {
  const bool everywhere = Recurses() && !def.no_inherit;
  if (everywhere) {
    out_.LockDescendants(table_, kStrong);
  } else if (Recurses()) {
    out_.LockDescendants(table_, kStrong);
  } else {
    out_.LockChildren(table_, kStrong);
  }
  if (def.not_valid) return;
  for (const std::string& name : def.columns) {
    const std::vector<const Relation*> targets =
        everywhere ? Targets() : std::vector<const Relation*>{&table_};
    for (const Relation* target : targets) {
      const CatalogColumn* column = target->FindColumn(name);
      if (column != nullptr && column->not_null && column->not_null_valid) continue;
      if (NotNullProof(*target, name) != nullptr) continue;
      Verify(*target, absl::StrFormat("`%s` is checked for nulls", name));
    }
  }
}

void AlterTableEffects::AddForeignKey(const ConstraintDef& def, bool validate) {
  const LockMode mode = LockMode::kShareRowExclusive;
  const bool children = table_.kind == RelationKind::kPartitionedTable ||
                        (out_.release() >= 18 && !table_.children.empty());
  if (children) out_.LockDescendants(table_, mode);
  const Relation* referenced = catalog_.Find(def.referenced.name);
  if (referenced != nullptr) {
    LockReferenced(*referenced, mode, &out_);
  } else {
    out_.Lock(def.referenced.name, mode);
  }
  if (!validate) return;
  // With PERIOD each row is looked up by itself.
  if (def.period && referenced != nullptr) out_.LockIndexes(*referenced, LockMode::kRowShare);
  // Columns that are all null have nothing to look up.
  const bool empty = std::any_of(def.columns.begin(), def.columns.end(),
                                 [&](const auto& name) { return AddedWithoutValue(name); });
  if (empty && referenced != nullptr) {
    LockForLookup(*referenced);
    ScanForForeignKey(table_, nullptr, &out_);
    return;
  }
  ScanForForeignKey(table_, referenced, &out_, def.period);
  if (referenced == nullptr) {
    out_.ScanName(def.referenced.name, "every row of the other table is looked up in it");
  }
}

void AlterTableEffects::LockForLookup(const Relation& referenced) {
  for (const Relation* leaf : Leaves(referenced, catalog_)) {
    out_.LockIndexes(*leaf, LockMode::kAccessShare);
  }
}

void AlterTableEffects::Validate(const AlterSubcommand& command) {
  const CatalogConstraint* constraint = table_.FindConstraint(command.name);
  const LockMode weak = LockMode::kShareUpdateExclusive;
  const CatalogColumn* not_null = nullptr;
  for (const CatalogColumn& column : table_.columns) {
    if (!column.not_null_valid &&
        table_.name.name + "_" + column.name + "_not_null" == command.name)
      not_null = &column;
  }
  if (constraint == nullptr && not_null == nullptr) {
    out_.Unknown(absl::StrFormat(
        "constraint `%s` is not known: the table is read unless it is valid already",
        command.name));
    Verify(table_, "the constraint is verified in every row");
    return;
  }
  if (constraint != nullptr && constraint->kind == ConstraintKind::kNotNull) {
    for (const std::string& name : constraint->columns) {
      const CatalogColumn* column = table_.FindColumn(name);
      if (column != nullptr && !column->not_null_valid) not_null = column;
    }
    if (not_null == nullptr) return;
  }
  if (constraint != nullptr && constraint->validated &&
      constraint->kind != ConstraintKind::kNotNull)
    return;
  if (constraint != nullptr && constraint->kind == ConstraintKind::kForeignKey) {
    const Relation* referenced = catalog_.Find(constraint->referenced);
    if (referenced != nullptr) {
      out_.Lock(*referenced, LockMode::kRowShare);
      if (referenced->kind == RelationKind::kPartitionedTable) {
        out_.LockDescendants(*referenced, LockMode::kAccessShare);
      }
    } else {
      out_.Lock(constraint->referenced_name, LockMode::kRowShare);
    }
    if (table_.kind == RelationKind::kPartitionedTable) out_.LockDescendants(table_, weak);
    ScanForForeignKey(table_, referenced, &out_);
    return;
  }
  const bool everywhere = Recurses() && (constraint == nullptr || !constraint->no_inherit);
  if (everywhere) out_.LockDescendants(table_, weak);
  for (const Relation* target : everywhere ? Targets() : std::vector<const Relation*>{&table_}) {
    const CatalogConstraint* own = target->FindConstraint(command.name);
    if (own != nullptr && own->kind == ConstraintKind::kCheck && own->validated) continue;
    Verify(*target, "the constraint is verified in every row");
  }
}

void AlterTableEffects::DropConstraint(const AlterSubcommand& command) {
  const CatalogConstraint* constraint = table_.FindConstraint(command.name);
  if (constraint == nullptr) {
    // PostgreSQL 18 names the constraints of NOT NULL.
    for (const CatalogColumn& column : table_.columns) {
      if (table_.name.name + "_" + column.name + "_not_null" == command.name) {
        out_.LockDescendants(table_, kStrong);
        return;
      }
    }
    if (!command.missing_ok) {
      out_.Unknown(
          absl::StrFormat("constraint `%s` is not known: a foreign key also locks the "
                          "other table, a key its index",
                          command.name));
    }
    return;
  }
  const bool inherits =
      constraint->kind == ConstraintKind::kCheck || constraint->kind == ConstraintKind::kNotNull;
  if (inherits && !constraint->no_inherit) {
    if (Recurses()) {
      out_.LockDescendants(table_, kStrong);
    } else {
      out_.LockChildren(table_, kStrong);
    }
    return;
  }
  AddDropOfConstraint(table_, *constraint, command.cascade, &out_);
}

void AlterTableEffects::AlterConstraint(const AlterSubcommand& command) {
  const CatalogConstraint* constraint = table_.FindConstraint(command.name);
  if (constraint == nullptr || !command.constraint.has_value()) return;
  if (table_.kind == RelationKind::kPartitionedTable) out_.LockDescendants(table_, kStrong);
  if (command.alters_inheritability) {
    const bool to_inherit = !command.constraint->no_inherit;
    if (!to_inherit) return out_.LockChildren(table_, kStrong);
    out_.LockDescendants(table_, kStrong);
    for (const std::string& column : constraint->columns) {
      for (const Relation* child : catalog_.DescendantsOf(table_)) {
        const CatalogColumn* own = child->FindColumn(column);
        if (own != nullptr && own->not_null && own->not_null_valid) continue;
        Verify(*child, "the constraint is verified in every row");
      }
    }
    return;
  }
  if (!command.alters_enforceability) return;
  const Relation* referenced = catalog_.Find(constraint->referenced);
  if (constraint->kind != ConstraintKind::kForeignKey || referenced == nullptr) return;
  const bool enforced = !command.constraint->not_enforced;
  if (enforced == constraint->enforced) return;
  LockReferenced(*referenced, enforced ? LockMode::kShareRowExclusive : kStrong, &out_);
  if (enforced) ScanForForeignKey(table_, referenced, &out_);
}

}  // namespace pgsift
