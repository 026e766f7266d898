#include "parser/catalog.h"

#include <algorithm>
#include <set>

namespace pgsift {

std::string_view RelationKindName(RelationKind kind) {
  switch (kind) {
    case RelationKind::kTable:
      return "table";
    case RelationKind::kPartitionedTable:
      return "partitioned table";
    case RelationKind::kForeignTable:
      return "foreign table";
    case RelationKind::kView:
      return "view";
    case RelationKind::kMaterializedView:
      return "materialized view";
    case RelationKind::kSequence:
      return "sequence";
    case RelationKind::kIndex:
      return "index";
    case RelationKind::kPartitionedIndex:
      return "partitioned index";
    case RelationKind::kCompositeType:
      return "composite type";
  }
  return "relation";
}

const CatalogColumn* Relation::FindColumn(std::string_view column) const {
  for (const CatalogColumn& candidate : columns) {
    if (candidate.name == column) return &candidate;
  }
  return nullptr;
}

const CatalogConstraint* Relation::FindConstraint(std::string_view constraint) const {
  for (const CatalogConstraint& candidate : constraints) {
    if (candidate.name == constraint) return &candidate;
  }
  return nullptr;
}

const CatalogConstraint* Relation::PrimaryKey() const {
  for (const CatalogConstraint& candidate : constraints) {
    if (candidate.kind == ConstraintKind::kPrimaryKey) return &candidate;
  }
  return nullptr;
}

Catalog::Catalog() = default;

const Relation* Catalog::Find(RelationId id) const {
  const auto found = relations_.find(id);
  return found == relations_.end() ? nullptr : found->second.get();
}

const Relation* Catalog::Find(const QualifiedName& name) const {
  if (!name.schema.empty()) {
    const auto found = names_.find(name);
    return found == names_.end() ? nullptr : Find(found->second);
  }
  if (const auto found = names_.find({"pg_temp", name.name}); found != names_.end()) {
    return Find(found->second);
  }
  for (const std::string& schema : settings_.search_path) {
    const auto found = names_.find({schema, name.name});
    if (found != names_.end()) return Find(found->second);
  }
  return nullptr;
}

QualifiedName Catalog::Resolve(const QualifiedName& name) const {
  if (!name.schema.empty()) return name;
  if (const Relation* relation = Find(name)) return relation->name;
  return {settings_.search_path.empty() ? "public" : settings_.search_path.front(), name.name};
}

const CatalogType* Catalog::FindType(const QualifiedName& name) const {
  if (!name.schema.empty()) {
    const auto found = types_.find(name);
    return found == types_.end() ? nullptr : &found->second;
  }
  for (const std::string& schema : settings_.search_path) {
    const auto found = types_.find({schema, name.name});
    if (found != types_.end()) return &found->second;
  }
  return nullptr;
}

std::vector<const CatalogFunction*> Catalog::FindFunctions(const QualifiedName& name) const {
  std::vector<const CatalogFunction*> found;
  const auto collect = [&](const QualifiedName& full) {
    const auto [first, last] = functions_.equal_range(full);
    for (auto it = first; it != last; ++it) found.push_back(&it->second);
  };
  if (!name.schema.empty()) {
    collect(name);
    return found;
  }
  for (const std::string& schema : settings_.search_path) collect({schema, name.name});
  return found;
}

std::vector<const Relation*> Catalog::Relations() const {
  std::vector<const Relation*> all;
  all.reserve(names_.size());
  for (const auto& [name, id] : names_) all.push_back(Find(id));
  return all;
}

std::vector<std::pair<const Relation*, const CatalogConstraint*>> Catalog::ReferencesTo(
    RelationId table) const {
  std::vector<std::pair<const Relation*, const CatalogConstraint*>> references;
  for (RelationId id : referencing_) {
    const Relation* relation = Find(id);
    if (relation == nullptr) continue;
    for (const CatalogConstraint& constraint : relation->constraints) {
      if (constraint.kind == ConstraintKind::kForeignKey && constraint.referenced == table) {
        references.emplace_back(relation, &constraint);
      }
    }
  }
  return references;
}

std::vector<const Relation*> Catalog::IndexesOf(const Relation& table) const {
  std::vector<const Relation*> indexes;
  for (RelationId id : table.indexes) {
    if (const Relation* index = Find(id)) indexes.push_back(index);
  }
  return indexes;
}

bool Catalog::CreatedTogether(const SqlFile& file, const Statement& statement,
                              const Relation& relation) const {
  if (relation.persistence == Persistence::kTemporary) return true;
  if (relation.origin.span.file != file.file) return false;
  // Outside a transaction the table is there for all as soon as its statement ends, but within one
  // file it is still empty: the file's own statements fill it.
  return relation.origin.transaction == statement.transaction ||
         relation.origin.transaction == kNoTransaction;
}

void Catalog::AddUnknownFrom(const Catalog& other) {
  // Ids of `other` are moved past ours, so that links between its relations stay right.
  const uint32_t shift = next_id_;
  const auto moved = [&](RelationId id) {
    return id == RelationId::kNone ? id
                                   : static_cast<RelationId>(static_cast<uint32_t>(id) + shift);
  };
  const auto move_all = [&](std::vector<RelationId>* ids) {
    for (RelationId& id : *ids) id = moved(id);
  };
  std::set<QualifiedName> ours;
  for (const auto& [name, id] : names_) ours.insert(name);
  for (const auto& [id, relation] : other.relations_) {
    if (names_.contains(relation->name)) continue;
    // What belongs to a table that is known here comes, or does not, with that table.
    const Relation* owner = other.Find(relation->table);
    if (owner != nullptr && ours.contains(owner->name)) continue;
    auto copy = std::make_shared<Relation>(*relation);
    copy->id = moved(id);
    copy->table = moved(relation->table);
    move_all(&copy->indexes);
    move_all(&copy->parents);
    move_all(&copy->children);
    move_all(&copy->depends_on);
    for (CatalogConstraint& constraint : copy->constraints) {
      if (constraint.kind == ConstraintKind::kForeignKey) referencing_.insert(copy->id);
      constraint.index = moved(constraint.index);
      constraint.referenced = moved(constraint.referenced);
      // The other table is known here under its name: point there.
      if (const auto known = names_.find(constraint.referenced_name); known != names_.end()) {
        constraint.referenced = known->second;
      }
    }
    names_[copy->name] = copy->id;
    relations_[copy->id] = copy;
  }
  next_id_ = shift + other.next_id_;
  for (const auto& [name, type] : other.types_) types_.emplace(name, type);
  for (const auto& [name, function] : other.functions_) {
    if (!functions_.contains(name)) functions_.emplace(name, function);
  }
  for (const std::string& extension : other.extensions_) {
    if (std::find(extensions_.begin(), extensions_.end(), extension) == extensions_.end()) {
      extensions_.push_back(extension);
    }
  }
}

std::string MakeObjectName(std::string_view name1, std::string_view name2, std::string_view label) {
  constexpr size_t kNameBytesMax = 63;
  const size_t overhead = (name2.empty() ? 0 : 1) + (label.empty() ? 0 : label.size() + 1);
  size_t bytes1 = name1.size();
  size_t bytes2 = name2.size();
  // The longer one gives way first.
  while (bytes1 + bytes2 > kNameBytesMax - overhead) {
    if (bytes1 > bytes2) {
      --bytes1;
    } else {
      --bytes2;
    }
  }
  std::string name(name1.substr(0, bytes1));
  if (!name2.empty()) name += "_" + std::string(name2.substr(0, bytes2));
  if (!label.empty()) name += "_" + std::string(label);
  return name;
}

}  // namespace pgsift
