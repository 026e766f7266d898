// Views, sequences, types, functions, triggers; DROP, RENAME, SET SCHEMA, SET search_path: as they
// change the catalog.

#include <algorithm>
#include <functional>
#include <set>

#include "parser/catalog_editor.h"

namespace pgsift {
namespace {

using Visit = std::function<void(const RelationRef&)>;
using Names = std::set<std::string>;

// Walks a query for the relations that it names.
class RelationWalk {
 public:
  explicit RelationWalk(const Visit& visit) : visit_(visit) {}

  void Walk(const Query& query, const Names& outer) {
    std::visit([&](const auto& node) { Enter(node, outer); }, query.node);
  }

 private:
  Names With(const WithClause& with, Names names) {
    for (const CommonTable& table : with.tables) {
      if (with.recursive) names.insert(table.name);
      if (table.query != nullptr) Walk(*table.query, names);
      names.insert(table.name);
    }
    return names;
  }

  void Name(const RelationRef& relation, const Names& names) {
    if (relation.name.empty()) return;
    if (relation.name.schema.empty() && names.contains(relation.name.name)) return;
    visit_(relation);
  }

  void In(const Expr& expr, const Names& names) {
    WalkExpr(expr, [&](const Expr& inner) {
      if (inner.query != nullptr) Walk(*inner.query, names);
    });
  }
  template <typename T>
  void In(const T& optional_or_pointer, const Names& names) {
    if (optional_or_pointer) In(*optional_or_pointer, names);
  }
  void In(const std::vector<Expr>& exprs, const Names& names) {
    for (const Expr& expr : exprs) In(expr, names);
  }
  void In(const std::vector<Target>& targets, const Names& names) {
    for (const Target& target : targets) In(target.expr, names);
  }

  void From(const std::vector<FromItem>& items, const Names& names) {
    for (const FromItem& item : items) {
      if (item.kind == FromKind::kRelation) Name(item.relation, names);
      if (item.query != nullptr) Walk(*item.query, names);
      In(item.functions, names);
      In(item.on, names);
      From(item.sides, names);
    }
  }

  void Enter(const Select& select, const Names& outer) {
    const Names names = With(select.with, outer);
    From(select.from, names);
    In(select.targets, names);
    In(select.where, names);
    In(select.having, names);
    In(select.group_by, names);
    for (const auto& row : select.values) In(row, names);
    for (const SortItem& item : select.order_by) In(item.expr, names);
    for (const Select& side : select.sides) Enter(side, names);
  }
  void Enter(const Insert& insert, const Names& outer) {
    const Names names = With(insert.with, outer);
    Name(insert.relation, names);
    if (insert.source != nullptr) Enter(*insert.source, names);
    In(insert.returning, names);
  }
  void Enter(const Update& update, const Names& outer) {
    const Names names = With(update.with, outer);
    Name(update.relation, names);
    From(update.from, names);
    In(update.assignments, names);
    In(update.where, names);
  }
  void Enter(const Delete& del, const Names& outer) {
    const Names names = With(del.with, outer);
    Name(del.relation, names);
    From(del.using_items, names);
    In(del.where, names);
  }
  void Enter(const Merge& merge, const Names& outer) {
    const Names names = With(merge.with, outer);
    Name(merge.relation, names);
    From({merge.source}, names);
    In(merge.on, names);
  }

  const Visit& visit_;
};

bool IsRelationKind(ObjectKind kind) {
  return kind == ObjectKind::kTable || kind == ObjectKind::kView || kind == ObjectKind::kIndex ||
         kind == ObjectKind::kSequence || kind == ObjectKind::kMaterializedView ||
         kind == ObjectKind::kForeignTable;
}

}  // namespace

void VisitRelations(const Query& query, const Visit& visit) { RelationWalk(visit).Walk(query, {}); }

std::vector<RelationId> CatalogEditor::ReadBy(const Query& query) const {
  std::vector<RelationId> reads;
  VisitRelations(query, [&](const RelationRef& ref) {
    const Relation* relation = catalog_.Find(ref.name);
    if (relation == nullptr) return;
    if (std::find(reads.begin(), reads.end(), relation->id) == reads.end())
      reads.push_back(relation->id);
  });
  return reads;
}

void CatalogEditor::AddView(const CreateView& create) {
  std::vector<RelationId> reads;
  if (create.query != nullptr) reads = ReadBy(*create.query);
  Relation* view = create.replace ? Edit(create.relation.name) : nullptr;
  if (view == nullptr) view = Create(create.relation, RelationKind::kView);
  view->query = create.query;
  view->depends_on = std::move(reads);
  view->columns.clear();
  std::vector<std::string> names = create.columns;
  if (names.empty() && create.query != nullptr) {
    if (const auto* select = std::get_if<Select>(&create.query->node)) {
      for (const Target& target : select->targets) {
        names.push_back(target.alias.empty() ? std::string(target.expr.LastName()) : target.alias);
      }
    }
  }
  for (const std::string& name : names) {
    CatalogColumn column;
    column.name = name;
    view->columns.push_back(std::move(column));
  }
}

void CatalogEditor::AddSequenceObject(const CreateSequence& create) {
  if (create.if_not_exists && catalog_.Find(create.relation.name) != nullptr) return;
  Relation* sequence = Create(create.relation, RelationKind::kSequence);
  if (create.owned_by.size() < 2) return;
  const size_t parts = create.owned_by.size();
  const QualifiedName table{parts > 2 ? create.owned_by[parts - 3] : "",
                            create.owned_by[parts - 2]};
  if (const Relation* owner = catalog_.Find(table)) {
    sequence->table = owner->id;
    sequence->owning_column = create.owned_by.back();
  }
}

void CatalogEditor::DropType(const QualifiedName& name, bool cascade) {
  const QualifiedName full = NewName(name);
  catalog_.types_.erase(full);
  if (!cascade) return;
  std::vector<std::pair<RelationId, std::string>> columns;
  for (const auto& [id, relation] : catalog_.relations_) {
    for (const CatalogColumn& column : relation->columns) {
      if (column.type.name.name == full.name) columns.emplace_back(id, column.name);
    }
  }
  for (const auto& [id, column] : columns) {
    if (Relation* relation = Edit(id)) DropColumn(relation, column, true);
  }
}

void CatalogEditor::DropSchema(const std::string& schema, bool cascade) {
  if (!cascade) return;
  std::vector<RelationId> inside;
  for (const auto& [name, id] : catalog_.names_) {
    if (name.schema == schema) inside.push_back(id);
  }
  for (RelationId id : inside) Remove(id, true);
  std::erase_if(catalog_.types_, [&](const auto& entry) { return entry.first.schema == schema; });
  std::erase_if(catalog_.functions_,
                [&](const auto& entry) { return entry.first.schema == schema; });
}

void CatalogEditor::DropObjects(const Drop& drop) {
  for (size_t i = 0; i < drop.names.size(); ++i) {
    const QualifiedName& name = drop.names[i];
    if (IsRelationKind(drop.object)) {
      if (const Relation* relation = catalog_.Find(name)) Remove(relation->id, drop.cascade);
    } else if (drop.object == ObjectKind::kSchema) {
      DropSchema(name.name, drop.cascade);
    } else if (drop.object == ObjectKind::kType || drop.object == ObjectKind::kDomain) {
      if (const Relation* type = catalog_.Find(name);
          type != nullptr && type->kind == RelationKind::kCompositeType) {
        Remove(type->id, drop.cascade);
      }
      DropType(name, drop.cascade);
    } else if (drop.object == ObjectKind::kFunction || drop.object == ObjectKind::kProcedure ||
               drop.object == ObjectKind::kRoutine) {
      catalog_.functions_.erase(NewName(name));
    } else if (drop.object == ObjectKind::kExtension) {
      std::erase(catalog_.extensions_, name.name);
    } else if (i < drop.on.size()) {
      Relation* relation = Edit(drop.on[i]);
      if (relation == nullptr) continue;
      if (drop.object == ObjectKind::kTrigger) {
        std::erase_if(relation->triggers,
                      [&](const CatalogTrigger& t) { return t.name == name.name; });
      }
      if (drop.object == ObjectKind::kPolicy) std::erase(relation->policies, name.name);
    }
  }
}

void CatalogEditor::RenameColumn(Relation* table, const std::string& from, const std::string& to) {
  const RelationId id = table->id;
  const auto rename = [&](std::vector<std::string>* names) {
    std::replace(names->begin(), names->end(), from, to);
  };
  const auto in_expr = [&](const std::shared_ptr<const Expr>& expr) -> std::shared_ptr<const Expr> {
    if (expr == nullptr) return nullptr;
    Expr copy = *expr;
    const std::function<void(Expr*)> walk = [&](Expr* inner) {
      if (inner->IsColumn() && inner->name.back() == from) inner->name.back() = to;
      for (Expr& arg : inner->args) walk(&arg);
    };
    walk(&copy);
    return std::make_shared<const Expr>(std::move(copy));
  };
  for (CatalogColumn& column : table->columns) {
    if (column.name == from) column.name = to;
    if (column.generated_stored || column.generated_virtual)
      column.default_expr = in_expr(column.default_expr);
  }
  for (CatalogConstraint& constraint : table->constraints) {
    rename(&constraint.columns);
    constraint.check = in_expr(constraint.check);
  }
  const std::vector<RelationId> indexes = table->indexes;
  for (RelationId index_id : indexes) {
    CatalogIndex& index = *Edit(index_id)->index;
    for (IndexElement& element : index.elements) {
      if (element.column == from) element.column = to;
      element.expr = in_expr(element.expr);
    }
    rename(&index.include);
    index.where = in_expr(index.where);
  }
  std::vector<RelationId> others;
  for (const auto& [other_id, other] : catalog_.relations_) others.push_back(other_id);
  for (RelationId other_id : others) {
    const Relation* other = catalog_.Find(other_id);
    const bool sequence = other->table == id && other->owning_column == from;
    const bool refers = std::any_of(other->constraints.begin(), other->constraints.end(),
                                    [&](const CatalogConstraint& c) { return c.referenced == id; });
    if (!sequence && !refers) continue;
    Relation* edited = Edit(other_id);
    if (sequence) edited->owning_column = to;
    for (CatalogConstraint& constraint : edited->constraints) {
      if (constraint.referenced == id) rename(&constraint.referenced_columns);
    }
  }
}

void CatalogEditor::RenameObject(const Rename& rename) {
  if (IsRelationKind(rename.object)) {
    if (Relation* relation = Edit(rename.relation.name)) {
      const bool constraint = relation->index.has_value() && relation->index->constraint;
      const std::string old = relation->name.name;
      const RelationId table = relation->table;
      MoveName(relation, {relation->name.schema, rename.new_name});
      if (!constraint) return;
      if (Relation* owner = Edit(table)) {
        for (CatalogConstraint& c : owner->constraints) {
          if (c.name == old) c.name = rename.new_name;
        }
      }
    }
    return;
  }
  if (rename.object == ObjectKind::kColumn) {
    const Relation* relation = catalog_.Find(rename.relation.name);
    if (relation == nullptr) return;
    for (RelationId id : WithDescendants(relation->id)) {
      if (Relation* table = Edit(id)) RenameColumn(table, rename.sub_name, rename.new_name);
    }
    return;
  }
  if (rename.object == ObjectKind::kTableConstraint) {
    Relation* table = Edit(rename.relation.name);
    if (table == nullptr) return;
    for (CatalogConstraint& constraint : table->constraints) {
      if (constraint.name != rename.sub_name) continue;
      constraint.name = rename.new_name;
      if (Relation* index = Edit(constraint.index)) {
        MoveName(index, {index->name.schema, rename.new_name});
      }
    }
    return;
  }
  if (rename.object == ObjectKind::kSchema) {
    std::vector<RelationId> inside;
    for (const auto& [name, id] : catalog_.names_) {
      if (name.schema == rename.sub_name) inside.push_back(id);
    }
    for (RelationId id : inside) {
      Relation* relation = Edit(id);
      MoveName(relation, {rename.new_name, relation->name.name});
    }
    return;
  }
  if (rename.object == ObjectKind::kType || rename.object == ObjectKind::kDomain) {
    const CatalogType* type = catalog_.FindType(rename.name);
    if (type == nullptr) return;
    CatalogType moved = *type;
    catalog_.types_.erase(moved.name);
    moved.name.name = rename.new_name;
    catalog_.types_[moved.name] = moved;
    return;
  }
  if (rename.object == ObjectKind::kTrigger) {
    Relation* table = Edit(rename.relation.name);
    if (table == nullptr) return;
    for (CatalogTrigger& trigger : table->triggers) {
      if (trigger.name == rename.sub_name) trigger.name = rename.new_name;
    }
  }
}

void CatalogEditor::MoveToSchema(const SetSchema& set) {
  if (!IsRelationKind(set.object)) {
    if (const CatalogType* type = catalog_.FindType(set.name)) {
      CatalogType moved = *type;
      catalog_.types_.erase(moved.name);
      moved.name.schema = set.new_schema;
      catalog_.types_[moved.name] = moved;
    }
    return;
  }
  const Relation* relation = catalog_.Find(set.relation.name);
  if (relation == nullptr) return;
  // Indexes and owned sequences go along.
  std::vector<RelationId> moving = relation->indexes;
  moving.push_back(relation->id);
  for (const auto& [id, other] : catalog_.relations_) {
    if (other->kind == RelationKind::kSequence && other->table == relation->id)
      moving.push_back(id);
  }
  for (RelationId id : moving) {
    Relation* moved = Edit(id);
    MoveName(moved, {set.new_schema, moved->name.name});
  }
}

void CatalogEditor::SetSearchPath(const SetVariable& set) {
  if (set.name != "search_path" || set.system) return;
  if (set.reset) {
    catalog_.search_path_ = {"public"};
    return;
  }
  catalog_.search_path_.clear();
  for (const std::string& schema : set.values) {
    if (!schema.empty() && schema != "$user" && schema != "pg_catalog") {
      catalog_.search_path_.push_back(schema);
    }
  }
}

struct CatalogEditor::Visitor {
  CatalogEditor& editor;

  template <typename T>
  void operator()(const T&) const {}
  void operator()(const CreateTable& s) const { editor.Add(s); }
  void operator()(const CreateTableAs& s) const { editor.Add(s); }
  void operator()(const CreateIndex& s) const { editor.Add(s); }
  void operator()(const AlterTable& s) const { editor.Alter(s); }
  void operator()(const Drop& s) const { editor.DropObjects(s); }
  void operator()(const Rename& s) const { editor.RenameObject(s); }
  void operator()(const SetSchema& s) const { editor.MoveToSchema(s); }
  void operator()(const CreateView& s) const { editor.AddView(s); }
  void operator()(const CreateSequence& s) const { editor.AddSequenceObject(s); }
  void operator()(const SetVariable& s) const { editor.SetSearchPath(s); }
  void operator()(const Select& s) const {
    if (s.into.has_value()) {
      CreateTableAs create;
      create.relation = *s.into;
      create.query = std::make_shared<const Query>(Query{s});
      editor.Add(create);
    }
    // pg_dump clears the search_path by a function call.
    for (const Target& target : s.targets) {
      if (target.expr.kind != ExprKind::kFunction || target.expr.LastName() != "set_config")
        continue;
      if (target.expr.args.size() < 2 || target.expr.args[0].value != "search_path") continue;
      editor.SetSearchPath({.name = "search_path", .values = {target.expr.args[1].value}});
    }
  }
  void operator()(const AlterSequence& s) const {
    Relation* sequence = editor.Edit(s.relation.name);
    if (sequence == nullptr || s.owned_by.size() < 2) return;
    const size_t parts = s.owned_by.size();
    const QualifiedName table{parts > 2 ? s.owned_by[parts - 3] : "", s.owned_by[parts - 2]};
    if (const Relation* owner = editor.catalog_.Find(table)) {
      sequence->table = owner->id;
      sequence->owning_column = s.owned_by.back();
    }
  }
  void operator()(const CreateEnum& s) const {
    AddType(s.name, CatalogType::Kind::kEnum).labels = s.labels;
  }
  void operator()(const AlterEnum& s) const {
    const CatalogType* known = editor.catalog_.FindType(s.name);
    if (known == nullptr) return;
    std::vector<std::string>& labels = editor.catalog_.types_[known->name].labels;
    if (!s.old_label.empty()) {
      std::replace(labels.begin(), labels.end(), s.old_label, s.new_label);
      return;
    }
    if (std::find(labels.begin(), labels.end(), s.new_label) != labels.end()) return;
    auto at = std::find(labels.begin(), labels.end(), s.neighbour);
    if (at != labels.end() && s.after) ++at;
    labels.insert(at, s.new_label);
  }
  void operator()(const CreateDomain& s) const {
    CatalogType& type = AddType(s.name, CatalogType::Kind::kDomain);
    type.base = s.type;
    type.constraints = s.constraints;
  }
  void operator()(const AlterDomain& s) const {
    const CatalogType* known = editor.catalog_.FindType(s.name);
    if (known == nullptr) return;
    std::vector<ConstraintDef>& constraints = editor.catalog_.types_[known->name].constraints;
    if (s.action == 'C' && s.constraint.has_value()) constraints.push_back(*s.constraint);
    std::erase_if(constraints, [&](const ConstraintDef& c) {
      return (s.action == 'X' && c.name == s.constraint_name) ||
             (s.action == 'N' && c.kind == ConstraintKind::kNotNull);
    });
    if (s.action == 'O') {
      ConstraintDef not_null;
      not_null.kind = ConstraintKind::kNotNull;
      constraints.push_back(std::move(not_null));
    }
    for (ConstraintDef& c : constraints) {
      if (s.action == 'V' && c.name == s.constraint_name) c.not_valid = false;
    }
  }
  void operator()(const CreateCompositeType& s) const {
    Relation* type = editor.Create(s.relation, RelationKind::kCompositeType);
    for (const ColumnDef& column : s.columns)
      type->columns.push_back(editor.MakeColumn(column, *type));
  }
  void operator()(const CreateRangeType& s) const { AddType(s.name, CatalogType::Kind::kRange); }
  void operator()(const CreateFunction& s) const {
    const QualifiedName name = editor.NewName(s.name);
    const auto same = [&](const CatalogFunction& f) {
      return std::equal(f.parameters.begin(), f.parameters.end(), s.parameters.begin(),
                        s.parameters.end(), [](const auto& a, const auto& b) {
                          return a.type.ToString() == b.type.ToString() && a.mode == b.mode;
                        });
    };
    auto& functions = editor.catalog_.functions_;
    const auto [first, last] = functions.equal_range(name);
    for (auto it = first; it != last;) it = same(it->second) ? functions.erase(it) : std::next(it);
    functions.emplace(name, CatalogFunction{.name = name,
                                            .parameters = s.parameters,
                                            .returns = s.returns,
                                            .language = s.language,
                                            .volatility = s.volatility,
                                            .body = s.body,
                                            .origin = editor.origin_});
  }
  void operator()(const CreateTrigger& s) const {
    if (Relation* table = editor.Edit(s.relation.name)) {
      std::erase_if(table->triggers, [&](const CatalogTrigger& t) { return t.name == s.name; });
      table->triggers.push_back({.name = s.name, .function = s.function});
    }
  }
  void operator()(const CreatePolicy& s) const {
    if (Relation* table = editor.Edit(s.relation.name)) table->policies.push_back(s.name);
  }
  void operator()(const CreateExtension& s) const {
    auto& extensions = editor.catalog_.extensions_;
    if (std::find(extensions.begin(), extensions.end(), s.name) == extensions.end()) {
      extensions.push_back(s.name);
    }
  }

 private:
  CatalogType& AddType(const QualifiedName& name, CatalogType::Kind kind) const {
    const QualifiedName full = editor.NewName(name);
    CatalogType& type = editor.catalog_.types_[full];
    type = CatalogType{.name = full, .kind = kind, .origin = editor.origin_};
    return type;
  }
};

void CatalogEditor::Apply() { std::visit(Visitor{*this}, statement_.node); }

void Catalog::Apply(const SqlFile& file, const Statement& statement) {
  CatalogEditor(this, file, statement).Apply();
}

void Catalog::EndOfFile() {
  search_path_ = {"public"};
  std::erase_if(names_, [&](const auto& entry) {
    if (entry.first.schema != "pg_temp") return false;
    relations_.erase(entry.second);
    return true;
  });
}

}  // namespace pgsift
