// What a Catalog answers about relations that belong together.

#include <algorithm>

#include "parser/catalog_editor.h"

namespace pgsift {
namespace {

bool Contains(const std::vector<RelationId>& ids, RelationId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Names a column, or all of them, anywhere in the query.
bool NamesColumn(const Query& query, std::string_view column) {
  bool named = false;
  VisitExpressions(query, [&](const Expr& expr) {
    if (expr.kind != ExprKind::kColumn) return;
    named = named || expr.LastName() == column || expr.LastName() == "*";
  });
  return named;
}

}  // namespace

std::vector<const Relation*> Catalog::SequencesOf(RelationId table, std::string_view column) const {
  std::vector<const Relation*> sequences;
  for (const auto& [id, relation] : relations_) {
    if (relation->kind != RelationKind::kSequence || relation->table != table) continue;
    if (column.empty() || relation->owning_column == column) sequences.push_back(relation.get());
  }
  return sequences;
}

const Relation* Catalog::SequenceOf(const Expr* default_expr) const {
  if (default_expr == nullptr) return nullptr;
  const Relation* found = nullptr;
  WalkExpr(*default_expr, [&](const Expr& expr) {
    if (expr.kind != ExprKind::kFunction || expr.LastName() != "nextval" || expr.args.empty())
      return;
    const Expr* name = &expr.args.front();
    while (name->kind == ExprKind::kCast && !name->args.empty()) name = &name->args.front();
    if (name->kind != ExprKind::kConstant) return;
    const Relation* relation = Find(ParseQualifiedName(name->value));
    if (relation != nullptr && relation->kind == RelationKind::kSequence) found = relation;
  });
  return found;
}

std::vector<const Relation*> Catalog::DescendantsOf(const Relation& relation) const {
  std::vector<const Relation*> all;
  std::vector<RelationId> seen = {relation.id};
  for (size_t i = 0; i < seen.size(); ++i) {
    const Relation* parent = Find(seen[i]);
    if (parent == nullptr) continue;
    for (RelationId child : parent->children) {
      if (Contains(seen, child)) continue;
      seen.push_back(child);
      if (const Relation* known = Find(child)) all.push_back(known);
    }
  }
  return all;
}

const Relation* Catalog::FindIn(const Relation& view, const QualifiedName& name) const {
  if (name.schema.empty()) {
    for (RelationId id : view.depends_on) {
      const Relation* read = Find(id);
      if (read != nullptr && read->name.name == name.name) return read;
    }
  }
  return Find(name);
}

std::vector<const Relation*> Catalog::ViewsOn(RelationId relation, std::string_view column) const {
  std::vector<const Relation*> views;
  for (const auto& [id, other] : relations_) {
    if (!Contains(other->depends_on, relation)) continue;
    if (!column.empty() && other->query != nullptr && !NamesColumn(*other->query, column)) continue;
    views.push_back(other.get());
  }
  return views;
}

std::vector<std::pair<const Relation*, const CatalogColumn*>> Catalog::ColumnsOfType(
    const QualifiedName& type) const {
  std::vector<std::pair<const Relation*, const CatalogColumn*>> columns;
  for (const auto& [id, relation] : relations_) {
    if (!relation->IsTable() && relation->kind != RelationKind::kCompositeType &&
        relation->kind != RelationKind::kMaterializedView) {
      continue;
    }
    for (const CatalogColumn& column : relation->columns) {
      if (column.type.name.name != type.name) continue;
      const CatalogType* known = FindType(column.type.name);
      const Relation* composite = Find(column.type.name);
      const bool same = (known != nullptr && known->name == type) ||
                        (composite != nullptr && composite->name == type) ||
                        (known == nullptr && composite == nullptr);
      if (same) columns.emplace_back(relation.get(), &column);
    }
  }
  return columns;
}

bool Catalog::IsDeferred(const CatalogConstraint& constraint) const {
  if (!constraint.deferrable) return false;
  auto mode = constraint_modes_.find(constraint.name);
  if (mode == constraint_modes_.end()) mode = constraint_modes_.find("");
  return mode == constraint_modes_.end() ? constraint.initially_deferred : mode->second;
}

const Relation* Catalog::DefaultPartition(const Relation& parent) const {
  for (RelationId id : parent.children) {
    const Relation* child = Find(id);
    if (child != nullptr && child->bound.has_value() && child->bound->is_default) return child;
  }
  return nullptr;
}

std::vector<const CatalogFunction*> Catalog::Functions() const {
  std::vector<const CatalogFunction*> functions;
  for (const auto& [name, function] : functions_) functions.push_back(&function);
  return functions;
}

std::vector<QualifiedName> Catalog::FunctionsIn(const std::string& schema) const {
  std::vector<QualifiedName> names;
  for (const auto& [name, function] : functions_) {
    if (name.schema == schema && (names.empty() || names.back() != name)) names.push_back(name);
  }
  return names;
}

std::vector<QualifiedName> Catalog::TypesIn(const std::string& schema) const {
  std::vector<QualifiedName> names;
  for (const auto& [name, type] : types_) {
    if (name.schema == schema) names.push_back(name);
  }
  return names;
}

std::string Catalog::WrapperOf(const std::string& server) const {
  const auto found = servers_.find(server);
  return found == servers_.end() ? "" : found->second;
}

bool Catalog::SubscriptionWithoutSlot(const std::string& name) const {
  return subscriptions_without_slot_.contains(name);
}

const CatalogPublication* Catalog::FindPublication(std::string_view name) const {
  const auto found = publications_.find(std::string(name));
  return found == publications_.end() ? nullptr : &found->second;
}

RelationId Catalog::StatisticsTable(const QualifiedName& name) const {
  for (const auto& [id, relation] : relations_) {
    for (const QualifiedName& statistics : relation->statistics) {
      const bool schema = name.schema.empty() || statistics.schema == name.schema;
      if (statistics.name == name.name && schema) return id;
    }
  }
  return RelationId::kNone;
}

const Query* Catalog::FindPrepared(std::string_view name) const {
  const auto found = prepared_.find(std::string(name));
  return found == prepared_.end() ? nullptr : found->second.get();
}

}  // namespace pgsift
