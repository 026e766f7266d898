// TRUNCATE, LOCK TABLE, VACUUM, ANALYZE, CLUSTER and REFRESH MATERIALIZED VIEW.

#include <algorithm>
#include <set>

#include "base/text.h"
#include "parser/query_walk.h"
#include "rules/effects/alter_table_effects.h"

namespace pgsift {
namespace {

constexpr LockMode kStrong = LockMode::kAccessExclusive;
constexpr LockMode kWeak = LockMode::kShareUpdateExclusive;

void TruncateOne(const Relation& table, bool only, const Truncate& truncate,
                 std::set<RelationId>* done, EffectBuilder* out) {
  if (!done->insert(table.id).second) return;
  const Catalog& catalog = out->catalog();
  out->Lock(table, kStrong);
  if (table.kind != RelationKind::kPartitionedTable) out->LockIndexes(table, kStrong);
  for (const CatalogTrigger& trigger : table.triggers) {
    if (trigger.on_truncate && trigger.enabled) AddTrigger(table, trigger, "TRUNCATE", out);
  }
  if (table.bound.has_value() && out->release() < 14) {
    for (RelationId parent : table.parents) out->Lock(parent, LockMode::kAccessShare);
  }
  if (truncate.restart_identity) {
    for (const Relation* sequence : catalog.SequencesOf(table.id)) out->Lock(*sequence, kStrong);
  }
  if (!only) {
    for (const Relation* child : catalog.DescendantsOf(table)) {
      TruncateOne(*child, true, truncate, done, out);
    }
  }
  if (!truncate.cascade) return;
  // What refers to a table refers to its partitions.
  for (const Relation* up = &table; up != nullptr;
       up = up->bound.has_value() && !up->parents.empty() ? catalog.Find(up->parents.front())
                                                          : nullptr) {
    for (const auto& [referencing, constraint] : catalog.ReferencesTo(up->id)) {
      TruncateOne(*referencing, false, truncate, done, out);
    }
  }
}

// LOCK TABLE on a view locks the tables that it reads, at any depth.
void LockOne(const Relation& relation, LockMode mode, bool only, std::set<RelationId>* done,
             EffectBuilder* out) {
  if (!done->insert(relation.id).second) return;
  out->Lock(relation, mode);
  if (!only) out->LockDescendants(relation, mode);
  if (relation.kind != RelationKind::kView || relation.query == nullptr) return;
  VisitRelations(*relation.query, [&](const RelationRef& ref, RelationUse, const Expr*) {
    const Relation* base = out->catalog().FindIn(relation, ref.name);
    if (base != nullptr && base->kind != RelationKind::kMaterializedView) {
      LockOne(*base, mode, ref.only, done, out);
    }
  });
}

void AnalyzeOne(const Relation& table, bool only, bool released, EffectBuilder* out) {
  out->Lock(table, kWeak, released);
  if (table.kind != RelationKind::kPartitionedTable) {
    out->LockIndexes(table, LockMode::kAccessShare, released);
  }
  const bool partitioned = table.kind == RelationKind::kPartitionedTable;
  const bool analyzed = out->release() >= 18 ? !only : partitioned;
  const LockMode mode = analyzed ? kWeak : LockMode::kAccessShare;
  for (const Relation* child : out->catalog().DescendantsOf(table)) {
    out->Lock(*child, mode, released);
    if (mode == kWeak && child->kind != RelationKind::kPartitionedTable) {
      out->LockIndexes(*child, LockMode::kAccessShare, released);
    }
  }
}

bool OptionIs(const std::vector<Option>& options, std::string_view name, bool missing) {
  for (const Option& option : options) {
    if (EqualsIgnoringCase(option.name, name)) {
      return !(EqualsIgnoringCase(option.value, "false") ||
               EqualsIgnoringCase(option.value, "off") || option.value == "0");
    }
  }
  return missing;
}

void VacuumOne(const Relation& table, const Vacuum& vacuum, bool only, EffectBuilder* out) {
  std::vector<const Relation*> tables = {&table};
  const bool descend =
      !only && (table.kind == RelationKind::kPartitionedTable || out->release() >= 18);
  if (descend) {
    for (const Relation* child : out->catalog().DescendantsOf(table)) tables.push_back(child);
  }
  for (const Relation* each : tables) {
    if (each->kind == RelationKind::kForeignTable) continue;
    // A partitioned table holds no rows, but it is locked as those below it are.
    if (vacuum.full && each->kind == RelationKind::kPartitionedTable) {
      out->Lock(*each, kStrong, true);
      continue;
    }
    // PROCESS_MAIN false leaves the table, and its indexes, alone.
    if (!OptionIs(vacuum.options, "process_main", true)) {
      out->Lock(*each, vacuum.full ? kStrong : kWeak, true);
      continue;
    }
    if (vacuum.full) {
      out->Lock(*each, kStrong, true);
      out->RewriteWithIndexes(*each, "VACUUM FULL writes the table anew");
      out->LockIndexes(*each, kStrong, true);
      continue;
    }
    out->Lock(*each, kWeak, true);
    if (each->kind == RelationKind::kPartitionedTable) continue;
    out->LockIndexes(*each, LockMode::kRowExclusive, true);
  }
}

bool CanVacuum(const Relation& relation) {
  return relation.kind == RelationKind::kTable || relation.kind == RelationKind::kMaterializedView;
}

void ClusterOne(const Relation& table, const Relation& index, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  if (table.kind == RelationKind::kPartitionedTable) {
    out->RefuseInBlock();
    out->Lock(table, kStrong, true);
    out->Lock(index, LockMode::kAccessShare, true);
    for (const Relation* part : catalog.DescendantsOf(index)) {
      const Relation* child = catalog.Find(part->table);
      if (child == nullptr || child->kind != RelationKind::kTable) continue;
      out->Lock(*child, kStrong, true);
      out->RewriteWithIndexes(*child, "CLUSTER writes the table anew in the order of an index");
    }
    return;
  }
  out->Lock(table, kStrong);
  out->RewriteWithIndexes(table, "CLUSTER writes the table anew in the order of an index");
}

}  // namespace

void AddEffects(const Truncate& truncate, EffectBuilder* out) {
  std::set<RelationId> done;
  for (const RelationRef& ref : truncate.relations) {
    const Relation* table = out->Lock(ref.name, kStrong);
    if (table != nullptr) TruncateOne(*table, ref.only, truncate, &done, out);
  }
}

void AddEffects(const LockTable& lock, EffectBuilder* out) {
  const LockMode mode = static_cast<LockMode>(std::clamp(lock.mode, 1, 8));
  std::set<RelationId> done;
  for (const RelationRef& ref : lock.relations) {
    const Relation* relation = out->Lock(ref.name, mode);
    if (relation != nullptr) LockOne(*relation, mode, ref.only, &done, out);
  }
}

void AddEffects(const Vacuum& vacuum, EffectBuilder* out) {
  if (vacuum.is_vacuum) out->RefuseInBlock();
  const bool in_block = out->statement().transaction != kNoTransaction;
  const auto one = [&](const Relation& table, bool only) {
    if (vacuum.is_vacuum) VacuumOne(table, vacuum, only, out);
    if (vacuum.analyze) AnalyzeOne(table, only, vacuum.is_vacuum || !in_block, out);
  };
  for (const RelationRef& ref : vacuum.relations) {
    const Relation* table = out->catalog().Find(ref.name);
    if (table != nullptr) {
      one(*table, ref.only);
    } else {
      out->Lock(ref.name, vacuum.full ? kStrong : kWeak, RelationKind::kTable,
                vacuum.is_vacuum || !in_block);
    }
  }
  if (!vacuum.relations.empty()) return;
  for (const Relation* relation : out->catalog().Relations()) {
    if (CanVacuum(*relation) || relation->kind == RelationKind::kPartitionedTable) {
      one(*relation, true);
    }
  }
}

void AddEffects(const Cluster& cluster, EffectBuilder* out) {
  const Catalog& catalog = out->catalog();
  if (cluster.relation.name.empty()) {
    out->RefuseInBlock();
    for (const Relation* index : catalog.Relations()) {
      const Relation* table = catalog.Find(index->table);
      if (!index->index.has_value() || !index->index->clustered || table == nullptr) continue;
      ClusterOne(*table, *index, out);
    }
    return;
  }
  const Relation* table = out->Lock(cluster.relation.name, kStrong);
  if (table == nullptr) return;
  for (const Relation* index : catalog.IndexesOf(*table)) {
    const bool wanted =
        cluster.index.empty() ? index->index->clustered : index->name.name == cluster.index;
    if (wanted) return ClusterOne(*table, *index, out);
  }
  out->RewriteWithIndexes(*table, "CLUSTER writes the table anew in the order of an index");
}

void AddEffects(const RefreshMaterializedView& refresh, EffectBuilder* out) {
  const LockMode mode = refresh.concurrently ? LockMode::kExclusive : kStrong;
  const Relation* view = out->Lock(refresh.relation.name, mode, RelationKind::kMaterializedView);
  if (view == nullptr) return;
  if (view->query != nullptr && !refresh.with_no_data) AddQuery(*view->query, true, out);
  if (refresh.concurrently) {
    out->LockIndexes(*view, LockMode::kRowExclusive);
    out->Scan(*view, "the new rows are compared with it");
    return;
  }
  out->Rewrite(*view, "its query fills a new file");
  out->LockIndexes(*view, kStrong);
  if (refresh.with_no_data) return;
  out->Scan(*view, "its query fills a new file");
  for (const Relation* index : out->catalog().IndexesOf(*view)) {
    out->Build(*index, "its view is filled anew");
  }
}

}  // namespace pgsift
