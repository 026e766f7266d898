// CREATE TABLE, CREATE TABLE AS and CREATE MATERIALIZED VIEW: what they touch that was there.

#include "rules/effects/alter_table_effects.h"
#include "rules/facts/partition_proof.h"

namespace pgsift {
namespace {

void AddForeignKeyOf(const CreateTable& create, const ConstraintDef& def, EffectBuilder* out) {
  if (def.kind != ConstraintKind::kForeignKey) return;
  const Catalog& catalog = out->catalog();
  // A table that refers to itself.
  const bool self = def.referenced.name.name == create.relation.name.name &&
                    (def.referenced.name.schema.empty() ||
                     def.referenced.name.schema == create.relation.name.schema) &&
                    catalog.Find(def.referenced.name) == nullptr;
  if (self) return;
  const Relation* referenced = catalog.Find(def.referenced.name);
  if (referenced != nullptr) {
    LockReferenced(*referenced, LockMode::kShareRowExclusive, out);
  } else {
    out->Lock(def.referenced.name, LockMode::kShareRowExclusive);
  }
}

}  // namespace

void AddEffects(const CreateTable& create, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  if (create.if_not_exists && catalog.Find(create.relation.name) != nullptr) return;
  for (const LikeClause& like : create.likes) {
    out->Lock(like.relation.name, LockMode::kAccessShare);
  }
  if (create.of_type.has_value()) {
    if (const Relation* type = catalog.Find(create.of_type->name)) {
      out->Lock(*type, LockMode::kAccessShare);
    }
  }
  for (const RelationRef& parent : create.inherits) {
    const Relation* known =
        out->Lock(parent.name, create.bound.has_value() ? LockMode::kAccessExclusive
                                                        : LockMode::kShareUpdateExclusive);
    if (create.bound.has_value() && known != nullptr) {
      AddNewPartition(*known, nullptr, &*create.bound, out);
    }
  }
  for (const ColumnDef& column : create.columns) {
    for (const ConstraintDef& def : column.constraints) {
      AddForeignKeyOf(create, def, out);
    }
  }
  for (const ConstraintDef& def : create.constraints) AddForeignKeyOf(create, def, out);
}

void AddEffects(const CreateTableAs& create, EffectBuilder* out) {
  const Query* query = create.query.get();
  if (query == nullptr) query = out->catalog().FindPrepared(create.prepared);
  if (query == nullptr) {
    out->Unknown("the query of a prepared statement is not known");
    return;
  }
  const bool there = create.if_not_exists && out->catalog().Find(create.relation.name) != nullptr;
  if (there || create.with_no_data) return AddAnalyzedQuery(*query, out);
  AddQuery(*query, true, out);
}

}  // namespace pgsift
