#include <algorithm>

#include "rules/effects/alter_table_effects.h"
#include "rules/facts/storage_parameters.h"

namespace pgsift {

LockMode LockOfSubcommand(const AlterSubcommand& command, RelationKind kind) {
  switch (command.action) {
    case AlterAction::kSetStatistics:
    case AlterAction::kSetOptions:
    case AlterAction::kResetOptions:
    case AlterAction::kClusterOn:
    case AlterAction::kDropCluster:
    case AlterAction::kValidateConstraint:
    case AlterAction::kAttachPartition:
    case AlterAction::kDetachPartitionFinalize:
      return LockMode::kShareUpdateExclusive;
    case AlterAction::kDetachPartition:
      return command.concurrently ? LockMode::kShareUpdateExclusive : LockMode::kAccessExclusive;
    case AlterAction::kSetRelOptions:
    case AlterAction::kResetRelOptions: {
      if (kind == RelationKind::kView) return LockMode::kAccessExclusive;
      LockMode mode = LockMode::kShareUpdateExclusive;
      for (const Option& option : command.options) {
        mode = std::max(mode, LockOfStorageParameter(option.name));
      }
      return mode;
    }
    case AlterAction::kEnableTrig:
    case AlterAction::kEnableAlwaysTrig:
    case AlterAction::kEnableReplicaTrig:
    case AlterAction::kDisableTrig:
    case AlterAction::kEnableTrigAll:
    case AlterAction::kDisableTrigAll:
    case AlterAction::kEnableTrigUser:
    case AlterAction::kDisableTrigUser:
      return LockMode::kShareRowExclusive;
    case AlterAction::kAddConstraint:
      return command.constraint.has_value() &&
                     command.constraint->kind == ConstraintKind::kForeignKey
                 ? LockMode::kShareRowExclusive
                 : LockMode::kAccessExclusive;
    default:
      return LockMode::kAccessExclusive;
  }
}

std::vector<const Relation*> AlterTableEffects::Targets() const {
  std::vector<const Relation*> targets = {&table_};
  if (!Recurses()) return targets;
  for (const Relation* child : catalog_.DescendantsOf(table_)) targets.push_back(child);
  return targets;
}

bool AlterTableEffects::AddedHere(const std::string& column) const {
  return std::any_of(alter_.subcommands.begin(), alter_.subcommands.end(), [&](const auto& other) {
    return other.action == AlterAction::kAddColumn && other.name == column;
  });
}

bool AlterTableEffects::AddedWithoutValue(const std::string& column) const {
  return std::any_of(alter_.subcommands.begin(), alter_.subcommands.end(), [&](const auto& other) {
    return other.action == AlterAction::kAddColumn && other.name == column &&
           other.column.has_value() && other.column->Find(ConstraintKind::kDefault) == nullptr &&
           other.column->Find(ConstraintKind::kGenerated) == nullptr &&
           other.column->Find(ConstraintKind::kIdentity) == nullptr;
  });
}

void AlterTableEffects::Rewrite(const Relation& table, std::string_view why) {
  Work& work = work_[table.id];
  if (work.rewrite.empty()) work.rewrite = why;
}

void AlterTableEffects::Verify(const Relation& table, std::string_view why) {
  Work& work = work_[table.id];
  if (work.verify.empty()) work.verify = why;
}

void AlterTableEffects::Add() {
  LockMode level = LockMode::kNone;
  for (const AlterSubcommand& command : alter_.subcommands) {
    level = std::max(level, LockOfSubcommand(command, table_.kind));
  }
  out_.Lock(table_, level);
  for (const AlterSubcommand& command : alter_.subcommands) Subcommand(command);
  Finish();
}

void AlterTableEffects::Finish() {
  for (const auto& [id, work] : work_) {
    const Relation* table = catalog_.Find(id);
    if (table == nullptr) continue;
    if (!work.rewrite.empty()) {
      out_.RewriteWithIndexes(*table, work.rewrite, &gone_indexes_);
    } else {
      out_.Scan(*table, work.verify);
    }
  }
}

void AlterTableEffects::Subcommand(const AlterSubcommand& command) {
  const LockMode level = out_.effects().ModeOn(table_.id);
  switch (command.action) {
    case AlterAction::kAddColumn:
    case AlterAction::kDropColumn:
    case AlterAction::kColumnDefault:
    case AlterAction::kSetNotNull:
    case AlterAction::kDropNotNull:
    case AlterAction::kSetExpression:
    case AlterAction::kDropExpression:
    case AlterAction::kAlterColumnType:
    case AlterAction::kAddIdentity:
    case AlterAction::kSetIdentity:
    case AlterAction::kDropIdentity:
      return Column(command);
    case AlterAction::kAddConstraint:
    case AlterAction::kAlterConstraint:
    case AlterAction::kValidateConstraint:
    case AlterAction::kDropConstraint:
      return Constraint(command);
    case AlterAction::kAttachPartition:
    case AlterAction::kDetachPartition:
    case AlterAction::kDetachPartitionFinalize:
    case AlterAction::kAddInherit:
    case AlterAction::kDropInherit:
      return Partition(command);
    case AlterAction::kSetStatistics:
    case AlterAction::kSetStorage:
      if (Recurses() && table_.IsTable()) out_.LockDescendants(table_, level);
      return;
    case AlterAction::kEnableTrig:
    case AlterAction::kEnableAlwaysTrig:
    case AlterAction::kEnableReplicaTrig:
    case AlterAction::kDisableTrig:
    case AlterAction::kEnableTrigAll:
    case AlterAction::kDisableTrigAll:
    case AlterAction::kEnableTrigUser:
    case AlterAction::kDisableTrigUser:
      if (Recurses() && table_.kind == RelationKind::kPartitionedTable) {
        const bool one = command.action == AlterAction::kEnableTrig ||
                         command.action == AlterAction::kDisableTrig ||
                         command.action == AlterAction::kEnableAlwaysTrig ||
                         command.action == AlterAction::kEnableReplicaTrig;
        const bool all = command.action == AlterAction::kEnableTrigAll ||
                         command.action == AlterAction::kDisableTrigAll;
        // Foreign keys are kept by triggers too.
        const bool keys = std::any_of(table_.constraints.begin(), table_.constraints.end(),
                                      [](const CatalogConstraint& constraint) {
                                        return constraint.kind == ConstraintKind::kForeignKey;
                                      }) ||
                          !catalog_.ReferencesTo(table_.id).empty();
        const bool row = (all && keys && out_.release() >= 15) ||
                         std::any_of(table_.triggers.begin(), table_.triggers.end(),
                                     [&](const CatalogTrigger& trigger) {
                                       return trigger.row && (!one || trigger.name == command.name);
                                     });
        if (row) out_.LockDescendants(table_, level);
      }
      return;
    case AlterAction::kClusterOn:
      if (const Relation* index = catalog_.Find({table_.name.schema, command.name})) {
        out_.Lock(*index, level);
      }
      return;
    case AlterAction::kChangeOwner:
      return ChangeOwner(command);
    case AlterAction::kSetLogged:
    case AlterAction::kSetUnLogged:
      return SetLogged(command);
    case AlterAction::kAddOf:
      if (command.column.has_value()) {
        const Relation* type = catalog_.Find(command.column->type.name);
        if (type != nullptr) out_.Lock(*type, LockMode::kAccessShare);
      }
      return;
    case AlterAction::kReplicaIdentity:
      return ReplicaIdentity(command);
    case AlterAction::kSetAccessMethod:
      if (table_.kind != RelationKind::kPartitionedTable && !command.name.empty() &&
          command.name != (table_.access_method.empty() ? "heap" : table_.access_method)) {
        Rewrite(table_, "the table gets another access method");
      }
      return;
    default:
      return;
  }
}

void AlterTableEffects::ChangeOwner(const AlterSubcommand& command) {
  const bool current = command.name.empty();
  if (current ? table_.owner.empty() : command.name == table_.owner) return;
  if (table_.owner.empty() && !current && command.name == catalog_.session_user()) return;
  out_.LockIndexes(table_, LockMode::kAccessExclusive);
  for (const Relation* sequence : catalog_.SequencesOf(table_.id)) {
    out_.Lock(*sequence, LockMode::kAccessExclusive);
  }
}

void AlterTableEffects::SetLogged(const AlterSubcommand& command) {
  const Persistence wanted =
      command.action == AlterAction::kSetLogged ? Persistence::kPermanent : Persistence::kUnlogged;
  if (table_.persistence == wanted || table_.kind == RelationKind::kSequence) return;
  if (table_.kind == RelationKind::kPartitionedTable) return;
  Rewrite(table_, wanted == Persistence::kPermanent ? "the table is written to the WAL"
                                                    : "the table leaves the WAL");
  if (out_.release() < 15) return;
  for (const Relation* sequence : catalog_.SequencesOf(table_.id)) {
    out_.Lock(*sequence, LockMode::kAccessExclusive);
  }
}

void AlterTableEffects::ReplicaIdentity(const AlterSubcommand& command) {
  if (command.replica_identity != 'i') return;
  if (const Relation* index = catalog_.Find({table_.name.schema, command.name})) {
    out_.Lock(*index, LockMode::kShare);
  }
}

namespace {

// ALTER TYPE of a composite type: its own relation, and with CASCADE the tables made of it.
void AlterComposite(const AlterTable& alter, const Relation& type, EffectBuilder* out) {
  out->Lock(type, LockMode::kAccessExclusive);
  for (const Relation* table : out->catalog().Relations()) {
    if (table->of_type != type.name) continue;
    for (const AlterSubcommand& command : alter.subcommands) {
      const bool cascade = command.cascade || command.action == AlterAction::kAlterColumnType;
      if (!cascade) continue;
      out->Lock(*table, LockMode::kAccessExclusive);
      out->LockDescendants(*table, LockMode::kAccessExclusive);
      if (command.action != AlterAction::kAlterColumnType) continue;
      AlterTable inner = alter;
      inner.subcommands = {command};
      inner.relation = {.name = table->name};
      AlterTableEffects(inner, *table, out).Add();
    }
  }
}

// An index, sequence or view: no rows, no children.
void AlterOther(const AlterTable& alter, const Relation& relation, EffectBuilder* out) {
  for (const AlterSubcommand& command : alter.subcommands) {
    out->Lock(relation, LockOfSubcommand(command, relation.kind));
  }
}

// A table that the catalog does not have.
void AlterUnknown(const AlterTable& alter, EffectBuilder* out) {
  LockMode level = LockMode::kNone;
  for (const AlterSubcommand& command : alter.subcommands) {
    level = std::max(level, LockOfSubcommand(command, RelationKind::kTable));
  }
  const RelationKind kind = alter.object == ObjectKind::kIndex      ? RelationKind::kIndex
                            : alter.object == ObjectKind::kView     ? RelationKind::kView
                            : alter.object == ObjectKind::kSequence ? RelationKind::kSequence
                                                                    : RelationKind::kTable;
  out->Lock(alter.relation.name, level, kind);
  // What the statement alone shows.
  Catalog scratch = out->catalog();
  SqlFile file;
  Statement create;
  create.node = CreateTable{.relation = alter.relation};
  scratch.Apply(file, create);
  const Relation* table = scratch.Find(alter.relation.name);
  if (table == nullptr || kind != RelationKind::kTable) return;
  EffectBuilder inner(out->statement(), scratch, out->pg());
  AlterTableEffects(alter, *table, &inner).Add();
  Effects effects = inner.Take();
  for (LockEffect& lock : effects.locks) {
    if (lock.id == table->id) lock.id = RelationId::kNone;
  }
  out->Merge(effects);
}

}  // namespace

void AddEffects(const AlterTable& alter, EffectBuilder* out) {
  for (const AlterSubcommand& command : alter.subcommands) {
    if (command.action == AlterAction::kDetachPartition && command.concurrently) {
      out->RefuseInBlock();
      out->WaitForTransactions();
    }
  }
  const Relation* relation = out->catalog().Find(alter.relation.name);
  if (relation == nullptr) {
    if (alter.if_exists && !out->catalog().empty()) return;
    return AlterUnknown(alter, out);
  }
  switch (relation->kind) {
    case RelationKind::kCompositeType:
      return AlterComposite(alter, *relation, out);
    case RelationKind::kView:
      return AlterOther(alter, *relation, out);
    case RelationKind::kSequence:
      return AlterOther(alter, *relation, out);
    default:
      AlterTableEffects(alter, *relation, out).Add();
  }
}

}  // namespace pgsift
