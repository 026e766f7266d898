// CREATE INDEX and REINDEX.

#include "rules/effects/alter_table_effects.h"

namespace pgsift {
namespace {

constexpr LockMode kStrong = LockMode::kAccessExclusive;

void RebuildIndex(const Relation& index, bool concurrently, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  const Relation* table = catalog.Find(index.table);
  if (table == nullptr) return;
  const LockMode on_table = concurrently ? LockMode::kShareUpdateExclusive : LockMode::kShare;
  out->Lock(*table, on_table, concurrently);
  if (index.kind != RelationKind::kPartitionedIndex) {
    out->Lock(index, kStrong, concurrently);
    out->Build(index, "the index is built anew");
    out->Scan(*table, "an index is built anew");
    return;
  }
  // One transaction for each leaf; what lies between is locked while the leaves are collected.
  for (const Relation* part : catalog.DescendantsOf(index)) {
    const Relation* owner = catalog.Find(part->table);
    if (part->kind == RelationKind::kPartitionedIndex) {
      out->Lock(*part, LockMode::kShare, true);
      continue;
    }
    if (owner != nullptr) RebuildIndex(*part, concurrently, out);
  }
  out->Lock(index, concurrently ? LockMode::kShareUpdateExclusive : kStrong, true);
}

void RebuildIndexesOf(const Relation& table, bool concurrently, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  const LockMode on_table = concurrently ? LockMode::kShareUpdateExclusive : LockMode::kShare;
  out->Lock(table, on_table, concurrently);
  for (const Relation* index : catalog.IndexesOf(table)) {
    if (index->kind != RelationKind::kPartitionedIndex) RebuildIndex(*index, concurrently, out);
  }
  if (table.kind != RelationKind::kPartitionedTable || out->release() < 14) return;
  for (const Relation* child : catalog.DescendantsOf(table)) {
    out->Lock(*child, LockMode::kShare, true);
    if (child->kind == RelationKind::kTable) RebuildIndexesOf(*child, concurrently, out);
  }
}

}  // namespace

void LockMatchingIndexes(const Relation& parent, LockMode mode, EffectBuilder* out) {
  for (const Relation* child : out->catalog().DescendantsOf(parent)) {
    for (const Relation* index : out->catalog().IndexesOf(*child)) {
      if (index->parents.empty() && out->GetsParent(index->id)) out->Lock(*index, mode);
    }
  }
}

void AddEffects(const CreateIndex& create, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  const LockMode mode = create.concurrently ? LockMode::kShareUpdateExclusive : LockMode::kShare;
  if (create.concurrently) {
    out->RefuseInBlock();
  }
  const Relation* table =
      out->Lock(create.relation.name, mode, RelationKind::kTable, create.concurrently);
  if (table == nullptr) {
    const QualifiedName name = catalog.Resolve(create.relation.name);
    out->ScanName(name, "the index is built from every row");
    out->BuildNew({name.schema, create.name.empty() ? name.name + "_idx" : create.name},
                  "the index is new");
    if (create.concurrently) out->WaitForTransactions();
    return;
  }
  const bool partitioned = table->kind == RelationKind::kPartitionedTable;
  if (partitioned && !create.concurrently && !create.relation.only) {
    out->LockDescendants(*table, mode);
  }
  const bool there = create.if_not_exists && !create.name.empty() &&
                     catalog.Find({table->name.schema, create.name}) != nullptr;
  if (there) return;
  if (create.concurrently) out->WaitForTransactions();
  if (partitioned) {
    if (create.concurrently || create.relation.only) return;
    LockMatchingIndexes(*table, mode, out);
  }
  const std::string_view why = "the index is built from every row";
  if (partitioned) return out->BuildNewIndexes(why);
  if (table->persistence == Persistence::kTemporary) return;
  std::string name = create.name;
  if (name.empty()) {
    CatalogIndex index;
    index.elements = create.elements;
    for (const IndexElement& element : create.include) index.include.push_back(element.column);
    name = catalog.MadeUpIndexName(*table, index);
  }
  out->BuildNew({table->name.schema, name}, why);
  out->Scan(*table, why);
}

void AddEffects(const Reindex& reindex, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  if (reindex.concurrently) {
    out->RefuseInBlock();
    const Relation* target = catalog.Find(reindex.relation.name);
    // Before 14 a partitioned table is skipped, with a warning.
    const bool skipped =
        out->release() < 14 && target != nullptr && target->kind == RelationKind::kPartitionedTable;
    if (!skipped) out->WaitForTransactions();
  }
  if (reindex.kind == "INDEX" || reindex.kind == "TABLE") {
    const bool of_index = reindex.kind == "INDEX";
    const Relation* relation = catalog.Find(reindex.relation.name);
    if (relation == nullptr) {
      out->Lock(reindex.relation.name,
                of_index               ? kStrong
                : reindex.concurrently ? LockMode::kShareUpdateExclusive
                                       : LockMode::kShare,
                of_index ? RelationKind::kIndex : RelationKind::kTable, reindex.concurrently);
      return;
    }
    const bool partitioned = relation->kind == RelationKind::kPartitionedTable ||
                             relation->kind == RelationKind::kPartitionedIndex;
    if (partitioned && out->release() >= 14) out->RefuseInBlock();
    return of_index ? RebuildIndex(*relation, reindex.concurrently, out)
                    : RebuildIndexesOf(*relation, reindex.concurrently, out);
  }
  out->RefuseInBlock();
  if (reindex.kind == "SYSTEM") return;
  for (const Relation* relation : catalog.Relations()) {
    const bool inside = reindex.kind != "SCHEMA" || relation->name.schema == reindex.name;
    const bool rows =
        relation->kind == RelationKind::kTable || relation->kind == RelationKind::kMaterializedView;
    if (!inside || !rows) continue;
    const LockMode mode = reindex.concurrently ? LockMode::kShareUpdateExclusive : LockMode::kShare;
    out->Lock(*relation, mode, true);
    for (const Relation* index : catalog.IndexesOf(*relation)) {
      out->Lock(*index, kStrong, true);
      out->Build(*index, "the index is built anew");
      out->Scan(*relation, "an index is built anew");
    }
  }
}

}  // namespace pgsift
