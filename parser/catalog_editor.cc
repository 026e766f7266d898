#include "parser/catalog_editor.h"

#include <algorithm>

namespace pgsift {
namespace {

// serial and its like are integers with a sequence. Source: the documentation, "Serial Types".
std::string_view SerialBase(std::string_view type) {
  if (type == "serial" || type == "serial4") return "int4";
  if (type == "bigserial" || type == "serial8") return "int8";
  if (type == "smallserial" || type == "serial2") return "int2";
  return {};
}

void Erase(std::vector<RelationId>* ids, RelationId id) {
  ids->erase(std::remove(ids->begin(), ids->end(), id), ids->end());
}

// The columns that an expression names, each once, in order.
std::vector<std::string> ColumnsOf(const Expr* expr) {
  std::vector<std::string> columns;
  if (expr == nullptr) return columns;
  WalkExpr(*expr, [&](const Expr& inner) {
    if (!inner.IsColumn()) return;
    const std::string name(inner.LastName());
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
  });
  return columns;
}

bool UsesColumn(const CatalogConstraint& constraint, const std::string& column) {
  return std::find(constraint.columns.begin(), constraint.columns.end(), column) !=
         constraint.columns.end();
}

bool NamesSequence(const Expr& expr, const QualifiedName& sequence) {
  bool names = false;
  WalkExpr(expr, [&](const Expr& inner) {
    if (inner.kind != ExprKind::kConstant || inner.constant != ConstantKind::kString) return;
    const QualifiedName name = ParseQualifiedName(inner.value);
    names = names ||
            (name.name == sequence.name && (name.schema.empty() || name.schema == sequence.schema));
  });
  return names;
}

}  // namespace

// Copy on write: copies of a catalog share relations that neither has changed since.
Relation* CatalogEditor::Edit(RelationId id) {
  const auto found = catalog_.relations_.find(id);
  if (found == catalog_.relations_.end()) return nullptr;
  if (found->second.use_count() > 1) {
    found->second = std::make_shared<Relation>(*found->second);
  }
  return const_cast<Relation*>(found->second.get());
}

Relation* CatalogEditor::Edit(const QualifiedName& name) {
  const Relation* relation = catalog_.Find(name);
  return relation == nullptr ? nullptr : Edit(relation->id);
}

QualifiedName CatalogEditor::NewName(const QualifiedName& name) const {
  if (!name.schema.empty()) return name;
  return {
      catalog_.settings_.search_path.empty() ? "public" : catalog_.settings_.search_path.front(),
      name.name};
}

Relation* CatalogEditor::Create(const RelationRef& ref, RelationKind kind) {
  QualifiedName name = NewName(ref.name);
  if (ref.temporary) name.schema = "pg_temp";
  // A migration that creates what is there already was written for another database: the last
  // definition counts.
  if (const auto old = catalog_.names_.find(name); old != catalog_.names_.end()) {
    Remove(old->second, false);
  }
  auto relation = std::make_shared<Relation>();
  relation->id = static_cast<RelationId>(catalog_.next_id_++);
  relation->name = name;
  relation->kind = kind;
  relation->persistence = ref.temporary  ? Persistence::kTemporary
                          : ref.unlogged ? Persistence::kUnlogged
                                         : Persistence::kPermanent;
  relation->owner = catalog_.settings_.role;
  relation->origin = origin_;
  Relation* raw = relation.get();
  catalog_.names_[name] = relation->id;
  catalog_.relations_[relation->id] = std::move(relation);
  return raw;
}

void CatalogEditor::Remove(RelationId id, bool cascade) {
  const Relation* known = catalog_.Find(id);
  if (known == nullptr) return;
  const Relation gone = *known;
  if (const auto name = catalog_.names_.find(gone.name);
      name != catalog_.names_.end() && name->second == id) {
    catalog_.names_.erase(name);
  }
  catalog_.relations_.erase(id);
  for (RelationId index : gone.indexes) Remove(index, cascade);
  if (gone.index.has_value()) {
    if (Relation* table = Edit(gone.table)) Erase(&table->indexes, id);
  }
  for (RelationId parent : gone.parents) {
    if (Relation* relation = Edit(parent)) Erase(&relation->children, id);
  }
  // Partitions go with their table; inheriting tables only by CASCADE.
  for (RelationId child : gone.children) {
    const bool partition = gone.kind == RelationKind::kPartitionedTable ||
                           gone.kind == RelationKind::kPartitionedIndex;
    if (partition || cascade) {
      Remove(child, cascade);
    } else if (Relation* relation = Edit(child)) {
      Erase(&relation->parents, id);
    }
  }
  std::vector<RelationId> dependent;
  std::vector<RelationId> owned;
  std::vector<std::pair<RelationId, std::string>> defaults;
  std::vector<RelationId> referencing;
  for (const auto& [other_id, other] : catalog_.relations_) {
    const auto& reads = other->depends_on;
    if (std::find(reads.begin(), reads.end(), id) != reads.end()) dependent.push_back(other_id);
    if (other->kind == RelationKind::kSequence && other->table == id) owned.push_back(other_id);
    for (const CatalogConstraint& constraint : other->constraints) {
      if (constraint.referenced == id) referencing.push_back(other_id);
    }
    for (const CatalogColumn& column : other->columns) {
      if (cascade && gone.kind == RelationKind::kSequence && column.default_expr != nullptr &&
          !column.generated_stored && NamesSequence(*column.default_expr, gone.name)) {
        defaults.emplace_back(other_id, column.name);
      }
    }
  }
  for (const auto& [table, column] : defaults) {
    for (CatalogColumn& edited : Edit(table)->columns) {
      if (edited.name == column) edited.default_expr = nullptr;
    }
  }
  for (RelationId sequence : owned) Remove(sequence, cascade);
  if (!cascade) return;
  for (RelationId view : dependent) Remove(view, true);
  for (RelationId table : referencing) {
    Relation* relation = Edit(table);
    if (relation == nullptr) continue;
    std::erase_if(relation->constraints,
                  [&](const CatalogConstraint& constraint) { return constraint.referenced == id; });
  }
}

void CatalogEditor::MoveName(Relation* relation, const QualifiedName& name) {
  catalog_.names_.erase(relation->name);
  relation->name = name;
  catalog_.names_[name] = relation->id;
}

std::vector<RelationId> CatalogEditor::WithDescendants(RelationId id) const {
  std::vector<RelationId> all = {id};
  for (size_t i = 0; i < all.size(); ++i) {
    const Relation* relation = catalog_.Find(all[i]);
    if (relation == nullptr) continue;
    for (RelationId child : relation->children) {
      if (std::find(all.begin(), all.end(), child) == all.end()) all.push_back(child);
    }
  }
  return all;
}

std::string CatalogEditor::FreeName(const std::string& schema, const std::string& wanted) const {
  std::string name = wanted;
  for (int n = 1; catalog_.names_.contains({schema, name}); ++n) name = wanted + std::to_string(n);
  return name;
}

void CatalogEditor::AddSequence(Relation* table, const std::string& column) {
  const RelationId table_id = table->id;
  RelationRef ref;
  ref.name = {table->name.schema,
              FreeName(table->name.schema, MakeObjectName(table->name.name, column, "seq"))};
  ref.temporary = table->persistence == Persistence::kTemporary;
  Relation* sequence = Create(ref, RelationKind::kSequence);
  sequence->table = table_id;
  sequence->owning_column = column;
}

CatalogColumn CatalogEditor::MakeColumn(const ColumnDef& def, const Relation& table) {
  CatalogColumn column;
  column.name = def.name;
  column.type = def.type;
  column.collation = def.collation;
  column.origin = origin_;
  // Found by the search_path of now, which need not be that of later.
  if (const CatalogType* type = catalog_.FindType(def.type.name);
      type != nullptr && def.type.name.schema.empty() && type->name.schema != "public") {
    column.type.name.schema = type->name.schema;
  }
  if (const std::string_view base = SerialBase(def.type.name.name); !base.empty()) {
    column.type.name = {"", std::string(base)};
    column.serial = true;
    column.not_null = true;
  }
  for (const ConstraintDef& constraint : def.constraints) {
    if (constraint.kind == ConstraintKind::kNotNull) {
      column.not_null = true;
      column.not_null_valid = !constraint.not_valid;
    }
    if (constraint.kind == ConstraintKind::kPrimaryKey) column.not_null = true;
    if (constraint.kind == ConstraintKind::kDefault) column.default_expr = constraint.expr;
    if (constraint.kind == ConstraintKind::kGenerated) {
      column.generated_virtual = constraint.virtual_;
      column.generated_stored = !constraint.virtual_;
      column.default_expr = constraint.expr;
    }
    if (constraint.kind == ConstraintKind::kIdentity) column.identity = column.not_null = true;
  }
  (void)table;
  return column;
}

void CatalogEditor::AddColumnConstraints(Relation* table, const ColumnDef& def) {
  const RelationId id = table->id;
  if (!SerialBase(def.type.name.name).empty() || def.Find(ConstraintKind::kIdentity) != nullptr) {
    AddSequence(table, def.name);
  }
  for (const ConstraintDef& constraint : def.constraints) {
    switch (constraint.kind) {
      case ConstraintKind::kCheck:
      case ConstraintKind::kPrimaryKey:
      case ConstraintKind::kUnique:
      case ConstraintKind::kForeignKey:
        AddConstraint(Edit(id), constraint, def.name);
        break;
      default:
        break;
    }
  }
}

// `column` is the column that a column constraint stands at; empty for a table constraint.
void CatalogEditor::AddConstraint(Relation* table, const ConstraintDef& def,
                                  const std::string& column, bool only) {
  const RelationId id = table->id;
  if (def.kind == ConstraintKind::kNotNull) {
    for (CatalogColumn& existing : table->columns) {
      if (std::find(def.columns.begin(), def.columns.end(), existing.name) == def.columns.end())
        continue;
      existing.not_null = true;
      existing.not_null_valid = !def.not_valid;
    }
  }
  CatalogConstraint constraint;
  constraint.kind = def.kind;
  constraint.columns = def.columns;
  if (constraint.columns.empty() && !column.empty()) constraint.columns.push_back(column);
  constraint.check = def.expr;
  constraint.validated = !def.not_valid && !def.not_enforced;
  constraint.enforced = !def.not_enforced;
  constraint.deferrable = def.deferrable;
  constraint.initially_deferred = def.initially_deferred;
  constraint.no_inherit = def.no_inherit;
  constraint.on_delete = def.on_delete;
  constraint.on_update = def.on_update;
  constraint.referenced_columns = def.referenced_columns;
  constraint.origin = origin_;
  if (def.kind == ConstraintKind::kCheck && def.expr != nullptr) {
    for (std::string& name : ColumnsOf(def.expr.get())) {
      if (!UsesColumn(constraint, name)) constraint.columns.push_back(std::move(name));
    }
  }
  if (def.kind == ConstraintKind::kForeignKey) {
    const Relation* referenced = catalog_.Find(def.referenced.name);
    constraint.referenced_name = catalog_.Resolve(def.referenced.name);
    if (referenced != nullptr) {
      constraint.referenced = referenced->id;
      const CatalogConstraint* key = referenced->PrimaryKey();
      if (constraint.referenced_columns.empty() && key != nullptr) {
        constraint.referenced_columns = key->columns;
      }
    }
  }
  std::string_view suffix = "check";
  if (def.kind == ConstraintKind::kPrimaryKey) suffix = "pkey";
  if (def.kind == ConstraintKind::kUnique) suffix = "key";
  if (def.kind == ConstraintKind::kForeignKey) suffix = "fkey";
  if (def.kind == ConstraintKind::kExclusion) suffix = "excl";
  if (def.kind == ConstraintKind::kNotNull) suffix = "not_null";
  constraint.name = def.name;
  if (constraint.name.empty() && !def.using_index.empty()) constraint.name = def.using_index;
  if (constraint.name.empty()) {
    // Source: ChooseIndexName, ChooseConstraintName and ChooseForeignKeyConstraintNameAddition. A
    // CHECK has its column's name in it only if it names exactly one.
    std::vector<std::string> parts = constraint.columns;
    if (def.kind == ConstraintKind::kPrimaryKey) parts.clear();
    if (def.kind == ConstraintKind::kCheck) {
      parts = ColumnsOf(def.expr.get());
      if (parts.size() > 1) parts.clear();
    }
    if (def.kind == ConstraintKind::kUnique) {
      parts.insert(parts.end(), def.include.begin(), def.include.end());
    }
    if (def.kind == ConstraintKind::kExclusion) parts = IndexNameParts(def.elements, def.include);
    constraint.name = MakeObjectName(table->name.name, Underscored(parts), suffix);
    const std::string wanted = constraint.name;
    for (int n = 1; table->FindConstraint(constraint.name) != nullptr; ++n) {
      constraint.name = wanted + std::to_string(n);
    }
  }
  const bool backed = def.kind == ConstraintKind::kPrimaryKey ||
                      def.kind == ConstraintKind::kUnique || def.kind == ConstraintKind::kExclusion;
  if (backed && !def.using_index.empty()) {
    if (Relation* index = Edit({table->name.schema, def.using_index});
        index != nullptr && index->index) {
      index->index->constraint = true;
      index->index->primary = def.kind == ConstraintKind::kPrimaryKey;
      constraint.index = index->id;
      constraint.columns.clear();
      for (const IndexElement& element : index->index->elements) {
        constraint.columns.push_back(element.column);
      }
      // The index takes the constraint's name.
      if (index->name.name != constraint.name) {
        MoveName(index, {index->name.schema, constraint.name});
      }
    }
  } else if (backed) {
    constraint.index = AddIndexFor(table, constraint, def);
  }
  table = Edit(id);
  const bool partitioned = table->kind == RelationKind::kPartitionedTable;
  if (def.kind == ConstraintKind::kPrimaryKey) {
    for (CatalogColumn& existing : table->columns) {
      if (UsesColumn(constraint, existing.name)) existing.not_null = true;
    }
  }
  const CatalogConstraint added = constraint;
  if (constraint.kind == ConstraintKind::kForeignKey) catalog_.referencing_.insert(table->id);
  table->constraints.push_back(std::move(constraint));
  if (!partitioned || only) return;
  if (added.index != RelationId::kNone) AddPartitionIndexes(id, added.index);
  if (added.kind == ConstraintKind::kForeignKey) CloneForeignKeys(id, added);
}

namespace {

// nextval() of the first of the sequences, as a DEFAULT says it; null without one.
std::shared_ptr<const Expr> DrawFrom(const std::vector<const Relation*>& sequences) {
  if (sequences.empty()) return nullptr;
  Expr name;
  name.kind = ExprKind::kConstant;
  name.constant = ConstantKind::kString;
  const QualifiedName& sequence = sequences.front()->name;
  name.value = QuoteIdentifier(sequence.schema) + "." + QuoteIdentifier(sequence.name);
  Expr call;
  call.kind = ExprKind::kFunction;
  call.name = {"nextval"};
  call.args.push_back(std::move(name));
  return std::make_shared<const Expr>(std::move(call));
}

}  // namespace

void CatalogEditor::CopyLike(Relation* table, const LikeClause& like) {
  // Bits of TableLikeOption in src/include/nodes/parsenodes.h: defaults 1<<3, constraints 1<<2,
  // indexes 1<<6, generated 1<<4, identity 1<<5.
  const Relation* source = catalog_.Find(like.relation.name);
  if (source == nullptr) return;
  const std::vector<CatalogConstraint> constraints = source->constraints;
  const std::vector<const Relation*> indexes = catalog_.IndexesOf(*source);
  for (CatalogColumn column : source->columns) {
    const bool generated = column.generated_stored || column.generated_virtual;
    if ((like.options & (generated ? 1u << 4 : 1u << 3)) == 0) {
      column.default_expr = nullptr;
    } else if (column.serial) {
      column.default_expr = DrawFrom(catalog_.SequencesOf(source->id, column.name));
    }
    if ((like.options & (1u << 4)) == 0) column.generated_stored = column.generated_virtual = false;
    if ((like.options & (1u << 5)) == 0) column.identity = false;
    column.serial = false;
    column.origin = origin_;
    table->columns.push_back(std::move(column));
  }
  const RelationId id = table->id;
  const std::vector<CatalogColumn> columns_made = table->columns;
  for (const CatalogColumn& column : columns_made) {
    if (column.identity) AddSequence(Edit(id), column.name);
  }
  table = Edit(id);
  if ((like.options & (1u << 2)) != 0) {
    for (const CatalogConstraint& constraint : constraints) {
      if (constraint.kind == ConstraintKind::kCheck) table->constraints.push_back(constraint);
    }
  }
  if ((like.options & (1u << 6)) == 0) return;
  for (const Relation* index : indexes) {
    CatalogIndex copy = *index->index;
    const bool constraint = copy.constraint;
    const bool primary = copy.primary;
    std::vector<std::string> columns;
    for (const IndexElement& element : copy.elements) columns.push_back(element.column);
    const std::string name =
        constraint ? FreeName(table->name.schema,
                              MakeObjectName(table->name.name, primary ? "" : Underscored(columns),
                                             primary ? "pkey" : "key"))
                   : "";
    const RelationId index_id = AddIndex(Edit(id), name, std::move(copy));
    if (!constraint) continue;
    CatalogConstraint made;
    made.name = name;
    made.kind = primary ? ConstraintKind::kPrimaryKey : ConstraintKind::kUnique;
    made.columns = columns;
    made.index = index_id;
    made.origin = origin_;
    Edit(id)->constraints.push_back(std::move(made));
  }
}

void CatalogEditor::InheritFrom(Relation* table, const QualifiedName& parent_name, bool partition) {
  Relation* parent = Edit(parent_name);
  if (parent == nullptr) return;
  const RelationId id = table->id;
  table->parents.push_back(parent->id);
  parent->children.push_back(id);
  for (const CatalogColumn& column : parent->columns) {
    const auto same = [&](const CatalogColumn& own) { return own.name == column.name; };
    const auto own = std::find_if(table->columns.begin(), table->columns.end(), same);
    if (own == table->columns.end()) {
      table->columns.push_back(column);
      CatalogColumn& made = table->columns.back();
      // A serial column is a default that draws from a sequence; the default alone is inherited.
      if (made.serial) {
        made.default_expr = DrawFrom(catalog_.SequencesOf(parent->id, made.name));
        made.serial = made.default_expr == nullptr;
      }
    } else {
      own->not_null = own->not_null || column.not_null;
      // The parent's default counts where the child gives none.
      if (own->default_expr == nullptr && !own->serial && !own->identity) {
        own->default_expr = column.serial ? DrawFrom(catalog_.SequencesOf(parent->id, column.name))
                                          : column.default_expr;
      }
    }
  }
  for (const CatalogConstraint& constraint : parent->constraints) {
    const bool checks =
        constraint.kind == ConstraintKind::kCheck || constraint.kind == ConstraintKind::kNotNull;
    if (checks && !constraint.no_inherit && table->FindConstraint(constraint.name) == nullptr) {
      CatalogConstraint copy = constraint;
      copy.inherited = true;
      table->constraints.push_back(std::move(copy));
    }
    if (partition && constraint.kind == ConstraintKind::kForeignKey) {
      CatalogConstraint copy = constraint;
      copy.inherited = true;
      // One that the table had already is taken for the parent's.
      std::erase_if(table->constraints, [&](const CatalogConstraint& own) {
        return own.kind == ConstraintKind::kForeignKey && own.referenced == constraint.referenced &&
               own.columns == constraint.columns &&
               own.referenced_columns == constraint.referenced_columns;
      });
      catalog_.referencing_.insert(table->id);
      table->constraints.push_back(std::move(copy));
    }
  }
  if (!partition) return;
  for (CatalogTrigger trigger : parent->triggers) {
    if (!trigger.row) continue;
    trigger.inherited = true;
    Edit(id)->triggers.push_back(std::move(trigger));
  }
  const std::vector<RelationId> parent_indexes = parent->indexes;
  for (RelationId index_id : parent_indexes) AddPartitionIndex(id, index_id);
}

void CatalogEditor::Add(const CreateTable& create) {
  if (create.if_not_exists && catalog_.Find(create.relation.name) != nullptr) return;
  Relation* table =
      Create(create.relation, create.foreign                    ? RelationKind::kForeignTable
                              : create.partition_by.has_value() ? RelationKind::kPartitionedTable
                                                                : RelationKind::kTable);
  const RelationId id = table->id;
  table->tablespace = create.tablespace;
  table->server = create.server;
  table->access_method = create.access_method;
  if (create.of_type.has_value()) {
    table->of_type = create.of_type->name;
    if (const Relation* type = catalog_.Find(create.of_type->name)) {
      table->of_type = type->name;
      table->columns = type->columns;
    }
  }
  table->partition_key = create.partition_by;
  table->bound = create.bound;
  for (const LikeClause& like : create.likes) CopyLike(Edit(id), like);
  for (const ColumnDef& def : create.columns) {
    // PARTITION OF … (a WITH OPTIONS …) names columns of the parent, without a type.
    if (create.bound.has_value() && def.type.empty()) continue;
    if (create.of_type.has_value() && def.type.empty()) {
      for (CatalogColumn& column : Edit(id)->columns) {
        if (column.name == def.name && def.Find(ConstraintKind::kNotNull) != nullptr)
          column.not_null = true;
      }
      continue;
    }
    Edit(id)->columns.push_back(MakeColumn(def, *Edit(id)));
  }
  for (const RelationRef& parent : create.inherits) {
    InheritFrom(Edit(id), parent.name, create.bound.has_value());
  }
  for (const ColumnDef& def : create.columns) AddColumnConstraints(Edit(id), def);
  for (const ConstraintDef& def : create.constraints) AddConstraint(Edit(id), def, "");
}

void CatalogEditor::Add(const CreateTableAs& create) {
  if (create.if_not_exists && catalog_.Find(create.relation.name) != nullptr) return;
  std::vector<RelationId> reads;
  if (create.query != nullptr) reads = ReadBy(*create.query);
  Relation* table =
      Create(create.relation,
             create.materialized_view ? RelationKind::kMaterializedView : RelationKind::kTable);
  if (create.materialized_view) {
    table->query = create.query;
    table->depends_on = std::move(reads);
  }
  const RelationId id = table->id;
  std::vector<CatalogColumn> columns = OutputColumns(create.query.get(), create.columns);
  Edit(id)->columns = std::move(columns);
}

}  // namespace pgsift
