// SELECT, INSERT, UPDATE, DELETE and MERGE: locks of parse analysis, of rewriting (views, rules),
// of planning (children, indexes) and of the functions that are called.

#include "rules/effects/query_effects.h"

#include <algorithm>
#include <optional>

#include "parser/dynamic_sql.h"
#include "parser/routine_body.h"
#include "rules/effects/row_values.h"
#include "rules/effects/view_columns.h"
#include "rules/facts/partition_prune.h"

namespace pgsift {

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

void QueryEffects::Add(const Query& query, int depth) {
  if (depth > kEffectDepthMax) return;
  const Query* const outer = query_;
  query_ = &query;
  VisitRelations(query, [&](const RelationRef& ref, RelationUse use, const Expr* where) {
    const Relation* relation = out_.Lock(ref.name, ModeOf(use));
    if (relation != nullptr) Use(*relation, ref, use, depth, where);
  });
  AddSequences(query);
  if (planned_) AddArbiters(query);
  if (executed_) {
    AddWrites(query, depth);
  } else {
    AddTargetRules(query, depth);
  }
  if (executed_) AddFunctions(query, depth);
  query_ = outer;
}

void QueryEffects::Use(const Relation& relation, const RelationRef& ref, RelationUse use, int depth,
                       const Expr* where) {
  UsePolicies(relation, depth);
  if (relation.kind == RelationKind::kView) {
    return UseView(relation, use, WrittenColumns(relation), depth, ref.Label(), where);
  }
  if (!planned_) return;
  const LockMode mode = ModeOf(use);
  // What bounds a partition that is partitioned itself is known before it is pruned.
  if (relation.kind == RelationKind::kPartitionedTable && use != RelationUse::kInserted) {
    LockAncestors(relation);
  }
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

bool QueryEffects::IsReplaced(const Relation& relation, RelationUse use) {
  return Writes(use) &&
         std::any_of(relation.rules.begin(), relation.rules.end(), [&](const CatalogRule& rule) {
           return rule.instead && rule.event == EventOf(use);
         });
}

bool QueryEffects::RulesReadRows(const Relation& relation, RelationUse use) {
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

std::vector<const Relation*> QueryEffects::Touched(const Relation& relation,
                                                   const std::string& label, const Expr* where) {
  if (relation.kind != RelationKind::kPartitionedTable) {
    return out_.catalog().DescendantsOf(relation);
  }
  std::vector<const Relation*> touched;
  AddPartitions(relation, label, where, &touched);
  return touched;
}

void QueryEffects::AddPartitions(const Relation& parent, const std::string& label,
                                 const Expr* where, std::vector<const Relation*>* touched) {
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

void QueryEffects::UsePolicies(const Relation& relation, int depth) {
  if (!relation.row_security || !catalog().role_is_set() || depth > kEffectDepthMax) return;
  // The owner is let through.
  if (relation.owner == catalog().role() && !relation.row_security_forced) return;
  for (const CatalogPolicy& policy : relation.policies) {
    for (RelationId id : policy.reads) {
      const Relation* read = catalog().Find(id);
      if (read == nullptr || read->id == relation.id) continue;
      out_.Lock(*read, LockMode::kAccessShare);
      Use(*read, {.name = read->name}, RelationUse::kRead, depth + 1, nullptr);
    }
  }
}

std::vector<std::string> QueryEffects::WrittenColumns(const Relation& relation) const {
  std::vector<std::string> columns;
  if (query_ == nullptr) return columns;
  if (const auto* update = std::get_if<Update>(&query_->node)) {
    for (const Target& target : update->assignments) columns.push_back(target.alias);
  }
  if (const auto* insert = std::get_if<Insert>(&query_->node)) {
    columns = insert->columns;
    if (columns.empty() && insert->source != nullptr) columns = OutputColumns(relation);
  }
  return columns;
}

bool QueryEffects::HasInsteadTrigger(const Relation& view, RelationUse use) {
  return std::any_of(view.triggers.begin(), view.triggers.end(), [&](const auto& trigger) {
    return trigger.enabled && trigger.row && Fires(trigger, use);
  });
}

void QueryEffects::UseView(const Relation& view, RelationUse use,
                           const std::vector<std::string>& columns, int depth,
                           const std::string& label, const Expr* outer) {
  if (view.query == nullptr || depth > kEffectDepthMax) return;
  bool first = true;
  if (IsReplaced(view, use)) {
    // An INSERT reads nothing of what it would have written to.
    if (use != RelationUse::kInserted) {
      UseView(view, RelationUse::kRead, {}, depth + 1, label, outer);
    }
    return AddRules(view, use, depth + 1);
  }
  if (Writes(use) && HasInsteadTrigger(view, use)) {
    if (executed_) AddTriggers(view, use, columns, depth + 1);
    if (use == RelationUse::kInserted) return;
    return UseView(view, RelationUse::kRead, {}, depth + 1, label, outer);
  }
  // Rules that do something beside.
  if (Writes(use)) AddRules(view, use, depth + 1);
  const std::optional<Query> pushed = PushedDown(view, label, outer);
  const Query& query = pushed.has_value() ? *pushed : *view.query;
  if (executed_) {
    AddSequences(query);
    AddFunctions(query, depth + 1);
  }
  VisitRelations(query, [&](const RelationRef& ref, RelationUse inner, const Expr* where) {
    RelationUse effective = inner;
    if (Writes(use)) {
      if (first) effective = use;
      first = false;
    } else if (use == RelationUse::kLocked) {
      effective = RelationUse::kLocked;
    }
    const Relation* base = catalog().FindIn(view, ref.name);
    if (base == nullptr) {
      out_.Lock(ref.name, ModeOf(effective));
      return;
    }
    out_.Lock(*base, ModeOf(effective));
    if (base->kind == RelationKind::kView) {
      UsePolicies(*base, depth + 1);
      return UseView(*base, effective, ColumnsBelow(view, *base, ref.Label(), columns), depth + 1,
                     ref.Label(), where);
    }
    Use(*base, ref, effective, depth + 1, where);
    if (!Writes(effective) || !executed_) return;
    if (effective != RelationUse::kDeleted || out_.release() < 14) LockAncestors(*base);
    const std::vector<std::string> below = ColumnsBelow(view, *base, ref.Label(), columns);
    AddKeyChecks(*base, effective, below);
    AddTriggers(*base, effective, below, depth + 1);
    AddRowChecks(*base, effective);
    AddRules(*base, effective, depth + 1);
    if (effective != RelationUse::kInserted) return;
    const auto* insert = query_ == nullptr ? nullptr : std::get_if<Insert>(&query_->node);
    AddDefaults(*base, insert == nullptr ? below : Valued(*insert, *base, below));
    if (base->kind != RelationKind::kPartitionedTable) return;
    if (insert != nullptr && below.size() == columns.size()) {
      AddRouting(*insert, *base, below);
    } else {
      out_.Unknown("which partitions of `" + base->name.ToString() + "` the new rows go to");
    }
  });
}

// Rules are put in by rewriting, whether the query is run or not. Those of views are met on the
// way.
void QueryEffects::AddTargetRules(const Query& query, int depth) {
  const auto rules = [&](const RelationRef& target, RelationUse use) {
    const Relation* table = catalog().Find(target.name);
    if (table != nullptr && table->kind != RelationKind::kView) AddRules(*table, use, depth);
  };
  if (const auto* insert = std::get_if<Insert>(&query.node)) {
    rules(insert->relation, RelationUse::kInserted);
  } else if (const auto* update = std::get_if<Update>(&query.node)) {
    rules(update->relation, RelationUse::kUpdated);
  } else if (const auto* del = std::get_if<Delete>(&query.node)) {
    rules(del->relation, RelationUse::kDeleted);
  }
}

// The planner opens the indexes that ON CONFLICT may mean.
void QueryEffects::AddArbiters(const Query& query) {
  const WithClause& with =
      std::visit([](const auto& node) -> const WithClause& { return node.with; }, query.node);
  for (const CommonTable& table : with.tables) {
    if (table.query != nullptr) AddArbiters(*table.query);
  }
  const auto* insert = std::get_if<Insert>(&query.node);
  if (insert == nullptr || !insert->on_conflict.has_value()) return;
  if (insert->on_conflict->targets.empty() && insert->on_conflict->constraint.empty()) return;
  const Relation* table = catalog().Find(insert->relation.name);
  for (int depth = 0; table != nullptr && depth < kEffectDepthMax; ++depth) {
    if (table->kind != RelationKind::kView || table->query == nullptr) break;
    const Relation* view = table;
    table = nullptr;
    VisitRelations(*view->query, [&](const RelationRef& ref, RelationUse, const Expr*) {
      if (table == nullptr) table = catalog().FindIn(*view, ref.name);
    });
  }
  if (table != nullptr) out_.LockIndexes(*table, LockMode::kRowExclusive);
}

void QueryEffects::AddSequences(const Query& query) {
  VisitExpressions(query, [&](const Expr& expr) { AddSequenceCall(expr); });
}

void QueryEffects::AddSequenceCall(const Expr& call) {
  if (call.kind != ExprKind::kFunction || call.args.empty()) return;
  const std::string_view name = call.LastName();
  if (name != "nextval" && name != "setval" && name != "currval") return;
  const Expr* text = &call.args.front();
  while (text->kind == ExprKind::kCast && !text->args.empty()) text = &text->args.front();
  if (LockSequenceOfColumn(*text) || !executed_) return;
  if (text->kind != ExprKind::kConstant) {
    return out_.Unknown("which sequence `" + std::string(name) + "()` changes");
  }
  out_.Lock(ParseQualifiedName(text->value), LockMode::kRowExclusive, RelationKind::kSequence);
}

bool QueryEffects::LockSequenceOfColumn(const Expr& call) {
  if (call.kind != ExprKind::kFunction || call.LastName() != "pg_get_serial_sequence") return false;
  if (call.args.size() != 2) return false;
  const auto text = [](const Expr& arg) {
    const Expr* inner = &arg;
    while (inner->kind == ExprKind::kCast && !inner->args.empty()) inner = &inner->args.front();
    return inner->kind == ExprKind::kConstant ? inner->value : "";
  };
  const Relation* table = catalog().Find(ParseQualifiedName(text(call.args[0])));
  if (table == nullptr || text(call.args[1]).empty()) return false;
  if (!executed_) return true;
  for (const Relation* sequence : catalog().SequencesOf(table->id, text(call.args[1]))) {
    out_.Lock(*sequence, LockMode::kRowExclusive);
  }
  return true;
}

void QueryEffects::AddRules(const Relation& table, RelationUse use, int depth) {
  for (const CatalogRule& rule : table.rules) {
    if (rule.event != EventOf(use)) continue;
    for (const auto& action : rule.actions) Add(*action, depth + 1);
  }
}

void QueryEffects::AddFunctions(const Query& query, int depth) {
  Statement statement;
  std::visit([&](const auto& node) { statement.node = node; }, query.node);
  for (const CalledRoutine& routine : RoutinesOf(statement, catalog())) {
    AddRoutineBody(routine.name, *routine.body, &out_);
  }
  VisitExpressions(query, [&](const Expr& expr) {
    if (expr.kind != ExprKind::kFunction || expr.name.empty()) return;
    AddBuiltinCall(expr, depth);
    for (const CatalogFunction* function : catalog().FindFunctions(NameOfCall(expr))) {
      for (const auto& inner : function->sql_body) Add(*inner, depth + 1);
    }
  });
}

void QueryEffects::AddCalls(const Expr& expr) {
  if (const Relation* sequence = catalog().SequenceOf(&expr)) {
    out_.Lock(*sequence, LockMode::kRowExclusive);
  }
  VisitExpressions(expr, [&](const Expr& call) {
    if (call.kind != ExprKind::kFunction || call.name.empty()) return;
    AddSequenceCall(call);
    for (const CatalogFunction* function : catalog().FindFunctions(NameOfCall(call))) {
      if (function->sql_body.empty()) RunFunction(*function, call);
      for (const auto& inner : function->sql_body) Add(*inner, 1);
    }
  });
}

void QueryEffects::RunFunction(const CatalogFunction& function, const Expr& call) {
  const auto body = BodyAsCalled(function.language, function.body, ArgumentsOf(function, call));
  AddRoutineBody(function.name.ToString(), *body, &out_);
}

void AddQuery(const Query& query, bool executed, EffectBuilder* out) {
  QueryEffects(out, executed).Add(query, 0);
}

void AddComputedExpr(const Expr& expr, EffectBuilder* out) {
  QueryEffects(out, true).AddCalls(expr);
}

void AddRewrittenQuery(const Query& query, EffectBuilder* out) {
  QueryEffects(out, false, false).Add(query, 0);
}

void AddCopiedRows(const Copy& copy, EffectBuilder* out) {
  QueryEffects(out, true).AddCopied(copy);
}

void AddDeferredChecks(const std::vector<RelationRef>& constraints, EffectBuilder* out) {
  QueryEffects(out, true).AddDeferred(constraints);
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
