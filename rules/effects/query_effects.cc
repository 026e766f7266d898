// SELECT, INSERT, UPDATE, DELETE and MERGE: locks of parse analysis, of rewriting (views, rules),
// of planning (children, indexes) and of execution (foreign keys, triggers, functions, sequences).

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "absl/strings/str_format.h"
#include "parser/query_walk.h"
#include "parser/routine_body.h"
#include "rules/effects/alter_table_effects.h"
#include "rules/effects/view_columns.h"
#include "rules/facts/partition_prune.h"

namespace pgsift {
namespace {

LockMode ModeOf(RelationUse use) {
  switch (use) {
    case RelationUse::kRead:
      return LockMode::kAccessShare;
    case RelationUse::kLocked:
      return LockMode::kRowShare;
    default:
      return LockMode::kRowExclusive;
  }
}

bool Writes(RelationUse use) { return use > RelationUse::kLocked; }

// Follows one query with all that it sets off.
class QueryEffects {
 public:
  QueryEffects(EffectBuilder* out, bool executed) : out_(*out), executed_(executed) {}

  void Add(const Query& query, int depth) {
    if (depth > kEffectDepthMax) return;
    query_ = &query;
    VisitRelations(query, [&](const RelationRef& ref, RelationUse use, const Expr* where) {
      const Relation* relation = out_.Lock(ref.name, ModeOf(use));
      if (relation != nullptr) Use(*relation, ref, use, depth, where);
    });
    AddSequences(query);
    if (executed_) AddWrites(query, depth);
    if (executed_) AddFunctions(query, depth);
  }

 private:
  void Use(const Relation& relation, const RelationRef& ref, RelationUse use, int depth,
           const Expr* where) {
    UsePolicies(relation, depth);
    if (relation.kind == RelationKind::kView) {
      return UseView(relation, use, WrittenColumns(relation), depth, ref.Label(), where);
    }
    const LockMode mode = ModeOf(use);
    // INSERT is not planned on its target, nor is what a rule replaces.
    if (use == RelationUse::kInserted) return;
    if (IsReplaced(relation, use) && !RulesReadRows(relation, use)) return;
    const std::vector<const Relation*> children =
        ref.only ? std::vector<const Relation*>{} : Touched(relation, ref.Label(), where);
    const bool partitioned = relation.kind == RelationKind::kPartitionedTable;
    if (!partitioned || out_.release() >= 16) out_.LockIndexes(relation, mode);
    for (const Relation* child : children) {
      out_.Lock(*child, mode);
      if (child->kind != RelationKind::kPartitionedTable || out_.release() >= 16) {
        out_.LockIndexes(*child, mode);
      }
    }
  }

  // A rule ON … DO INSTEAD without a condition takes the statement's place.
  static bool IsReplaced(const Relation& relation, RelationUse use) {
    return Writes(use) &&
           std::any_of(relation.rules.begin(), relation.rules.end(), [&](const CatalogRule& rule) {
             return rule.instead && rule.event == EventOf(use);
           });
  }

  // What a rule does instead joins the rows that the statement would have changed.
  static bool RulesReadRows(const Relation& relation, RelationUse use) {
    bool reads = false;
    for (const CatalogRule& rule : relation.rules) {
      if (rule.event != EventOf(use)) continue;
      for (const auto& action : rule.actions) {
        VisitExpressions(*action, [&](const Expr& expr) {
          reads = reads || (expr.IsColumn() && expr.name.size() > 1 &&
                            (expr.name.front() == "old" || expr.name.front() == "new"));
        });
      }
    }
    return reads;
  }

  // Children that the planner opens: of a partitioned table those that constants allow.
  std::vector<const Relation*> Touched(const Relation& relation, const std::string& label,
                                       const Expr* where) {
    if (relation.kind != RelationKind::kPartitionedTable) {
      return out_.catalog().DescendantsOf(relation);
    }
    std::vector<const Relation*> touched;
    AddPartitions(relation, label, where, &touched);
    return touched;
  }

  void AddPartitions(const Relation& parent, const std::string& label, const Expr* where,
                     std::vector<const Relation*>* touched) {
    const PartitionChoice choice = PartitionsFor(parent, label, where, out_.catalog());
    if (!choice.known) {
      out_.Unknown("which partition of `" + parent.name.ToString() + "` holds the key");
    }
    for (const Relation* child : choice.partitions) {
      touched->push_back(child);
      if (child->kind == RelationKind::kPartitionedTable) {
        AddPartitions(*child, label, where, touched);
      }
    }
  }

  static const Expr* WhereOf(const Query& query) {
    const std::optional<Expr>* where = nullptr;
    if (const auto* s = std::get_if<Select>(&query.node)) where = &s->where;
    if (const auto* s = std::get_if<Update>(&query.node)) where = &s->where;
    if (const auto* s = std::get_if<Delete>(&query.node)) where = &s->where;
    return where == nullptr || !where->has_value() ? nullptr : &**where;
  }

  // The constant that the condition sets the column equal to, or null.
  static const Expr* EqualTo(const Expr& expr, const std::string& column) {
    if (expr.kind == ExprKind::kAnd) {
      for (const Expr& part : expr.args) {
        if (const Expr* value = EqualTo(part, column)) return value;
      }
      return nullptr;
    }
    if (expr.kind != ExprKind::kOperator || expr.op != OperatorKind::kPlain ||
        expr.LastName() != "=" || expr.args.size() != 2) {
      return nullptr;
    }
    for (int side = 0; side < 2; ++side) {
      const Expr& name = expr.args[side];
      const Expr* value = &expr.args[1 - side];
      while (value->kind == ExprKind::kCast && !value->args.empty()) value = &value->args.front();
      if (name.IsColumn() && name.LastName() == column && value->kind == ExprKind::kConstant) {
        return value;
      }
    }
    return nullptr;
  }

  // Tables that row security looks at, for a role that it applies to.
  void UsePolicies(const Relation& relation, int depth) {
    if (!relation.row_security || !catalog().role_is_set() || depth > kEffectDepthMax) return;
    for (const CatalogPolicy& policy : relation.policies) {
      for (RelationId id : policy.reads) {
        const Relation* read = catalog().Find(id);
        if (read == nullptr || read->id == relation.id) continue;
        out_.Lock(*read, LockMode::kAccessShare);
        Use(*read, {.name = read->name}, RelationUse::kRead, depth + 1, nullptr);
      }
    }
  }

  // The columns that the statement gives values to, if it writes the relation.
  std::vector<std::string> WrittenColumns(const Relation& relation) const {
    std::vector<std::string> columns;
    if (query_ == nullptr) return columns;
    if (const auto* update = std::get_if<Update>(&query_->node)) {
      for (const Target& target : update->assignments) columns.push_back(target.alias);
    }
    if (const auto* insert = std::get_if<Insert>(&query_->node)) {
      columns = insert->columns;
      if (columns.empty()) columns = OutputColumns(relation);
    }
    return columns;
  }

  static bool HasInsteadTrigger(const Relation& view, RelationUse use) {
    return std::any_of(view.triggers.begin(), view.triggers.end(), [&](const auto& trigger) {
      return trigger.enabled && trigger.row && Fires(trigger, use);
    });
  }

  // A view is replaced by its query. Written, what it is made of is written, unless a trigger or a
  // rule does the work.
  void UseView(const Relation& view, RelationUse use, const std::vector<std::string>& columns,
               int depth, const std::string& label = {}, const Expr* outer = nullptr) {
    if (view.query == nullptr || depth > kEffectDepthMax) return;
    bool first = true;
    if (IsReplaced(view, use)) {
      UseView(view, RelationUse::kRead, {}, depth + 1, label, outer);
      return AddRules(view, use, depth + 1);
    }
    if (Writes(use) && HasInsteadTrigger(view, use)) {
      if (executed_) AddTriggers(view, use, columns, depth + 1);
      if (use == RelationUse::kInserted) return;
      return UseView(view, RelationUse::kRead, {}, depth + 1, label, outer);
    }
    VisitRelations(*view.query, [&](const RelationRef& ref, RelationUse inner, const Expr* where) {
      RelationUse effective = inner;
      if (Writes(use)) {
        if (first) effective = use;
        first = false;
      } else if (use == RelationUse::kLocked) {
        effective = RelationUse::kLocked;
      }
      const Relation* base = out_.Lock(ref.name, ModeOf(effective));
      if (base == nullptr) return;
      const std::optional<Expr> pushed = PushedDown(view, label, outer, ref, *base, where);
      if (pushed.has_value()) where = &*pushed;
      if (base->kind == RelationKind::kView) {
        UsePolicies(*base, depth + 1);
        return UseView(*base, effective, ColumnsBelow(view, *base, ref.Label(), columns), depth + 1,
                       ref.Label(), where);
      }
      Use(*base, ref, effective, depth + 1, where);
      if (!Writes(effective) || !executed_) return;
      const std::vector<std::string> below = ColumnsBelow(view, *base, ref.Label(), columns);
      AddKeyChecks(*base, effective, below);
      AddTriggers(*base, effective, below, depth + 1);
      AddRules(*base, effective, depth + 1);
      if (effective == RelationUse::kInserted) AddDefaults(*base, below);
    });
  }

  void AddSequences(const Query& query) {
    VisitExpressions(query, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kFunction) return;
      const std::string_view name = expr.LastName();
      if (name != "nextval" && name != "setval" && name != "currval") return;
      if (expr.args.empty()) return;
      const Expr* text = &expr.args.front();
      while (text->kind == ExprKind::kCast && !text->args.empty()) text = &text->args.front();
      if (text->kind != ExprKind::kConstant) {
        if (executed_) out_.Unknown("which sequence `" + std::string(name) + "()` changes");
        return;
      }
      if (executed_) {
        out_.Lock(ParseQualifiedName(text->value), LockMode::kRowExclusive,
                  RelationKind::kSequence);
      }
    });
  }

  // Queries in WITH that write.
  void AddWritesOfWith(const Query& query, int depth) {
    const WithClause& with =
        std::visit([](const auto& node) -> const WithClause& { return node.with; }, query.node);
    for (const CommonTable& table : with.tables) {
      if (table.query == nullptr || std::get_if<Select>(&table.query->node) != nullptr) continue;
      query_ = table.query.get();
      AddWrites(*table.query, depth);
    }
    query_ = &query;
  }

  // Children have triggers and keys of their own.
  void AddChecksOfTree(const Relation& table, RelationUse use, const Query* query, int depth) {
    AddChecksOf(table, use, query, depth);
    for (const Relation* child : catalog().DescendantsOf(table)) {
      AddChecksOf(*child, use, query, depth);
    }
  }

  void AddWrites(const Query& query, int depth) {
    AddWritesOfWith(query, depth);
    if (const auto* insert = std::get_if<Insert>(&query.node)) {
      const Relation* table = out_.catalog().Find(insert->relation.name);
      if (table != nullptr && IsReplaced(*table, RelationUse::kInserted)) {
        if (table->kind != RelationKind::kView) AddRules(*table, RelationUse::kInserted, depth);
      } else if (table != nullptr && table->kind != RelationKind::kView) {
        AddInsert(*insert, *table);
        AddChecksOf(*table, RelationUse::kInserted, &query, depth);
      }
    }
    if (const auto* update = std::get_if<Update>(&query.node)) {
      const Relation* table = out_.catalog().Find(update->relation.name);
      if (table != nullptr && IsReplaced(*table, RelationUse::kUpdated)) {
        if (table->kind != RelationKind::kView) AddRules(*table, RelationUse::kUpdated, depth);
        return;
      }
      if (table != nullptr && table->kind != RelationKind::kView) {
        AddChecksOfTree(*table, RelationUse::kUpdated, &query, depth);
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
        if (action.command == Command::kInsert) {
          AddChecksOf(*table, RelationUse::kInserted, nullptr, depth);
          AddDefaults(*table, {});
        }
        if (action.command == Command::kUpdate) {
          std::vector<std::string> columns;
          for (const Target& target : action.assignments) columns.push_back(target.alias);
          AddKeyChecks(*table, RelationUse::kUpdated, columns);
        }
        if (action.command == Command::kDelete) {
          AddChecksOf(*table, RelationUse::kDeleted, nullptr, depth);
        }
      }
    }
  }

  void AddDefaults(const Relation& table, const std::vector<std::string>& given) {
    for (const CatalogColumn& column : table.columns) {
      if (std::find(given.begin(), given.end(), column.name) != given.end()) continue;
      if (column.identity || column.serial) {
        for (const Relation* sequence : out_.catalog().SequencesOf(table.id, column.name)) {
          out_.Lock(*sequence, LockMode::kRowExclusive);
        }
      } else if (column.default_expr != nullptr && !column.generated_virtual) {
        AddCalls(*column.default_expr);
      }
    }
  }

  // Where new rows go, and what their defaults draw from.
  void AddInsert(const Insert& insert, const Relation& table) {
    std::vector<std::string> given = insert.columns;
    if (given.empty() && insert.source != nullptr) {
      size_t width = insert.source->values.empty() ? insert.source->targets.size()
                                                   : insert.source->values.front().size();
      const bool star =
          std::any_of(insert.source->targets.begin(), insert.source->targets.end(),
                      [](const Target& target) { return target.expr.LastName() == "*"; });
      if (star) width = table.columns.size();
      for (size_t i = 0; i < std::min(width, table.columns.size()); ++i) {
        given.push_back(table.columns[i].name);
      }
    }
    AddDefaults(table, given);
    if (insert.on_conflict.has_value() &&
        (!insert.on_conflict->targets.empty() || !insert.on_conflict->constraint.empty())) {
      out_.LockIndexes(table, LockMode::kRowExclusive);
    }
    if (table.kind == RelationKind::kPartitionedTable) AddRouting(insert, table, given);
  }

  void AddRouting(const Insert& insert, const Relation& table,
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
      all_known = !stars && table.children.size() > 1 && insert.source->sides.empty() &&
                  Route(table, given, row, &leaves);
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

  bool Route(const Relation& parent, const std::vector<std::string>& given,
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

  // The value of a column that a row does not give.
  static const Expr* DefaultOf(const Relation& table, const std::string& name) {
    static const Expr* const kNull = [] {
      auto* null = new Expr;
      null->kind = ExprKind::kConstant;
      null->constant = ConstantKind::kNull;
      return null;
    }();
    const CatalogColumn* column = table.FindColumn(name);
    if (column == nullptr || column->identity || column->serial) return nullptr;
    return column->default_expr == nullptr ? kNull : column->default_expr.get();
  }

  // Foreign keys and triggers that rows set off.
  void AddChecksOf(const Relation& table, RelationUse use, const Query* query, int depth) {
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
    AddKeyChecks(table, use, columns);
    AddTriggers(table, use, columns, depth);
    AddRules(table, use, depth);
  }

  static bool Meets(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const std::string& name) {
      return std::find(b.begin(), b.end(), name) != b.end();
    });
  }

  void AddKeyChecks(const Relation& table, RelationUse use,
                    const std::vector<std::string>& columns) {
    if (use != RelationUse::kDeleted) {
      for (const CatalogConstraint& key : table.constraints) {
        if (key.kind != ConstraintKind::kForeignKey || !key.enforced) continue;
        const bool valued =
            std::any_of(key.columns.begin(), key.columns.end(), [&](const std::string& name) {
              const CatalogColumn* column = table.FindColumn(name);
              return column != nullptr && column->default_expr != nullptr;
            });
        if (!Meets(key.columns, columns) && !(use == RelationUse::kInserted && valued)) continue;
        // A column that gets no value is null, and then there is nothing to look up.
        const bool lacks =
            use == RelationUse::kInserted && key.columns.size() > 1 &&
            std::any_of(key.columns.begin(), key.columns.end(),
                        [&](const std::string& name) { return IsLeftNull(table, columns, name); });
        if (lacks || (key.inherited && !Meets(key.columns, columns))) continue;
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
        if (referenced->kind == RelationKind::kPartitionedTable) LookUp(key, *referenced, table);
      }
    }
    if (use == RelationUse::kInserted) return;
    if (!checked_.insert(table.id).second) return;
    for (const auto& [referencing, key] : catalog().ReferencesTo(table.id)) {
      if (!key->enforced || key->inherited) continue;
      if (use == RelationUse::kUpdated && !Meets(key->referenced_columns, columns)) continue;
      const char action = use == RelationUse::kDeleted ? key->on_delete : key->on_update;
      const bool acts = action == 'c' || action == 'n' || action == 'd';
      const LockMode mode = acts ? LockMode::kRowExclusive : LockMode::kRowShare;
      out_.Lock(*referencing, mode);
      Use(*referencing, {.name = referencing->name},
          acts ? RelationUse::kUpdated : RelationUse::kLocked, 0, nullptr);
      if (!acts) continue;
      const RelationUse then = action == 'c' && use == RelationUse::kDeleted
                                   ? RelationUse::kDeleted
                                   : RelationUse::kUpdated;
      // SET NULL leaves nothing to look up.
      if (action == 'c' || then == RelationUse::kDeleted) {
        AddKeyChecks(*referencing, then, key->columns);
      }
      AddTriggers(*referencing, then, key->columns, 1);
    }
  }

  static bool IsLeftNull(const Relation& table, const std::vector<std::string>& given,
                         const std::string& name) {
    if (std::find(given.begin(), given.end(), name) != given.end()) return false;
    const CatalogColumn* column = table.FindColumn(name);
    return column != nullptr && column->default_expr == nullptr && !column->identity &&
           !column->serial;
  }

  // The constant that the query gives a column of its target, or null: in VALUES of one row, in
  // SET, or by an equality of its WHERE.
  const Expr* ValueOf(const std::string& column, const Relation& table) const {
    if (query_ == nullptr) return nullptr;
    if (const auto* insert = std::get_if<Insert>(&query_->node)) {
      if (insert->source == nullptr || insert->source->values.size() > 1) return nullptr;
      std::vector<std::string> names = insert->columns;
      if (names.empty()) {
        for (const CatalogColumn& each : table.columns) names.push_back(each.name);
      }
      const auto at = std::find(names.begin(), names.end(), column);
      const size_t index = static_cast<size_t>(at - names.begin());
      if (at == names.end()) return nullptr;
      if (insert->source->values.empty()) {
        const std::vector<Target>& targets = insert->source->targets;
        const bool stars = std::any_of(targets.begin(), targets.end(), [](const Target& target) {
          return target.expr.LastName() == "*";
        });
        return !stars && index < targets.size() ? &targets[index].expr : nullptr;
      }
      const std::vector<Expr>& row = insert->source->values.front();
      return index >= row.size() ? nullptr : &row[index];
    }
    if (const auto* update = std::get_if<Update>(&query_->node)) {
      for (const Target& target : update->assignments) {
        if (target.alias == column) return &target.expr;
      }
    }
    const Expr* where = WhereOf(*query_);
    return where == nullptr ? nullptr : EqualTo(*where, column);
  }

  // With MATCH SIMPLE one null is enough for a key not to be looked up.
  bool NullOnly(const CatalogConstraint& key, const Relation& table) const {
    return std::any_of(key.columns.begin(), key.columns.end(), [&](const std::string& name) {
      const Expr* value = ValueOf(name, table);
      return value != nullptr && value->IsNullConstant();
    });
  }

  // The partitions in which a key is looked up.
  void LookUp(const CatalogConstraint& key, const Relation& parent, const Relation& table) {
    const PartitionChoice choice = PartitionOfRow(
        parent,
        [&](const std::string& column) -> const Expr* {
          for (size_t i = 0; i < key.referenced_columns.size() && i < key.columns.size(); ++i) {
            if (key.referenced_columns[i] == column) return ValueOf(key.columns[i], table);
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

  static bool Fires(const CatalogTrigger& trigger, RelationUse use) {
    return (use == RelationUse::kInserted && trigger.on_insert) ||
           (use == RelationUse::kUpdated && trigger.on_update) ||
           (use == RelationUse::kDeleted && trigger.on_delete);
  }

  void AddTriggers(const Relation& table, RelationUse use, const std::vector<std::string>& columns,
                   int depth) {
    for (const CatalogTrigger& trigger : table.triggers) {
      if (!trigger.enabled) continue;
      if (!Fires(trigger, use)) continue;
      if (use == RelationUse::kUpdated && !trigger.update_columns.empty() &&
          !Meets(trigger.update_columns, columns)) {
        continue;
      }
      if (depth < kEffectDepthMax && triggered_.insert(trigger.function).second) {
        AddTrigger(trigger, &out_);
      }
    }
  }

  static std::string_view EventOf(RelationUse use) {
    return use == RelationUse::kInserted  ? "INSERT"
           : use == RelationUse::kUpdated ? "UPDATE"
                                          : "DELETE";
  }

  void AddRules(const Relation& table, RelationUse use, int depth) {
    for (const CatalogRule& rule : table.rules) {
      if (rule.event != EventOf(use)) continue;
      for (const auto& action : rule.actions) Add(*action, depth + 1);
    }
  }

  void AddFunctions(const Query& query, int depth) {
    Statement statement;
    std::visit([&](const auto& node) { statement.node = node; }, query.node);
    for (const CalledRoutine& routine : RoutinesOf(statement, catalog())) {
      if (routine.function != nullptr) RunBody(*routine.function, depth + 1);
    }
    VisitExpressions(query, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kFunction || expr.name.empty()) return;
      const QualifiedName name{expr.name.size() > 1 ? expr.name[expr.name.size() - 2] : "",
                               expr.name.back()};
      for (const CatalogFunction* function : catalog().FindFunctions(name)) {
        for (const auto& inner : function->sql_body) Add(*inner, depth + 1);
      }
    });
  }

 public:
  // The expression is computed: sequences that it draws from, functions that it calls.
  void AddCalls(const Expr& expr) {
    if (const Relation* sequence = catalog().SequenceOf(&expr)) {
      out_.Lock(*sequence, LockMode::kRowExclusive);
    }
    VisitExpressions(expr, [&](const Expr& call) {
      if (call.kind != ExprKind::kFunction || call.name.empty()) return;
      const QualifiedName name{call.name.size() > 1 ? call.name[call.name.size() - 2] : "",
                               call.name.back()};
      for (const CatalogFunction* function : catalog().FindFunctions(name)) {
        if (function->sql_body.empty()) RunBody(*function, 1);
        for (const auto& inner : function->sql_body) Add(*inner, 1);
      }
    });
  }

 private:
  void RunBody(const CatalogFunction& function, int depth) {
    if (depth > kEffectDepthMax || !running_.insert(function.name).second) return;
    AddRoutineBody(function.name.ToString(), ReadRoutineBody(function.language, function.body),
                   &out_);
  }

  const Catalog& catalog() const { return out_.catalog(); }

  EffectBuilder& out_;
  const bool executed_;
  const Query* query_ = nullptr;
  std::set<RelationId> checked_;
  std::set<QualifiedName> running_;
  std::set<QualifiedName> triggered_;
};

}  // namespace

void AddQuery(const Query& query, bool executed, EffectBuilder* out) {
  QueryEffects(out, executed).Add(query, 0);
}

void AddComputedExpr(const Expr& expr, EffectBuilder* out) {
  QueryEffects(out, true).AddCalls(expr);
}

void AddAnalyzedQuery(const Query& query, EffectBuilder* out) {
  VisitRelations(query, [&](const RelationRef& ref, RelationUse use, const Expr*) {
    out->Lock(ref.name, ModeOf(use));
  });
}

void AddAnalyzedExpr(const Expr* expr, EffectBuilder* out) {
  if (expr == nullptr) return;
  VisitRelations(*expr, [&](const RelationRef& ref, RelationUse use, const Expr*) {
    out->Lock(ref.name, ModeOf(use));
  });
}

}  // namespace pgsift
