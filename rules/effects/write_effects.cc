// What INSERT, UPDATE, DELETE, MERGE and COPY set off beside the table: where rows go, foreign
// keys, triggers, defaults and checks.

#include <algorithm>
#include <functional>

#include "rules/effects/alter_table_effects.h"
#include "rules/effects/query_effects.h"
#include "rules/effects/row_values.h"
#include "rules/effects/view_columns.h"
#include "rules/facts/partition_prune.h"

namespace pgsift {

void QueryEffects::AddWritesOfWith(const Query& query, int depth) {
  const WithClause& with =
      std::visit([](const auto& node) -> const WithClause& { return node.with; }, query.node);
  for (const CommonTable& table : with.tables) {
    if (table.query == nullptr || std::get_if<Select>(&table.query->node) != nullptr) continue;
    query_ = table.query.get();
    AddWrites(*table.query, depth);
  }
  query_ = &query;
}

void QueryEffects::AddChecksOfTree(const Relation& table, RelationUse use, const Query* query,
                                   int depth) {
  AddChecksOf(table, use, query, depth);
  for (const Relation* child : catalog().DescendantsOf(table)) {
    AddChecksOf(*child, use, query, depth);
  }
}

void QueryEffects::AddWrites(const Query& query, int depth) {
  AddWritesOfWith(query, depth);
  if (const auto* insert = std::get_if<Insert>(&query.node)) {
    const Relation* table = out_.catalog().Find(insert->relation.name);
    if (table != nullptr && IsReplaced(*table, RelationUse::kInserted)) {
      if (table->kind != RelationKind::kView) AddRules(*table, RelationUse::kInserted, depth);
    } else if (table != nullptr && table->kind != RelationKind::kView) {
      LockAncestors(*table);
      AddInsert(*insert, *table);
      AddChecksOf(*table, RelationUse::kInserted, &query, depth);
      AddConflict(*insert, *table, depth);
    }
  }
  if (const auto* update = std::get_if<Update>(&query.node)) {
    const Relation* table = out_.catalog().Find(update->relation.name);
    if (table != nullptr && IsReplaced(*table, RelationUse::kUpdated)) {
      if (table->kind != RelationKind::kView) AddRules(*table, RelationUse::kUpdated, depth);
      return;
    }
    if (table != nullptr && table->kind != RelationKind::kView) {
      LockAncestors(*table);
      AddChecksOfTree(*table, RelationUse::kUpdated, &query, depth);
      if (table->kind == RelationKind::kPartitionedTable) AddMove(*update, *table);
    }
    for (const Target& target : update->assignments) {
      const CatalogColumn* column = table == nullptr || target.expr.kind != ExprKind::kDefault
                                        ? nullptr
                                        : table->FindColumn(target.alias);
      if (column != nullptr) AddDefault(*table, *column);
    }
    if (table != nullptr && !update->where.has_value()) {
      for (const Relation* leaf : Leaves(*table, out_.catalog())) {
        out_.Scan(*leaf, "there is no WHERE: every row is changed");
      }
    }
  }
  if (const auto* del = std::get_if<Delete>(&query.node)) {
    const Relation* table = out_.catalog().Find(del->relation.name);
    if (table != nullptr && IsReplaced(*table, RelationUse::kDeleted)) {
      if (table->kind != RelationKind::kView) AddRules(*table, RelationUse::kDeleted, depth);
      return;
    }
    if (table != nullptr && table->kind != RelationKind::kView) {
      if (out_.release() < 14) LockAncestors(*table);
      AddChecksOfTree(*table, RelationUse::kDeleted, &query, depth);
    }
    if (table != nullptr && !del->where.has_value()) {
      for (const Relation* leaf : Leaves(*table, out_.catalog())) {
        out_.Scan(*leaf, "there is no WHERE: every row is deleted");
      }
    }
  }
  if (const auto* merge = std::get_if<Merge>(&query.node)) {
    const Relation* table = out_.catalog().Find(merge->relation.name);
    if (table == nullptr) return;
    for (const MergeAction& action : merge->actions) {
      using Command = MergeAction::Command;
      if (action.command == Command::kInsert || action.command == Command::kUpdate) {
        LockAncestors(*table);
      }
      std::vector<std::string> columns;
      for (const Target& target : action.assignments) columns.push_back(target.alias);
      if (action.command == Command::kInsert) {
        if (columns.empty()) columns = OutputColumns(*table);
        AddChanges(*table, RelationUse::kInserted, columns, depth);
        std::vector<std::string> valued;
        for (size_t i = 0; i < columns.size(); ++i) {
          const CatalogColumn* column = table->FindColumn(columns[i]);
          const bool drawn = action.overriding_user && column != nullptr && column->identity;
          const bool left_out =
              i < action.values.size() && action.values[i].kind == ExprKind::kDefault;
          if (!drawn && !left_out) valued.push_back(columns[i]);
        }
        AddDefaults(*table, valued);
        if (table->kind == RelationKind::kPartitionedTable) {
          out_.Unknown("which partitions of `" + table->name.ToString() + "` the new rows go to");
        }
      }
      if (action.command == Command::kUpdate) {
        AddChangesOfTree(*table, RelationUse::kUpdated, columns, depth);
      }
      if (action.command == Command::kDelete) {
        AddChangesOfTree(*table, RelationUse::kDeleted, OutputColumns(*table), depth);
      }
    }
  }
}

void QueryEffects::AddCopied(const Copy& copy) {
  const Relation* table = out_.Lock(copy.relation.name, LockMode::kRowExclusive);
  if (table == nullptr) return;
  std::vector<std::string> columns = copy.columns;
  if (columns.empty()) {
    for (const CatalogColumn& column : table->columns) {
      if (!column.generated_stored && !column.generated_virtual) columns.push_back(column.name);
    }
  }
  LockAncestors(*table);
  AddDefaults(*table, columns);
  AddChanges(*table, RelationUse::kInserted, columns, 0);
  if (table->kind == RelationKind::kPartitionedTable) {
    for (const Relation* leaf : catalog().DescendantsOf(*table)) {
      out_.Lock(*leaf, LockMode::kRowExclusive);
    }
    out_.Unknown("which partitions of `" + table->name.ToString() + "` the new rows go to");
  }
}

void QueryEffects::AddDeferred(const std::vector<RelationRef>& named) {
  checks_deferred_ = true;
  for (const RelationRef& ref : named) wanted_.insert(ref.name.name);
  for (const auto& [id, rows] : catalog().written()) {
    const Relation* table = catalog().Find(id);
    if (table == nullptr) continue;
    const std::vector<std::string> columns = OutputColumns(*table);
    if (rows.inserted) AddKeyChecks(*table, RelationUse::kInserted, columns);
    if (rows.updated) AddKeyChecks(*table, RelationUse::kUpdated, columns);
    checked_.clear();
    if (rows.deleted) AddKeyChecks(*table, RelationUse::kDeleted, columns);
  }
}

void QueryEffects::AddDefaults(const Relation& table, const std::vector<std::string>& given) {
  for (const CatalogColumn& column : table.columns) {
    if (std::find(given.begin(), given.end(), column.name) == given.end()) {
      AddDefault(table, column);
    }
  }
}

void QueryEffects::AddDefault(const Relation& table, const CatalogColumn& column) {
  if (column.identity || column.serial) {
    // A partition draws from what its parent's column owns.
    const Relation* owner = &table;
    std::vector<const Relation*> sequences = catalog().SequencesOf(owner->id, column.name);
    while (sequences.empty() && !owner->parents.empty()) {
      owner = catalog().Find(owner->parents.front());
      if (owner == nullptr) break;
      sequences = catalog().SequencesOf(owner->id, column.name);
    }
    for (const Relation* sequence : sequences) out_.Lock(*sequence, LockMode::kRowExclusive);
    return;
  }
  if (column.default_expr != nullptr) {
    if (!column.generated_virtual) AddCalls(*column.default_expr);
    return;
  }
  if (column.type.array_dimensions > 0) return;
  if (const Expr* value = DomainDefault(column.type, catalog())) AddCalls(*value);
}

std::vector<std::string> QueryEffects::Valued(const Insert& insert, const Relation& table,
                                              std::vector<std::string> given) {
  std::erase_if(given, [&](const std::string& name) {
    const CatalogColumn* column = table.FindColumn(name);
    return insert.overriding_user && column != nullptr && column->identity;
  });
  return given;
}

void QueryEffects::LockAncestors(const Relation& table) {
  if (!table.bound.has_value()) return;
  for (const Relation* up = &table; !up->parents.empty();) {
    up = catalog().Find(up->parents.front());
    if (up == nullptr) return;
    out_.Lock(*up, LockMode::kAccessShare);
  }
}

void QueryEffects::AddInsert(const Insert& insert, const Relation& table) {
  const std::vector<std::string> given = GivenColumns(insert, table);
  std::vector<std::string> valued;
  for (size_t i = 0; i < given.size(); ++i) {
    const std::vector<std::vector<Expr>>& rows = insert.source->values;
    const bool left_out = std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
      return i < row.size() && row[i].kind == ExprKind::kDefault;
    });
    if (!left_out) valued.push_back(given[i]);
  }
  AddDefaults(table, Valued(insert, table, std::move(valued)));
  if (table.kind == RelationKind::kPartitionedTable) AddRouting(insert, table, given);
}

void QueryEffects::AddConflict(const Insert& insert, const Relation& table, int depth) {
  if (!insert.on_conflict.has_value() || !insert.on_conflict->update) return;
  std::vector<std::string> columns;
  for (const Target& target : insert.on_conflict->assignments) columns.push_back(target.alias);
  AddChanges(table, RelationUse::kUpdated, columns, depth);
}

void QueryEffects::AddMove(const Update& update, const Relation& table) {
  const std::vector<std::string> keys = PartitionColumns(table, catalog());
  std::vector<std::string> columns;
  for (const Target& target : update.assignments) columns.push_back(target.alias);
  if (!Meets(keys, columns)) return;
  std::vector<const Relation*> from;
  AddPartitions(table, update.relation.Label(), WhereOf(*query_), &from);
  const Relation* to = &table;
  std::vector<const Relation*> path;
  while (to->kind == RelationKind::kPartitionedTable) {
    const PartitionChoice choice = PartitionOfRow(
        *to, [&](const std::string& column) { return ValueOf(query_, column, table); }, catalog());
    if (!choice.known || choice.partitions.size() != 1) {
      out_.Unknown("which partitions of `" + table.name.ToString() + "` the changed rows go to");
      return;
    }
    to = choice.partitions.front();
    path.push_back(to);
  }
  for (const Relation* part : path) out_.Lock(*part, LockMode::kRowExclusive);
  std::erase(from, to);
  const bool moves = std::any_of(from.begin(), from.end(), [](const Relation* leaf) {
    return leaf->kind != RelationKind::kPartitionedTable;
  });
  if (!moves) return;
  // A moved row is deleted there and inserted here.
  std::vector<std::string> all;
  for (const CatalogColumn& column : table.columns) all.push_back(column.name);
  AddChanges(table, RelationUse::kInserted, all, kEffectDepthMax);
}

void QueryEffects::AddRouting(const Insert& insert, const Relation& table,
                              const std::vector<std::string>& given) {
  std::vector<const Relation*> leaves;
  bool all_known = insert.source != nullptr;
  if (all_known && insert.source->values.empty()) {
    std::vector<Expr> row;
    bool stars = false;
    // A query may give no row at all: only constants say that one goes somewhere.
    for (const Target& target : insert.source->targets) {
      stars = stars || target.expr.LastName() == "*";
      row.push_back(target.expr);
    }
    all_known = !stars && insert.source->sides.empty() && Route(table, given, row, &leaves);
  }
  for (size_t i = 0; all_known && i < insert.source->values.size(); ++i) {
    all_known = Route(table, given, insert.source->values[i], &leaves);
  }
  if (!all_known) {
    leaves = Leaves(table, out_.catalog());
    out_.Unknown("which partitions of `" + table.name.ToString() + "` the new rows go to");
  }
  for (const Relation* leaf : leaves) {
    out_.Lock(*leaf, LockMode::kRowExclusive);
    // On the way down, partitioned partitions are opened too.
    for (const Relation* up = leaf; !up->parents.empty();) {
      up = out_.catalog().Find(up->parents.front());
      if (up == nullptr || up == &table) break;
      out_.Lock(*up, LockMode::kRowExclusive);
    }
  }
}

bool QueryEffects::Route(const Relation& parent, const std::vector<std::string>& given,
                         const std::vector<Expr>& row, std::vector<const Relation*>* leaves) {
  if (parent.kind != RelationKind::kPartitionedTable) {
    leaves->push_back(&parent);
    return true;
  }
  const PartitionChoice choice = PartitionOfRow(
      parent,
      [&](const std::string& column) -> const Expr* {
        const auto at = std::find(given.begin(), given.end(), column);
        const auto index = static_cast<size_t>(at - given.begin());
        if (at != given.end()) {
          return index < row.size() && row[index].kind != ExprKind::kDefault
                     ? &row[index]
                     : DefaultOf(parent, column);
        }
        return DefaultOf(parent, column);
      },
      out_.catalog());
  return choice.known && choice.partitions.size() == 1 &&
         Route(*choice.partitions.front(), given, row, leaves);
}

void QueryEffects::AddChecksOf(const Relation& table, RelationUse use, const Query* query,
                               int depth) {
  std::vector<std::string> columns;
  bool all = true;
  if (query != nullptr) {
    if (const auto* insert = std::get_if<Insert>(&query->node)) {
      columns = insert->columns;
      all = columns.empty();
    }
    if (const auto* update = std::get_if<Update>(&query->node)) {
      for (const Target& target : update->assignments) columns.push_back(target.alias);
      all = false;
    }
  }
  if (all) {
    for (const CatalogColumn& column : table.columns) columns.push_back(column.name);
  }
  AddChanges(table, use, columns, depth);
  AddRules(table, use, depth);
}

void QueryEffects::AddChanges(const Relation& table, RelationUse use,
                              const std::vector<std::string>& columns, int depth) {
  AddKeyChecks(table, use, columns);
  AddTriggers(table, use, columns, depth);
  AddRowChecks(table, use);
}

void QueryEffects::AddChangesOfTree(const Relation& table, RelationUse use,
                                    const std::vector<std::string>& columns, int depth) {
  AddChanges(table, use, columns, depth);
  for (const Relation* child : catalog().DescendantsOf(table)) {
    AddChanges(*child, use, columns, depth);
  }
}

void QueryEffects::AddRowChecks(const Relation& table, RelationUse use) {
  if (use == RelationUse::kDeleted) return;
  for (const CatalogConstraint& constraint : table.constraints) {
    if (constraint.kind != ConstraintKind::kCheck || !constraint.enforced) continue;
    if (constraint.check != nullptr) AddCalls(*constraint.check);
  }
  for (const CatalogColumn& column : table.columns) {
    if (column.generated_stored && column.default_expr != nullptr) AddCalls(*column.default_expr);
  }
}

bool QueryEffects::IsCheckedNow(const CatalogConstraint& key) const {
  if (!checks_deferred_) return !catalog().IsDeferred(key);
  return catalog().IsDeferred(key) && (wanted_.empty() || wanted_.contains(key.name));
}

void QueryEffects::AddKeyChecks(const Relation& table, RelationUse use,
                                const std::vector<std::string>& columns) {
  if (use != RelationUse::kDeleted) {
    for (const CatalogConstraint& key : table.constraints) {
      if (key.kind != ConstraintKind::kForeignKey || !key.enforced) continue;
      if (!IsCheckedNow(key)) continue;
      const bool valued =
          std::any_of(key.columns.begin(), key.columns.end(), [&](const std::string& name) {
            const CatalogColumn* column = table.FindColumn(name);
            return column != nullptr && column->default_expr != nullptr;
          });
      // A row that this transaction wrote is looked up whatever changes. Source:
      // RI_FKey_fk_upd_check_required.
      const auto written = catalog().written().find(table.id);
      const bool fresh = use == RelationUse::kUpdated && written != catalog().written().end() &&
                         written->second.all_rows && !checks_deferred_;
      if (!Meets(key.columns, columns) && !fresh && !(use == RelationUse::kInserted && valued)) {
        continue;
      }
      // A column that gets no value is null, and then there is nothing to look up.
      const bool lacks =
          use == RelationUse::kInserted && key.columns.size() > 1 &&
          std::any_of(key.columns.begin(), key.columns.end(),
                      [&](const std::string& name) { return IsLeftNull(table, columns, name); });
      if (lacks || (key.inherited && !fresh && !Meets(key.columns, columns))) continue;
      const Relation* referenced = catalog().Find(key.referenced);
      if (referenced == nullptr) {
        out_.Lock(key.referenced_name, LockMode::kRowShare);
        continue;
      }
      if (NullOnly(key, table)) continue;
      out_.Lock(*referenced, LockMode::kRowShare);
      if (referenced->kind != RelationKind::kPartitionedTable || out_.release() >= 16) {
        out_.LockIndexes(*referenced, LockMode::kRowShare);
      }
      if (referenced->kind == RelationKind::kPartitionedTable) LookUpRows(key, *referenced, table);
    }
  }
  if (use == RelationUse::kInserted) return;
  if (!checked_.insert(table.id).second) return;
  for (const auto& [referencing, key] : catalog().ReferencesTo(table.id)) {
    if (!key->enforced || key->inherited) continue;
    if (use == RelationUse::kUpdated && !Meets(key->referenced_columns, columns)) continue;
    const char action = use == RelationUse::kDeleted ? key->on_delete : key->on_update;
    const bool acts = action == 'c' || action == 'n' || action == 'd';
    // RESTRICT is never put off, nor what a key does.
    if (acts || action == 'r' ? checks_deferred_ : !IsCheckedNow(*key)) continue;
    const LockMode mode = acts ? LockMode::kRowExclusive : LockMode::kRowShare;
    out_.Lock(*referencing, mode);
    const Expr where = KeyCondition(*key, table);
    Use(*referencing, {.name = referencing->name},
        acts ? RelationUse::kUpdated : RelationUse::kLocked, 0, &where);
    if (!acts) continue;
    const RelationUse then = action == 'c' && use == RelationUse::kDeleted ? RelationUse::kDeleted
                                                                           : RelationUse::kUpdated;
    // SET NULL leaves nothing to look up.
    if (action == 'c' || then == RelationUse::kDeleted) {
      AddKeyChecks(*referencing, then, key->columns);
    }
    AddTriggers(*referencing, then, key->columns, 1);
  }
}

bool QueryEffects::NullOnly(const CatalogConstraint& key, const Relation& table) const {
  return std::any_of(key.columns.begin(), key.columns.end(), [&](const std::string& name) {
    const Expr* value = ValueOf(query_, name, table);
    return value != nullptr && value->IsNullConstant();
  });
}

// Each row of VALUES looks up its own key.
void QueryEffects::LookUpRows(const CatalogConstraint& key, const Relation& parent,
                              const Relation& table) {
  const auto* insert = query_ == nullptr ? nullptr : std::get_if<Insert>(&query_->node);
  if (insert == nullptr || insert->source == nullptr || insert->source->values.size() < 2) {
    return LookUp(key, parent, table);
  }
  const Query* all = query_;
  for (const std::vector<Expr>& row : insert->source->values) {
    Select source;
    source.values = {row};
    Insert one;
    one.columns = insert->columns;
    one.source = std::make_shared<const Select>(std::move(source));
    const Query single{std::move(one)};
    query_ = &single;
    LookUp(key, parent, table);
  }
  query_ = all;
}

// The rows of another table that refer to the one that is changed, as far as the text says which.
Expr QueryEffects::KeyCondition(const CatalogConstraint& key, const Relation& table) const {
  Expr where;
  where.kind = ExprKind::kAnd;
  const Expr* own = query_ == nullptr ? nullptr : WhereOf(*query_);
  const RelationRef* target = nullptr;
  if (query_ != nullptr) {
    if (const auto* update = std::get_if<Update>(&query_->node)) target = &update->relation;
    if (const auto* del = std::get_if<Delete>(&query_->node)) target = &del->relation;
  }
  // The condition is about the statement's own table, not about what cascades from it.
  if (target == nullptr || catalog().Find(target->name) != &table) own = nullptr;
  for (size_t i = 0; i < key.columns.size() && i < key.referenced_columns.size(); ++i) {
    const Expr* value = own == nullptr ? nullptr : EqualTo(*own, key.referenced_columns[i]);
    if (value == nullptr || table.FindColumn(key.referenced_columns[i]) == nullptr) continue;
    Expr column;
    column.kind = ExprKind::kColumn;
    column.name = {key.columns[i]};
    Expr equal;
    equal.kind = ExprKind::kOperator;
    equal.name = {"="};
    equal.args = {std::move(column), *value};
    where.args.push_back(std::move(equal));
  }
  return where;
}

void QueryEffects::LookUp(const CatalogConstraint& key, const Relation& parent,
                          const Relation& table) {
  const PartitionChoice choice = PartitionOfRow(
      parent,
      [&](const std::string& column) -> const Expr* {
        for (size_t i = 0; i < key.referenced_columns.size() && i < key.columns.size(); ++i) {
          if (key.referenced_columns[i] == column) return ValueOf(query_, key.columns[i], table);
        }
        return nullptr;
      },
      catalog());
  if (!choice.known) {
    out_.Unknown("in which partitions of `" + parent.name.ToString() + "` the key is looked up");
    return;
  }
  for (const Relation* child : choice.partitions) {
    out_.Lock(*child, LockMode::kRowShare);
    if (child->kind != RelationKind::kPartitionedTable || out_.release() >= 16) {
      out_.LockIndexes(*child, LockMode::kRowShare);
    }
    if (child->kind == RelationKind::kPartitionedTable) LookUp(key, *child, table);
  }
}

void QueryEffects::AddTriggers(const Relation& table, RelationUse use,
                               const std::vector<std::string>& columns, int depth) {
  for (const CatalogTrigger& trigger : table.triggers) {
    if (!trigger.enabled) continue;
    if (!Fires(trigger, use)) continue;
    if (use == RelationUse::kUpdated && !trigger.update_columns.empty() &&
        !Meets(trigger.update_columns, columns)) {
      continue;
    }
    if (depth < kEffectDepthMax && triggered_.emplace(trigger.function, use, table.id).second) {
      AddTrigger(table, trigger, EventOf(use), &out_);
    }
  }
}

}  // namespace pgsift
