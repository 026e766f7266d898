#include "rules/effects/effect_builder.h"

#include <algorithm>

namespace pgsift {
namespace {

void AddWork(std::vector<WorkEffect>* list, RelationId id, const QualifiedName& name,
             std::string_view why) {
  for (const WorkEffect& there : *list) {
    if (there.name == name) return;
  }
  list->push_back({.id = id, .name = name, .why = std::string(why)});
}

bool HasStorage(const Relation& relation) {
  return relation.kind == RelationKind::kTable || relation.kind == RelationKind::kMaterializedView;
}

}  // namespace

void EffectBuilder::Add(LockEffect lock) {
  for (LockEffect& there : effects_.locks) {
    if (there.name != lock.name) continue;
    if (there.mode == lock.mode) {
      there.released = there.released && lock.released;
    } else if (there.mode < lock.mode) {
      there.mode = lock.mode;
      there.released = lock.released;
    }
    return;
  }
  effects_.locks.push_back(std::move(lock));
}

void EffectBuilder::Lock(const Relation& relation, LockMode mode, bool released) {
  if (relation.persistence == Persistence::kTemporary || mode == LockMode::kNone) return;
  Add({.id = relation.id,
       .name = relation.name,
       .kind = relation.kind,
       .mode = mode,
       .released = released});
}

void EffectBuilder::Lock(RelationId id, LockMode mode, bool released) {
  if (const Relation* relation = catalog_.Find(id)) Lock(*relation, mode, released);
}

const Relation* EffectBuilder::Lock(const QualifiedName& name, LockMode mode, RelationKind kind,
                                    bool released) {
  if (name.schema.empty() && ignored_.contains(name.name)) return nullptr;
  if (const Relation* relation = catalog_.Find(name)) {
    Lock(*relation, mode, released);
    return relation;
  }
  const QualifiedName full = catalog_.Resolve(name);
  const bool system = full.schema == "pg_catalog" || full.schema == "information_schema" ||
                      (name.schema.empty() && name.name.starts_with("pg_"));
  if (full.schema == "pg_temp" || system || mode == LockMode::kNone) return nullptr;
  Add({.name = full, .kind = kind, .mode = mode, .released = released});
  Unknown("`" + full.ToString() +
          "` is not in the schema that is known: its indexes, partitions, foreign keys and views "
          "are not known");
  return nullptr;
}

void EffectBuilder::LockDescendants(const Relation& relation, LockMode mode) {
  for (const Relation* child : catalog_.DescendantsOf(relation)) Lock(*child, mode);
}

void EffectBuilder::LockChildren(const Relation& relation, LockMode mode) {
  for (RelationId child : relation.children) Lock(child, mode);
}

void EffectBuilder::LockIndexes(const Relation& table, LockMode mode, bool released) {
  for (const Relation* index : catalog_.IndexesOf(table)) Lock(*index, mode, released);
}

void EffectBuilder::Rewrite(const Relation& table, std::string_view why) {
  if (table.persistence == Persistence::kTemporary) return;
  AddWork(&effects_.rewrites, table.id, table.name, why);
}

void EffectBuilder::Scan(const Relation& table, std::string_view why) {
  if (table.persistence == Persistence::kTemporary || !HasStorage(table)) return;
  AddWork(&effects_.scans, table.id, table.name, why);
}

void EffectBuilder::ScanName(const QualifiedName& name, std::string_view why) {
  if (const Relation* table = catalog_.Find(name)) return Scan(*table, why);
  AddWork(&effects_.scans, RelationId::kNone, catalog_.Resolve(name), why);
}

void EffectBuilder::Build(const Relation& index, std::string_view why) {
  if (index.persistence == Persistence::kTemporary || index.kind == RelationKind::kPartitionedIndex)
    return;
  // A part that is made anew with its parent gets a name that is made up.
  const bool part = !index.parents.empty() && statement_.As<AlterTable>() != nullptr;
  AddWork(&effects_.builds, index.id, part ? NameAfter(index) : index.name, why);
}

void EffectBuilder::BuildNew(const QualifiedName& name, std::string_view why) {
  AddWork(&effects_.builds, RelationId::kNone, name, why);
}

void EffectBuilder::RewriteWithIndexes(const Relation& table, std::string_view why,
                                       const std::set<RelationId>* without) {
  if (!HasStorage(table)) return;
  Rewrite(table, why);
  Scan(table, why);
  for (const Relation* index : catalog_.IndexesOf(table)) {
    Lock(*index, LockMode::kAccessExclusive);
    if (without != nullptr && without->contains(index->id)) continue;
    Build(*index, "its table is written anew");
  }
}

void EffectBuilder::Unknown(std::string what) {
  for (const std::string& there : effects_.unknown) {
    if (there == what) return;
  }
  effects_.unknown.push_back(std::move(what));
}

void EffectBuilder::Assume(std::string what) {
  for (const std::string& there : effects_.assumed) {
    if (there == what) return;
  }
  effects_.assumed.push_back(std::move(what));
}

void EffectBuilder::Merge(const Effects& other) {
  for (const LockEffect& lock : other.locks) Add(lock);
  for (const WorkEffect& work : other.rewrites) {
    AddWork(&effects_.rewrites, work.id, work.name, work.why);
  }
  for (const WorkEffect& work : other.scans) AddWork(&effects_.scans, work.id, work.name, work.why);
  for (const WorkEffect& work : other.builds) {
    AddWork(&effects_.builds, work.id, work.name, work.why);
  }
  effects_.waits_for_transactions |= other.waits_for_transactions;
  for (const std::string& what : other.unknown) Unknown(what);
  for (const std::string& what : other.assumed) Assume(what);
}

std::vector<const Relation*> EffectBuilder::NewIndexes() {
  if (!after_.has_value()) {
    after_ = catalog_;
    SqlFile file;
    after_->Apply(file, statement_);
  }
  std::vector<const Relation*> made;
  for (const Relation* relation : after_->Relations()) {
    if (relation->kind != RelationKind::kIndex || catalog_.Find(relation->id) != nullptr) continue;
    if (catalog_.Find(relation->table) != nullptr) made.push_back(relation);
  }
  return made;
}

QualifiedName EffectBuilder::NameAfter(const Relation& index) {
  NewIndexes();
  const Relation* after = after_->Find(index.id);
  return after == nullptr ? index.name : after->name;
}

bool EffectBuilder::GetsParent(RelationId index) {
  NewIndexes();
  const Relation* after = after_->Find(index);
  return after != nullptr && !after->parents.empty();
}

void EffectBuilder::BuildNewIndexes(std::string_view why) {
  for (const Relation* index : NewIndexes()) {
    const Relation* table = catalog_.Find(index->table);
    if (table == nullptr || table->persistence == Persistence::kTemporary) continue;
    BuildNew(index->name, why);
    Scan(*table, why);
  }
}

}  // namespace pgsift
