// Indexes, and what partitions get from their partitioned table: as they change the catalog.

#include <algorithm>
#include <set>

#include "parser/catalog_editor.h"

namespace pgsift {
namespace {

bool SameText(const std::shared_ptr<const Expr>& a, const std::shared_ptr<const Expr>& b) {
  if (a == nullptr || b == nullptr) return a == b;
  return ToSql(*a) == ToSql(*b);
}

// Whether `own` can be the part of `parent` on one partition. Source: CompareIndexInfo in
// src/backend/catalog/index.c.
bool Matches(const CatalogIndex& own, const CatalogIndex& parent) {
  if (own.method != parent.method || own.unique != parent.unique ||
      own.elements.size() != parent.elements.size() || own.include != parent.include ||
      !SameText(own.where, parent.where)) {
    return false;
  }
  for (size_t i = 0; i < own.elements.size(); ++i) {
    const IndexElement& a = own.elements[i];
    const IndexElement& b = parent.elements[i];
    if (a.column != b.column || a.collation != b.collation || a.opclass != b.opclass ||
        !SameText(a.expr, b.expr)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string Underscored(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += '_';
    text += part;
  }
  return text;
}

// Source: ChooseIndexColumnNames in src/backend/commands/indexcmds.c; a name that is there already
// gets a number.
std::vector<std::string> IndexNameParts(const std::vector<IndexElement>& elements,
                                        const std::vector<std::string>& include) {
  std::vector<std::string> parts;
  const auto add = [&](const std::string& wanted) {
    std::string part = wanted;
    for (int n = 1; std::find(parts.begin(), parts.end(), part) != parts.end(); ++n) {
      part = wanted + std::to_string(n);
    }
    parts.push_back(std::move(part));
  };
  for (const IndexElement& element : elements) {
    if (!element.column.empty()) {
      add(element.column);
    } else {
      const std::string implied =
          element.expr == nullptr ? std::string() : ImpliedColumnName(*element.expr);
      add(implied.empty() ? "expr" : implied);
    }
  }
  for (const std::string& column : include) add(column);
  return parts;
}

std::string Catalog::MadeUpIndexName(const Relation& table, const CatalogIndex& index) const {
  const std::string wanted = MakeObjectName(
      table.name.name, Underscored(IndexNameParts(index.elements, index.include)), "idx");
  std::string name = wanted;
  for (int n = 1; names_.contains({table.name.schema, name}); ++n) {
    name = wanted + std::to_string(n);
  }
  return name;
}

std::string CatalogEditor::ConstraintIndexName(const Relation& table,
                                               const CatalogIndex& index) const {
  const std::string parts =
      index.primary ? "" : Underscored(IndexNameParts(index.elements, index.include));
  const std::string_view suffix = index.primary ? "pkey" : index.exclusion ? "excl" : "key";
  return FreeName(table.name.schema, MakeObjectName(table.name.name, parts, suffix));
}

RelationId CatalogEditor::AddIndex(Relation* table, const std::string& name, CatalogIndex index) {
  const RelationId table_id = table->id;
  RelationRef ref;
  ref.name = {table->name.schema, name.empty() ? catalog_.MadeUpIndexName(*table, index) : name};
  ref.temporary = table->persistence == Persistence::kTemporary;
  Relation* relation =
      Create(ref, table->kind == RelationKind::kPartitionedTable ? RelationKind::kPartitionedIndex
                                                                 : RelationKind::kIndex);
  relation->table = table_id;
  relation->index = std::move(index);
  const RelationId id = relation->id;
  if (Relation* owner = Edit(table_id)) owner->indexes.push_back(id);
  return id;
}

RelationId CatalogEditor::AddIndexFor(Relation* table, const CatalogConstraint& constraint,
                                      const ConstraintDef& def) {
  CatalogIndex index;
  index.unique = constraint.kind != ConstraintKind::kExclusion;
  index.exclusion = constraint.kind == ConstraintKind::kExclusion;
  index.primary = constraint.kind == ConstraintKind::kPrimaryKey;
  index.constraint = true;
  index.nulls_not_distinct = def.nulls_not_distinct;
  index.include = def.include;
  index.where = def.where;
  if (!def.method.empty()) index.method = def.method;
  index.elements = def.elements;
  for (const std::string& column : constraint.columns) {
    IndexElement element;
    element.column = column;
    index.elements.push_back(std::move(element));
  }
  return AddIndex(table, constraint.name, std::move(index));
}

void CatalogEditor::AddPartitionIndex(RelationId partition, RelationId parent_index) {
  const Relation* parent = catalog_.Find(parent_index);
  const Relation* table = catalog_.Find(partition);
  if (parent == nullptr || table == nullptr) return;
  if (table->kind == RelationKind::kForeignTable) return;
  RelationId made = RelationId::kNone;
  // A partition may have the index already: it becomes the part of the parent's.
  for (const Relation* own : catalog_.IndexesOf(*table)) {
    if (own->parents.empty() && own->index->valid && Matches(*own->index, *parent->index)) {
      made = own->id;
      break;
    }
  }
  const CatalogIndex index = *parent->index;
  const bool there = made != RelationId::kNone;
  if (made == RelationId::kNone) {
    const std::string name = index.constraint ? ConstraintIndexName(*table, index) : "";
    CatalogIndex copy = index;
    copy.valid = true;
    copy.clustered = copy.replica_identity = false;
    made = AddIndex(Edit(partition), name, std::move(copy));
    if (index.constraint) {
      const Relation* owner = catalog_.Find(catalog_.Find(parent_index)->table);
      CatalogConstraint constraint;
      for (const CatalogConstraint& candidate : owner->constraints) {
        if (candidate.index == parent_index) constraint = candidate;
      }
      constraint.name = catalog_.Find(made)->name.name;
      constraint.index = made;
      constraint.inherited = true;
      Edit(partition)->constraints.push_back(std::move(constraint));
    }
  }
  Edit(made)->parents.push_back(parent_index);
  Edit(parent_index)->children.push_back(made);
  if (index.primary) {
    for (CatalogColumn& column : Edit(partition)->columns) {
      for (const IndexElement& element : index.elements) {
        if (element.column == column.name) column.not_null = true;
      }
    }
  }
  if (!there) AddPartitionIndexes(partition, made);
}

void CatalogEditor::AddPartitionIndexes(RelationId table, RelationId parent_index) {
  const Relation* relation = catalog_.Find(table);
  if (relation == nullptr || relation->kind != RelationKind::kPartitionedTable) return;
  const std::vector<RelationId> children = relation->children;
  for (RelationId child : children) {
    AddPartitionIndex(child, parent_index);
  }
}

void CatalogEditor::CloneForeignKeys(RelationId table, const CatalogConstraint& constraint) {
  for (RelationId id : WithDescendants(table)) {
    if (id == table) continue;
    CatalogConstraint copy = constraint;
    copy.inherited = true;
    catalog_.referencing_.insert(id);
    Edit(id)->constraints.push_back(std::move(copy));
  }
}

void CatalogEditor::Add(const CreateIndex& create) {
  Relation* table = Edit(create.relation.name);
  if (table == nullptr) return;
  if (create.if_not_exists && !create.name.empty() &&
      catalog_.names_.contains({table->name.schema, create.name})) {
    return;
  }
  CatalogIndex index;
  index.method = create.method;
  index.elements = create.elements;
  for (const IndexElement& element : create.include) index.include.push_back(element.column);
  index.where = create.where;
  index.unique = create.unique;
  index.nulls_not_distinct = create.nulls_not_distinct;
  const RelationId table_id = table->id;
  const bool partitioned = table->kind == RelationKind::kPartitionedTable;
  index.valid = !(partitioned && create.relation.only && !table->children.empty());
  const RelationId parent = AddIndex(table, create.name, index);
  Edit(parent)->tablespace = create.tablespace;
  if (partitioned && !create.relation.only) AddPartitionIndexes(table_id, parent);
}

}  // namespace pgsift
