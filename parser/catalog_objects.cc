// Views, sequences, types, functions, triggers, publications; SET search_path, ROLLBACK and what
// routines do: as they change the catalog.

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "parser/catalog_editor.h"
#include "parser/routine_body.h"

namespace pgsift {
std::vector<RelationId> CatalogEditor::ReadBy(const Query& query) const {
  std::vector<RelationId> reads;
  VisitRelations(query, [&](const RelationRef& ref, RelationUse, const Expr*) {
    const Relation* relation = catalog_.Find(ref.name);
    if (relation == nullptr) return;
    if (std::find(reads.begin(), reads.end(), relation->id) == reads.end())
      reads.push_back(relation->id);
  });
  return reads;
}

std::vector<RelationId> CatalogEditor::ReadBy(const Expr* expr) const {
  std::vector<RelationId> reads;
  if (expr == nullptr) return reads;
  VisitRelations(*expr, [&](const RelationRef& ref, RelationUse, const Expr*) {
    if (const Relation* relation = catalog_.Find(ref.name)) reads.push_back(relation->id);
  });
  return reads;
}

void CatalogEditor::AddTrigger(const CreateTrigger& s) {
  const Relation* relation = catalog_.Find(s.relation.name);
  if (relation == nullptr) return;
  CatalogTrigger trigger{.name = s.name,
                         .function = s.function,
                         .row = s.row,
                         .before = s.before,
                         .constraint = s.constraint,
                         .on_insert = s.on_insert,
                         .on_update = s.on_update,
                         .on_delete = s.on_delete,
                         .on_truncate = s.on_truncate,
                         .update_columns = s.update_columns,
                         .transition_tables = s.transition_tables};
  std::vector<RelationId> targets = {relation->id};
  // Row triggers of a partitioned table are copied to its partitions.
  if (s.row && relation->kind == RelationKind::kPartitionedTable) {
    targets = WithDescendants(relation->id);
  }
  for (RelationId id : targets) {
    Relation* table = Edit(id);
    std::erase_if(table->triggers, [&](const CatalogTrigger& t) { return t.name == s.name; });
    table->triggers.push_back(trigger);
    trigger.inherited = true;
  }
}

void CatalogEditor::AddStatistics(const CreateStatistics& s) {
  Relation* table = Edit(s.relation.name);
  if (table == nullptr) return;
  QualifiedName name = s.name;
  if (name.empty()) {
    std::vector<std::string> parts;
    for (const IndexElement& element : s.elements) {
      parts.push_back(element.column.empty() ? "expr" : element.column);
    }
    std::string columns;
    for (const std::string& part : parts) columns += (columns.empty() ? "" : "_") + part;
    name = {table->name.schema, MakeObjectName(table->name.name, columns, "stat")};
  }
  table->statistics.push_back(NewName(name));
}

void CatalogEditor::ChangeOwned(const RoleOwned& s) {
  std::vector<RelationId> owned;
  for (const auto& [id, relation] : catalog_.relations_) {
    if (std::find(s.roles.begin(), s.roles.end(), relation->owner) != s.roles.end()) {
      owned.push_back(id);
    }
  }
  for (RelationId id : owned) {
    if (s.reassign) {
      Edit(id)->owner = s.new_owner;
    } else {
      Remove(id, s.cascade);
    }
  }
}

void CatalogEditor::SaveOrRestore(const TransactionCommand& command) {
  using Kind = TransactionCommand::Kind;
  auto& saved = catalog_.saved_;
  const auto save = [&](const std::string& name) {
    auto kept = std::move(saved);
    auto copy = std::make_shared<const Catalog>(catalog_);
    saved = std::move(kept);
    saved.emplace_back(name, std::move(copy));
  };
  const auto restore = [&](size_t at) {
    auto kept = std::move(saved);
    Catalog before = *kept[at].second;
    before.next_id_ = catalog_.next_id_;
    catalog_ = std::move(before);
    saved = std::move(kept);
  };
  const auto named = [&] {
    size_t at = saved.size();
    while (at > 0 && saved[at - 1].first != command.savepoint) --at;
    return at;
  };
  switch (command.kind) {
    case Kind::kBegin: {
      EndTransaction();
      const TransactionBlock* block = file_.TransactionOf(statement_);
      saved.clear();
      if (block != nullptr && block->rolled_back) save("");
      return;
    }
    case Kind::kCommit:
    case Kind::kPrepare:
      EndTransaction();
      saved.clear();
      return;
    case Kind::kRollback:
      if (!saved.empty() && saved.front().first.empty()) restore(0);
      EndTransaction();
      saved.clear();
      return;
    case Kind::kSavepoint:
      save(command.savepoint);
      return;
    case Kind::kRollbackTo:
      if (const size_t at = named(); at > 0) {
        restore(at - 1);
        saved.resize(at);
      }
      return;
    case Kind::kRelease:
      if (const size_t at = named(); at > 0) saved.resize(at - 1);
      return;
    default:
      return;
  }
}

void CatalogEditor::EndTransaction() {
  EndLocalSettings();
  catalog_.written_.clear();
  catalog_.constraint_modes_.clear();
}

void CatalogEditor::NoteWritten(const RelationRef& ref, const Catalog::Written& rows) {
  const Relation* table = catalog_.Find(ref.name);
  if (table == nullptr || statement_.transaction == kNoTransaction) return;
  Catalog::Written& written = catalog_.written_[table->id];
  written.inserted |= rows.inserted;
  written.updated |= rows.updated;
  written.deleted |= rows.deleted;
  written.all_rows |= rows.all_rows;
}

void CatalogEditor::SetConstraintModes(const SetConstraints& set) {
  if (statement_.transaction == kNoTransaction) return;
  if (set.constraints.empty()) catalog_.constraint_modes_ = {{"", set.deferred}};
  for (const RelationRef& ref : set.constraints) {
    catalog_.constraint_modes_[ref.name.name] = set.deferred;
  }
}

// DO blocks and functions that the statement calls: their static SQL, every branch.
void CatalogEditor::ApplyRoutines() {
  const std::vector<CalledRoutine> called = RoutinesOf(statement_, catalog_);
  if (called.empty()) return;
  if (routines_ == nullptr) routines_ = std::make_shared<std::set<uint64_t>>();
  for (const CalledRoutine& routine : called) {
    // Once is enough: what it makes is there then. Routines may call themselves, or each other.
    if (!routines_->insert(routine.body->id).second) continue;
    for (const RoutineStatement& inner : routine.body->statements) {
      if (inner.kind != RoutineStatement::Kind::kStatic) continue;
      const auto* command = inner.statement.As<TransactionCommand>();
      if (command != nullptr) continue;
      Statement placed = inner.statement;
      placed.span = statement_.span;
      placed.transaction = statement_.transaction;
      CatalogEditor editor(&catalog_, file_, placed);
      editor.routines_ = routines_;
      editor.Apply();
    }
  }
}

void CatalogEditor::AddView(const CreateView& create) {
  std::vector<RelationId> reads;
  if (create.query != nullptr) reads = ReadBy(*create.query);
  Relation* view = create.replace ? Edit(create.relation.name) : nullptr;
  if (view == nullptr) {
    // A view of something temporary is temporary itself.
    RelationRef ref = create.relation;
    for (RelationId id : reads) {
      const Relation* read = catalog_.Find(id);
      ref.temporary |= read != nullptr && read->persistence == Persistence::kTemporary;
    }
    view = Create(ref, RelationKind::kView);
  }
  view->query = create.query;
  view->depends_on = std::move(reads);
  const RelationId id = view->id;
  std::vector<CatalogColumn> columns = OutputColumns(create.query.get(), create.columns);
  Edit(id)->columns = std::move(columns);
}

// The columns that a query gives; of those that it takes from tables as they are, the types too.
std::vector<CatalogColumn> CatalogEditor::OutputColumns(
    const Query* query, const std::vector<std::string>& names) const {
  std::vector<CatalogColumn> columns;
  const auto* select = query == nullptr ? nullptr : std::get_if<Select>(&query->node);
  while (select != nullptr && !select->sides.empty()) select = &select->sides.front();
  if (select != nullptr) {
    std::vector<std::pair<std::string, const Relation*>> tables;
    const std::function<void(const std::vector<FromItem>&)> collect =
        [&](const std::vector<FromItem>& items) {
          for (const FromItem& item : items) {
            if (item.kind == FromKind::kRelation) {
              if (const Relation* table = catalog_.Find(item.relation.name)) {
                tables.emplace_back(item.relation.Label(), table);
              }
            }
            collect(item.sides);
          }
        };
    collect(select->from);
    for (const Target& target : select->targets) AddOutput(target, tables, &columns);
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (i >= columns.size()) columns.emplace_back();
    columns[i].name = names[i];
  }
  return columns;
}

void CatalogEditor::AddOutput(const Target& target,
                              const std::vector<std::pair<std::string, const Relation*>>& tables,
                              std::vector<CatalogColumn>* columns) const {
  const auto add = [&](const std::string& name, const CatalogColumn* source) {
    CatalogColumn column;
    column.name = name;
    column.origin = origin_;
    if (source != nullptr) {
      column.type = source->type;
      column.collation = source->collation;
    }
    columns->push_back(std::move(column));
  };
  const Expr& expr = target.expr;
  const bool star = expr.kind == ExprKind::kColumn && expr.LastName() == "*";
  const std::string label =
      expr.kind == ExprKind::kColumn && expr.name.size() > 1 ? expr.name[expr.name.size() - 2] : "";
  if (star) {
    for (const auto& [name, table] : tables) {
      if (!label.empty() && label != name) continue;
      for (const CatalogColumn& column : table->columns) add(column.name, &column);
    }
    return;
  }
  const std::string name = target.alias.empty() ? ImpliedColumnName(expr) : target.alias;
  const CatalogColumn* source = nullptr;
  if (expr.kind == ExprKind::kColumn) {
    for (const auto& [table_label, table] : tables) {
      if (!label.empty() && label != table_label) continue;
      if (source == nullptr) source = table->FindColumn(expr.LastName());
    }
  }
  CatalogColumn cast;
  if (expr.kind == ExprKind::kCast && expr.type != nullptr) {
    cast.type = *expr.type;
    source = &cast;
  }
  add(name, source);
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

void CatalogEditor::Change(const SetVariable& set, Catalog::Settings* settings) {
  if (set.name.empty()) {  // RESET ALL leaves the role.
    const std::string role = std::move(settings->role);
    *settings = {.role = role};
    return;
  }
  const std::string value = set.reset || set.values.empty() ? "" : set.values.front();
  if (EqualsIgnoringCase(set.name, "timezone")) {
    const std::string zone = Lower(value);
    settings->time_zone_is_known = !zone.empty();
    settings->time_zone_is_utc = zone == "utc" || zone == "gmt" || zone == "etc/utc" ||
                                 zone == "etc/gmt" || zone == "uct" || zone == "zulu" ||
                                 zone == "0";
  }
  if (EqualsIgnoringCase(set.name, "role") ||
      EqualsIgnoringCase(set.name, "session_authorization")) {
    const bool none = EqualsIgnoringCase(value, "none") || EqualsIgnoringCase(value, "default");
    settings->role = none ? "" : value;
  }
  if (EqualsIgnoringCase(set.name, "check_function_bodies")) {
    const std::string lower = Lower(value);
    settings->checks_function_bodies = lower != "off" && lower != "false" && lower != "0";
  }
  if (set.name != "search_path") return;
  if (set.reset) {
    settings->search_path = {"public"};
    return;
  }
  settings->search_path.clear();
  for (const std::string& schema : set.values) {
    if (!schema.empty() && schema != "$user" && schema != "pg_catalog") {
      settings->search_path.push_back(schema);
    }
  }
}

void CatalogEditor::Set(const SetVariable& set) {
  if (set.system) return;
  if (set.local && !catalog_.before_local_.has_value()) {
    catalog_.before_local_ = catalog_.settings_;
  }
  Change(set, &catalog_.settings_);
  if (!set.local && catalog_.before_local_.has_value()) Change(set, &*catalog_.before_local_);
}

void CatalogEditor::SetByCall(const Expr& call) {
  if (call.kind != ExprKind::kFunction || call.LastName() != "set_config") return;
  if (call.args.size() < 2 || call.args[0].value != "search_path") return;
  SetVariable set{.name = "search_path"};
  for (std::string_view left = call.args[1].value; !left.empty();) {
    const size_t comma = std::min(left.find(','), left.size());
    std::string_view name = Trim(left.substr(0, comma));
    left.remove_prefix(std::min(comma + 1, left.size()));
    if (name.size() > 1 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    set.values.emplace_back(name);
  }
  set.local = call.args.size() > 2 && call.args[2].value == "true";
  Set(set);
}

void CatalogEditor::EndLocalSettings() {
  if (!catalog_.before_local_.has_value()) return;
  catalog_.settings_ = *std::move(catalog_.before_local_);
  catalog_.before_local_.reset();
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
  void operator()(const SetVariable& s) const { editor.Set(s); }
  void operator()(const Select& s) const {
    if (s.into.has_value()) {
      CreateTableAs create;
      create.relation = *s.into;
      create.query = std::make_shared<const Query>(Query{s});
      editor.Add(create);
    }
    for (const Target& target : s.targets) editor.SetByCall(target.expr);
  }
  void operator()(const AlterSequence& s) const {
    Relation* sequence = editor.Edit(s.relation.name);
    if (sequence != nullptr && s.owned_by.size() == 1) {
      sequence->table = RelationId::kNone;
      sequence->owning_column.clear();
    }
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
    // What the base type's default is now, not what it may be later.
    std::vector<ConstraintDef> constraints = s.constraints;
    const auto is_default = [](const ConstraintDef& c) {
      return c.kind == ConstraintKind::kDefault;
    };
    const CatalogType* base = editor.catalog_.FindType(s.type.name);
    if (base != nullptr && std::none_of(constraints.begin(), constraints.end(), is_default)) {
      std::copy_if(base->constraints.begin(), base->constraints.end(),
                   std::back_inserter(constraints), is_default);
    }
    CatalogType& type = AddType(s.name, CatalogType::Kind::kDomain);
    type.base = s.type;
    type.constraints = std::move(constraints);
  }
  void operator()(const AlterDomain& s) const {
    const CatalogType* known = editor.catalog_.FindType(s.name);
    if (known == nullptr) return;
    std::vector<ConstraintDef>& constraints = editor.catalog_.types_[known->name].constraints;
    if (s.action == 'C' && s.constraint.has_value()) constraints.push_back(*s.constraint);
    if (s.action == 'T') {
      std::erase_if(constraints,
                    [](const ConstraintDef& c) { return c.kind == ConstraintKind::kDefault; });
      if (s.default_expr != nullptr) {
        ConstraintDef value{.kind = ConstraintKind::kDefault};
        value.expr = s.default_expr;
        constraints.push_back(std::move(value));
      }
    }
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
                                            .sql_body = s.sql_body,
                                            .origin = editor.origin_});
  }
  void operator()(const CreateTrigger& s) const { editor.AddTrigger(s); }
  void operator()(const CreateStatistics& s) const { editor.AddStatistics(s); }
  void operator()(const TransactionCommand& s) const { editor.SaveOrRestore(s); }
  void operator()(const CreatePolicy& s) const {
    std::vector<RelationId> reads = editor.ReadBy(s.using_expr.get());
    const std::vector<RelationId> checks = editor.ReadBy(s.check_expr.get());
    reads.insert(reads.end(), checks.begin(), checks.end());
    if (Relation* table = editor.Edit(s.relation.name)) {
      table->policies.push_back({.name = s.name, .reads = std::move(reads)});
    }
  }
  void operator()(const CreateRule& s) const {
    if (Relation* table = editor.Edit(s.relation.name)) {
      std::erase_if(table->rules, [&](const CatalogRule& r) { return r.name == s.name; });
      // With a condition the statement itself runs too, for the other rows.
      table->rules.push_back({.name = s.name,
                              .event = s.event,
                              .instead = s.instead && s.where == nullptr,
                              .actions = s.actions});
    }
  }
  void operator()(const Reindex& s) const {
    if (s.kind != "INDEX" || s.tablespace.empty()) return;
    if (Relation* index = editor.Edit(s.relation.name)) index->tablespace = s.tablespace;
  }
  void operator()(const MoveAllInTablespace& s) const {
    std::vector<RelationId> moved;
    for (const auto& [id, relation] : editor.catalog_.relations_) {
      if (relation->tablespace == s.from) moved.push_back(id);
    }
    for (RelationId id : moved) editor.Edit(id)->tablespace = s.to;
  }
  void operator()(const CreatePublication& s) const {
    CatalogPublication& publication = editor.catalog_.publications_[s.name];
    publication = {.name = s.name, .all_tables = s.all_tables};
    for (const RelationRef& ref : s.relations) {
      if (const Relation* table = editor.catalog_.Find(ref.name)) {
        publication.tables.push_back(table->id);
      }
    }
  }
  void operator()(const AlterPublication& s) const {
    const auto found = editor.catalog_.publications_.find(s.name);
    if (found == editor.catalog_.publications_.end() || s.options_only) return;
    std::vector<RelationId>& tables = found->second.tables;
    if (s.action == 's') tables.clear();
    for (const RelationRef& ref : s.relations) {
      const Relation* table = editor.catalog_.Find(ref.name);
      if (table == nullptr) continue;
      std::erase(tables, table->id);
      if (s.action != 'd') tables.push_back(table->id);
    }
  }
  void operator()(const Insert& s) const { editor.NoteWritten(s.relation, {.inserted = true}); }
  void operator()(const Copy& s) const {
    if (s.from) editor.NoteWritten(s.relation, {.inserted = true});
  }
  void operator()(const Update& s) const {
    const bool all = !s.where.has_value() && s.from.empty();
    editor.NoteWritten(s.relation, {.updated = true, .all_rows = all});
  }
  void operator()(const Delete& s) const { editor.NoteWritten(s.relation, {.deleted = true}); }
  void operator()(const Merge& s) const {
    editor.NoteWritten(s.relation, {.inserted = true, .updated = true, .deleted = true});
  }
  void operator()(const SetConstraints& s) const { editor.SetConstraintModes(s); }
  void operator()(const Prepare& s) const { editor.catalog_.prepared_[s.name] = s.query; }
  void operator()(const Cluster& s) const {
    Relation* table = editor.Edit(s.relation.name);
    if (table == nullptr || s.index.empty()) return;
    editor.MarkClustered(*table, s.index);
  }
  void operator()(const CreateServer& s) const { editor.catalog_.servers_[s.name] = s.wrapper; }
  void operator()(const RoleOwned& s) const { editor.ChangeOwned(s); }
  void operator()(const OtherStatement& s) const {
    if (s.node != "AlterSubscriptionStmt" && s.node != "CreateSubscriptionStmt") return;
    for (const Option& option : s.options) {
      if (option.name == "slot_name" && EqualsIgnoringCase(option.value, "none")) {
        editor.catalog_.subscriptions_without_slot_.insert(s.subscription);
      }
    }
  }
  void operator()(const CreateSchema& s) const {
    std::vector<std::string>& path = editor.catalog_.settings_.search_path;
    const std::vector<std::string> before = path;
    path.insert(path.begin(), s.name);
    for (const auto& element : s.elements) {
      Statement placed = *element;
      placed.span = editor.statement_.span;
      placed.transaction = editor.statement_.transaction;
      CatalogEditor(&editor.catalog_, editor.file_, placed).Apply();
    }
    editor.catalog_.settings_.search_path = before;
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

void CatalogEditor::MarkClustered(const Relation& table, const std::string& name) {
  const std::vector<RelationId> indexes = table.indexes;
  for (RelationId id : indexes) {
    Relation* index = Edit(id);
    index->index->clustered = index->name.name == name;
  }
}

void CatalogEditor::ApplyToSession() {
  Apply();
  if (statement_.transaction == kNoTransaction) EndLocalSettings();
}

void CatalogEditor::Apply() {
  std::visit(Visitor{*this}, statement_.node);
  if (MayCallRoutines(statement_)) ApplyRoutines();
}

void Catalog::Apply(const SqlFile& file, const Statement& statement) {
  CatalogEditor(this, file, statement).ApplyToSession();
}

void Catalog::EndOfFile() {
  settings_ = {};
  before_local_.reset();
  saved_.clear();
  prepared_.clear();
  written_.clear();
  constraint_modes_.clear();
  auto name = names_.lower_bound({"pg_temp", ""});
  while (name != names_.end() && name->first.schema == "pg_temp") {
    relations_.erase(name->second);
    name = names_.erase(name);
  }
}

}  // namespace pgsift
