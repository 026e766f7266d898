// ATTACH and DETACH PARTITION, INHERIT and NO INHERIT.

#include <algorithm>
#include <utility>
#include <vector>

#include "rules/effects/alter_table_effects.h"
#include "rules/facts/partition_proof.h"

namespace pgsift {
namespace {

constexpr LockMode kStrong = LockMode::kAccessExclusive;
constexpr LockMode kWeak = LockMode::kShareUpdateExclusive;
constexpr LockMode kWriters = LockMode::kShareRowExclusive;

// The foreign key of `table` that says the same as one of its parent.
bool HasSameForeignKey(const Relation& table, const CatalogConstraint& wanted) {
  return std::any_of(
      table.constraints.begin(), table.constraints.end(), [&](const CatalogConstraint& own) {
        return own.kind == ConstraintKind::kForeignKey && own.referenced == wanted.referenced &&
               own.columns == wanted.columns &&
               own.referenced_columns == wanted.referenced_columns &&
               own.on_delete == wanted.on_delete && own.on_update == wanted.on_update;
      });
}

// A foreign key of the parent is copied to the new partition, or taken over from it.
void AddParentForeignKey(const Relation& parent, const Relation* attached,
                         const CatalogConstraint& key, EffectBuilder* out) {
  const bool same = attached != nullptr && HasSameForeignKey(*attached, key);
  if (key.referenced == parent.id) {
    const bool strong = same && out->release() >= 14;
    for (const Relation* part : out->catalog().DescendantsOf(parent)) {
      out->Lock(*part, strong ? kStrong : kWriters);
    }
    out->Lock(parent, same && out->release() >= 15 ? kStrong : kWriters);
    if (attached == nullptr || same) return;
    ScanForForeignKey(*attached, &parent, out);
    return;
  }
  const Relation* referenced = out->catalog().Find(key.referenced);
  if (referenced == nullptr) {
    out->Lock(key.referenced_name, same ? kStrong : kWriters);
    return;
  }
  LockReferenced(*referenced, same ? kStrong : kWriters, out);
  if (attached != nullptr && !same && key.validated) {
    ScanForForeignKey(*attached, referenced, out);
  }
}

// Foreign keys of other tables that the partitions of `parent` are referred to by: to itself, or to
// what it is a partition of.
std::vector<std::pair<const Relation*, const CatalogConstraint*>> KeysToTree(
    const Relation& parent, const Catalog& catalog) {
  std::vector<std::pair<const Relation*, const CatalogConstraint*>> keys;
  for (const Relation* up = &parent; up != nullptr;
       up = up->parents.empty() ? nullptr : catalog.Find(up->parents.front())) {
    for (const auto& key : catalog.ReferencesTo(up->id)) keys.push_back(key);
  }
  return keys;
}

}  // namespace

void AddNewPartition(const Relation& parent, const Relation* attached, const PartitionBound* bound,
                     EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  // Each of the parent's indexes gets a part.
  const bool foreign = attached != nullptr && attached->kind == RelationKind::kForeignTable;
  const auto* create = out->statement().As<CreateTable>();
  // A foreign table has none.
  if (!foreign && (create == nullptr || !create->foreign)) {
    for (const Relation* index : catalog.IndexesOf(parent)) out->Lock(*index, kWeak);
  }
  const Relation* fallback = catalog.DefaultPartition(parent);
  if (fallback != nullptr && bound != nullptr && !bound->is_default) {
    out->Lock(*fallback, kStrong);
    out->LockDescendants(*fallback, kStrong);
    for (const Relation* leaf : Leaves(*fallback, catalog)) {
      const bool excluded = parent.partition_key.has_value() &&
                            (ExcludesBound(*leaf, *parent.partition_key, *bound) ||
                             ExcludesBound(*fallback, *parent.partition_key, *bound));
      if (!excluded) out->Scan(*leaf, "no row of the default partition may be the new one's");
    }
  }
  for (const CatalogConstraint& constraint : parent.constraints) {
    if (constraint.kind == ConstraintKind::kForeignKey) {
      AddParentForeignKey(parent, attached, constraint, out);
    }
  }
  for (const auto& [referencing, constraint] : KeysToTree(parent, catalog)) {
    if (referencing->id == parent.id || constraint->inherited) continue;
    out->Lock(*referencing, out->release() >= 15 ? kWriters : LockMode::kAccessShare);
  }
}

void AlterTableEffects::Partition(const AlterSubcommand& command) {
  switch (command.action) {
    case AlterAction::kAttachPartition:
      return table_.index.has_value() ? AttachIndex(command) : Attach(command);
    case AlterAction::kAddInherit: {
      const Relation* parent = out_.Lock(command.relation.name, kWeak);
      (void)parent;
      out_.LockDescendants(table_, LockMode::kAccessShare);
      return;
    }
    case AlterAction::kDropInherit:
      out_.Lock(command.relation.name, LockMode::kAccessShare);
      return;
    default:
      return Detach(command);
  }
}

void AlterTableEffects::AttachIndex(const AlterSubcommand& command) {
  out_.Lock(table_.table, LockMode::kAccessShare);
  const Relation* part = out_.Lock(command.relation.name, kStrong, RelationKind::kIndex);
  if (part != nullptr) out_.Lock(part->table, LockMode::kAccessShare);
}

void AlterTableEffects::Attach(const AlterSubcommand& command) {
  const Relation* attached = out_.Lock(command.relation.name, kStrong);
  // The bounds of a partition below others are those of all above it.
  for (const Relation* up = &table_; !up->parents.empty();) {
    up = catalog_.Find(up->parents.front());
    if (up == nullptr) break;
    out_.Lock(*up, LockMode::kAccessShare);
  }
  const PartitionBound* bound = command.bound.has_value() ? &*command.bound : nullptr;
  AddNewPartition(table_, attached, bound, &out_);
  if (attached == nullptr) {
    out_.ScanName(command.relation.name, "every row has to be within the bounds");
    return;
  }
  out_.LockDescendants(*attached, kStrong);
  // The constraint of a default partition is empty while it is the only one.
  const bool alone = bound != nullptr && bound->is_default && table_.children.empty();
  // That of a default partition is that no other partition's holds.
  const auto none_of_others = [&](const Relation& part) {
    return std::all_of(table_.children.begin(), table_.children.end(), [&](RelationId id) {
      const Relation* other = catalog_.Find(id);
      return other != nullptr && other->bound.has_value() &&
             ExcludesBound(part, *table_.partition_key, *other->bound);
    });
  };
  const auto is_implied = [&](const Relation& part) {
    if (bound == nullptr || !table_.partition_key.has_value()) return false;
    return bound->is_default ? none_of_others(part)
                             : ImpliesBound(part, *table_.partition_key, *bound);
  };
  const bool implied = is_implied(*attached);
  if (!alone && !implied) {
    for (const Relation* leaf : Leaves(*attached, catalog_)) {
      if (!is_implied(*leaf)) out_.Scan(*leaf, "every row has to be within the bounds");
    }
  }
  // Parts of the parent's indexes that the table does not have yet.
  out_.BuildNewIndexes("the parent has such an index");
}

void AlterTableEffects::Detach(const AlterSubcommand& command) {
  const bool finalize = command.action == AlterAction::kDetachPartitionFinalize;
  const Relation* part = catalog_.Find(command.relation.name);
  if (part == nullptr) {
    out_.Lock(command.relation.name, kStrong);
    return;
  }
  const bool row_trigger = std::any_of(table_.triggers.begin(), table_.triggers.end(),
                                       [](const CatalogTrigger& trigger) { return trigger.row; });
  for (const Relation* index : catalog_.IndexesOf(*part)) {
    if (!index->parents.empty()) out_.Lock(*index, kStrong);
  }
  const bool key_lost = std::any_of(
      part->constraints.begin(), part->constraints.end(), [&](const CatalogConstraint& constraint) {
        if (constraint.kind != ConstraintKind::kForeignKey || !constraint.inherited) return false;
        const Relation* referenced = catalog_.Find(constraint.referenced);
        return referenced != nullptr && referenced->kind == RelationKind::kPartitionedTable;
      });
  const bool strong = out_.release() >= 14 || row_trigger || key_lost ||
                      catalog_.DefaultPartition(table_) == part ||
                      !KeysToTree(table_, catalog_).empty();
  out_.Lock(*part, strong ? kStrong : kWeak);
  out_.LockDescendants(*part, kStrong);
  if (const Relation* fallback = catalog_.DefaultPartition(table_);
      fallback != nullptr && !command.concurrently && !finalize && fallback != part) {
    out_.Lock(*fallback, kStrong);
  }
  for (const CatalogConstraint& constraint : table_.constraints) {
    if (constraint.kind != ConstraintKind::kForeignKey) continue;
    if (constraint.referenced != table_.id) {
      const Relation* referenced = catalog_.Find(constraint.referenced);
      if (referenced == nullptr) continue;
      const bool partitioned = referenced->kind == RelationKind::kPartitionedTable;
      if (!partitioned || out_.release() >= 15) LockReferenced(*referenced, kWriters, &out_);
      continue;
    }
    if (out_.release() < 14) continue;
    // A query joins what stays with what leaves.
    if (out_.release() >= 16) out_.LockIndexes(table_, LockMode::kAccessShare);
    out_.LockIndexes(*part, LockMode::kAccessShare);
    out_.Scan(*part, "no row that stays may refer to it");
    for (const Relation* sibling : catalog_.DescendantsOf(table_)) {
      if (sibling == part) continue;
      out_.Lock(*sibling, out_.release() >= 15 ? kWriters : LockMode::kAccessShare);
      out_.LockIndexes(*sibling, LockMode::kAccessShare);
      out_.Scan(*sibling, "no row may refer to the partition that leaves");
    }
  }
  for (const auto& [referencing, constraint] : KeysToTree(table_, catalog_)) {
    if (referencing->id == table_.id || constraint->inherited) continue;
    out_.Lock(*referencing, kStrong);
    // A query joins both; how is the planner's choice.
    for (const Relation* leaf : Leaves(*part, catalog_)) {
      out_.LockIndexes(*leaf, LockMode::kAccessShare);
      out_.Scan(*leaf, "no row may refer to it");
    }
    for (const Relation* leaf : Leaves(*referencing, catalog_)) {
      out_.LockIndexes(*leaf, LockMode::kAccessShare);
      out_.Scan(*leaf, "no row may refer to the partition that leaves");
    }
  }
}

}  // namespace pgsift
