#include "parser/query_walk.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pgsift {
namespace {

using Names = std::set<std::string>;
using ExprVisit = std::function<void(const Expr&)>;

// FOR UPDATE and its like of the SELECTs around: which labels they lock.
struct Locking {
  bool all = false;
  Names labels;

  bool Locks(const std::string& label) const { return all || labels.contains(label); }
};

// Walks a query for its relations and expressions.
class QueryWalk {
 public:
  QueryWalk(const RelationVisit* relations, const ExprVisit* expressions)
      : relations_(relations), expressions_(expressions) {}

  void Walk(const Query& query, const Names& outer, const Locking& locking = {}) {
    if (const auto* select = std::get_if<Select>(&query.node))
      return Enter(*select, outer, locking);
    std::visit([&](const auto& node) { Enter(node, outer); }, query.node);
  }

  void In(const Expr& expr, const Names& names) {
    WalkExpr(expr, [&](const Expr& inner) {
      if (expressions_ != nullptr) (*expressions_)(inner);
      if (inner.query != nullptr) Walk(*inner.query, names);
    });
  }

 private:
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

  Names With(const WithClause& with, Names names) {
    for (const CommonTable& table : with.tables) {
      if (with.recursive) names.insert(table.name);
      if (table.query != nullptr) Walk(*table.query, names);
      names.insert(table.name);
    }
    return names;
  }

  void Name(const RelationRef& relation, const Names& names, RelationUse use,
            const Expr* where = nullptr) {
    if (relations_ == nullptr || relation.name.empty()) return;
    if (relation.name.schema.empty() && names.contains(relation.name.name)) return;
    (*relations_)(relation, use, where);
  }

  void From(const std::vector<FromItem>& items, const Names& names, const Locking& locking = {},
            const Expr* where = nullptr) {
    for (const FromItem& item : items) {
      const bool locked = locking.Locks(item.relation.Label());
      if (item.kind == FromKind::kRelation) {
        Name(item.relation, names, locked ? RelationUse::kLocked : RelationUse::kRead, where);
      }
      if (item.query != nullptr) Walk(*item.query, names, {.all = locked});
      In(item.functions, names);
      In(item.on, names);
      From(item.sides, names, locking, where);
    }
  }

  static const Expr* Condition(const std::optional<Expr>& where) {
    return where.has_value() ? &*where : nullptr;
  }

  void Enter(const Select& select, const Names& outer, const Locking& around) {
    const Names names = With(select.with, outer);
    Locking locking = around;
    for (const LockingClause& clause : select.locking) {
      locking.all = locking.all || clause.relations.empty();
      for (const RelationRef& relation : clause.relations) locking.labels.insert(relation.Label());
    }
    From(select.from, names, locking, Condition(select.where));
    In(select.targets, names);
    In(select.distinct_on, names);
    In(select.where, names);
    In(select.having, names);
    In(select.group_by, names);
    for (const auto& row : select.values) In(row, names);
    for (const SortItem& item : select.order_by) In(item.expr, names);
    In(select.limit, names);
    In(select.offset, names);
    for (const Select& side : select.sides) Enter(side, names, around);
  }
  void Enter(const Insert& insert, const Names& outer) {
    const Names names = With(insert.with, outer);
    // The target is never a WITH table.
    Name(insert.relation, {}, RelationUse::kInserted);
    if (insert.source != nullptr) Enter(*insert.source, names, {});
    if (insert.on_conflict.has_value()) {
      In(insert.on_conflict->assignments, names);
      In(insert.on_conflict->where, names);
    }
    In(insert.returning, names);
  }
  void Enter(const Update& update, const Names& outer) {
    const Names names = With(update.with, outer);
    Name(update.relation, {}, RelationUse::kUpdated, Condition(update.where));
    From(update.from, names, {}, Condition(update.where));
    In(update.assignments, names);
    In(update.where, names);
    In(update.returning, names);
  }
  void Enter(const Delete& del, const Names& outer) {
    const Names names = With(del.with, outer);
    Name(del.relation, {}, RelationUse::kDeleted, Condition(del.where));
    From(del.using_items, names, {}, Condition(del.where));
    In(del.where, names);
    In(del.returning, names);
  }
  void Enter(const Merge& merge, const Names& outer) {
    const Names names = With(merge.with, outer);
    Name(merge.relation, {}, RelationUse::kMerged);
    From({merge.source}, names);
    In(merge.on, names);
    for (const MergeAction& action : merge.actions) {
      In(action.condition, names);
      In(action.assignments, names);
      In(action.values, names);
    }
    In(merge.returning, names);
  }
  void Enter(const Select& select, const Names& outer) { Enter(select, outer, {}); }

  const RelationVisit* const relations_;
  const ExprVisit* const expressions_;
};

}  // namespace

void VisitRelations(const Query& query, const RelationVisit& visit) {
  QueryWalk(&visit, nullptr).Walk(query, {});
}
void VisitRelations(const Expr& expr, const RelationVisit& visit) {
  QueryWalk(&visit, nullptr).In(expr, {});
}
void VisitExpressions(const Query& query, const ExprVisit& visit) {
  QueryWalk(nullptr, &visit).Walk(query, {});
}
void VisitExpressions(const Expr& expr, const ExprVisit& visit) {
  QueryWalk(nullptr, &visit).In(expr, {});
}

}  // namespace pgsift
