#include "parser/query_walk.h"

#include <memory>
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

// What WHERE and ON say together of the columns of single relations: a constant that one column is
// equal to holds for all that are equal to it. Source: generate_base_implied_equalities and
// reconsider_outer_join_clauses in src/backend/optimizer/path/equivclass.c.
class JoinedCondition {
 public:
  JoinedCondition(const std::vector<FromItem>& items, const Expr* where) {
    bool joins = items.size() > 1;
    for (const FromItem& item : items) joins = joins || item.kind == FromKind::kJoin;
    if (!joins) return;
    if (where != nullptr) Add(*where, nullptr);
    for (const FromItem& item : items) AddJoins(item);
    Imply();
  }

  // The condition, or `where` where joins add nothing to it.
  const Expr* Or(const Expr* where) const { return both_.args.empty() ? where : &both_; }

 private:
  struct Equality {
    const Expr* sides[2];
    const Names* nullable;  // Of an outer join: only these follow; null: both.
  };

  static std::string LabelOf(const Expr& column) {
    return column.name.size() < 2 ? "" : column.name[column.name.size() - 2];
  }
  static bool IsEquality(const Expr& expr) {
    return expr.kind == ExprKind::kOperator && expr.op == OperatorKind::kPlain &&
           expr.LastName() == "=" && expr.args.size() == 2;
  }
  static bool IsConstant(const Expr& expr) {
    const Expr* inner = &expr;
    while (inner->kind == ExprKind::kCast && !inner->args.empty()) inner = &inner->args.front();
    return inner->kind == ExprKind::kConstant;
  }

  static void Labels(const FromItem& item, Names* labels) {
    if (item.kind != FromKind::kJoin) labels->insert(item.relation.Label());
    for (const FromItem& side : item.sides) Labels(side, labels);
  }

  void AddJoins(const FromItem& item) {
    for (const FromItem& side : item.sides) AddJoins(side);
    if (item.kind != FromKind::kJoin || item.sides.size() != 2) return;
    const bool left = item.join == JoinType::kLeft;
    if (!left && item.join != JoinType::kInner) return;
    const Names* nullable = nullptr;
    if (left) {
      labels_.push_back(std::make_unique<Names>());
      Labels(item.sides[1], labels_.back().get());
      nullable = labels_.back().get();
    }
    if (item.on != nullptr) Add(*item.on, nullable);
    for (const std::string& column : item.using_columns) {
      const auto of = [&](const FromItem* side) {
        while (side->kind == FromKind::kJoin && !side->sides.empty()) side = &side->sides.front();
        auto expr = std::make_unique<Expr>();
        expr->kind = ExprKind::kColumn;
        expr->name = {side->relation.Label(), column};
        columns_.push_back(std::move(expr));
        return columns_.back().get();
      };
      equalities_.push_back({{of(&item.sides[0]), of(&item.sides[1])}, nullable});
    }
  }

  void Add(const Expr& expr, const Names* nullable) {
    if (expr.kind == ExprKind::kAnd) {
      for (const Expr& part : expr.args) Add(part, nullable);
      return;
    }
    if (IsEquality(expr) && expr.args[0].IsColumn() && expr.args[1].IsColumn()) {
      equalities_.push_back({{&expr.args[0], &expr.args[1]}, nullable});
      return;
    }
    bool holds = true;
    WalkExpr(expr, [&](const Expr& inner) {
      if (inner.IsColumn() && nullable != nullptr)
        holds = holds && nullable->contains(LabelOf(inner));
      if (inner.query != nullptr && nullable != nullptr) holds = false;
    });
    if (holds) both_.args.push_back(expr);
  }

  const Expr* ConstantOf(const Expr& column) const {
    for (const Expr& part : both_.args) {
      if (!IsEquality(part)) continue;
      for (int side = 0; side < 2; ++side) {
        if (part.args[side].IsColumn() && part.args[side].name == column.name &&
            IsConstant(part.args[1 - side])) {
          return &part.args[1 - side];
        }
      }
    }
    return nullptr;
  }

  void Imply() {
    both_.kind = ExprKind::kAnd;
    for (bool more = true; more;) {
      more = false;
      for (const Equality& equality : equalities_) {
        for (int side = 0; side < 2; ++side) {
          const Expr& from = *equality.sides[side];
          const Expr& to = *equality.sides[1 - side];
          if (equality.nullable != nullptr && !equality.nullable->contains(LabelOf(to))) continue;
          const Expr* constant = ConstantOf(from);
          if (constant == nullptr || ConstantOf(to) != nullptr) continue;
          Expr implied;
          implied.kind = ExprKind::kOperator;
          implied.name = {"="};
          implied.args = {to, *constant};
          both_.args.push_back(std::move(implied));
          more = true;
        }
      }
    }
  }

  Expr both_;
  std::vector<Equality> equalities_;
  std::vector<std::unique_ptr<Names>> labels_;
  std::vector<std::unique_ptr<Expr>> columns_;  // Of USING.
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
    std::optional<JoinedCondition> joined;
    const Expr* where = Condition(select.where);
    if (relations_ != nullptr) where = joined.emplace(select.from, where).Or(where);
    From(select.from, names, locking, where);
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
