// What WHERE, ON, ORDER BY and GROUP BY ask of the tables of their level.

#include <algorithm>

#include "rules/advisor/index_match.h"
#include "rules/advisor/scan_reader.h"

namespace pgsift {
namespace {

constexpr size_t kNone = LevelTable::kNoLevel;

}  // namespace

void ScanReader::SubPlan(const Query& query, Scope* scope) {
  const Select* select = std::get_if<Select>(&query.node);
  if (select == nullptr || scope->depth > kDepthMax) return;
  const size_t level = Whole(*select, scope, kNone);
  if (correlated_.contains(level)) scans_.levels[level].per_row_of = scope->level;
}

std::optional<OrderKey> ScanReader::KeyOf(const Expr& expr, const Scope& scope) const {
  OrderKey key;
  if (expr.IsColumn()) {
    const std::optional<Ref> ref = Resolve(expr, scope);
    if (!ref.has_value() || ref->level != scope.level) return std::nullopt;
    key.table = ref->table;
    key.key = ref->column;
    return key;
  }
  std::optional<Ref> only;
  bool several = HasAggregate(expr);
  WalkExpr(expr, [&](const Expr& inner) {
    several = several || inner.kind == ExprKind::kSubquery;
    if (!inner.IsColumn()) return;
    const std::optional<Ref> ref = Resolve(inner, scope);
    several = several || !ref.has_value() || ref->level != scope.level ||
              (only.has_value() && only->table != ref->table);
    only = ref;
  });
  if (several || !only.has_value() || !IsImmutable(expr)) return std::nullopt;
  key.table = only->table;
  key.expression = true;
  key.key = BareSql(expr);
  return key;
}

void ScanReader::Order(const Select& select, Scope* own) {
  const Scope& scope = *own;
  for (const SortItem& item : select.order_by) Reads(OutputOf(item.expr, select), own);
  Level& level = LevelOf(scope);
  for (const SortItem& item : select.order_by) {
    level.order_wanted = true;
    const Expr& expr = OutputOf(item.expr, select);
    std::optional<OrderKey> key = KeyOf(expr, scope);
    if (!key.has_value() || item.direction == SortDirection::kUsing) {
      level.order_known = false;
      continue;
    }
    key->descending = item.direction == SortDirection::kDescending;
    key->nulls_first =
        item.nulls == NullsOrder::kFirst || (item.nulls == NullsOrder::kDefault && key->descending);
    if (!level.order.empty() && level.order.front().table != key->table) level.order_known = false;
    level.order.push_back(std::move(*key));
  }
  if (!level.order_known) level.order.clear();
}

void ScanReader::Group(const Select& select, Scope* own) {
  const Scope& scope = *own;
  for (const Expr& expr : select.group_by) Reads(OutputOf(expr, select), own);
  for (const Expr& expr : select.distinct_on) Reads(OutputOf(expr, select), own);
  Level& level = LevelOf(scope);
  level.grouped = !select.group_by.empty() || select.distinct;
  std::vector<const Expr*> keys;
  for (const Expr& expr : select.group_by) keys.push_back(&OutputOf(expr, select));
  if (select.distinct) {
    for (const Expr& expr : select.distinct_on) keys.push_back(&OutputOf(expr, select));
    if (select.distinct_on.empty()) {
      for (const Target& target : select.targets) keys.push_back(&target.expr);
    }
  }
  for (const Expr* expr : keys) {
    const std::optional<OrderKey> key = KeyOf(*expr, scope);
    const bool fits =
        key.has_value() && (level.group.empty() || level.group.front().table == key->table);
    if (!fits) {
      level.group.clear();
      return;
    }
    level.group.push_back(*key);
  }
}

void ScanReader::Extremes(const Select& select, const Scope& scope) {
  Level& level = LevelOf(scope);
  if (level.grouped || level.tables.size() != 1 || select.targets.size() > 2) return;
  size_t n = 0;
  for (const Target& target : select.targets) {
    const Expr& expr = target.expr;
    const bool extreme = expr.kind == ExprKind::kFunction && expr.args.size() == 1 &&
                         expr.filter == nullptr && !expr.windowed &&
                         (expr.LastName() == "min" || expr.LastName() == "max");
    std::optional<OrderKey> key = extreme ? KeyOf(expr.args[0], scope) : std::nullopt;
    if (!key.has_value()) {
      level.extremes[0].reset();
      level.extremes[1].reset();
      return;
    }
    key->descending = expr.LastName() == "max";
    key->nulls_first = key->descending;
    level.extremes[n++] = std::move(key);
  }
}

void ScanReader::Condition(const Expr& expr, Scope* scope, const Side& side) {
  switch (expr.kind) {
    case ExprKind::kAnd:
      for (const Expr& arg : expr.args) Condition(arg, scope, side);
      return;
    case ExprKind::kOr:
      Or(expr, scope);
      return;
    case ExprKind::kNot:
      if (!expr.args.empty() && expr.args[0].kind == ExprKind::kSubquery &&
          expr.args[0].sublink == SublinkKind::kExists) {
        Exists(expr.args[0], scope, true);
        return;
      }
      break;
    case ExprKind::kSubquery:
      if (expr.sublink == SublinkKind::kExists) {
        Exists(expr, scope, false);
        return;
      }
      if (expr.sublink == SublinkKind::kAny && !expr.args.empty() &&
          (expr.name.empty() || expr.name.back() == "=")) {
        InQuery(expr, scope);
        return;
      }
      break;
    default:
      break;
  }
  bool plain = true;
  WalkExpr(expr, [&](const Expr& inner) { plain = plain && !inner.Is(ExprKind::kSubquery); });
  if (plain) testing_ = scope->level;
  Reads(expr, scope);
  testing_ = kNone;
  if (JoinCondition(expr, scope)) return;
  One(expr, scope, &LevelOf(*scope).needs);
}

bool ScanReader::JoinCondition(const Expr& expr, Scope* scope) {
  const bool equality = expr.kind == ExprKind::kOperator && expr.op == OperatorKind::kPlain &&
                        expr.LastName() == "=" && expr.args.size() == 2;
  if (!equality) return false;
  const Expr& a = expr.args[0];
  const Expr& b = expr.args[1];
  if (a.kind == ExprKind::kRow && b.kind == ExprKind::kRow && a.args.size() == b.args.size()) {
    for (size_t i = 0; i < a.args.size(); ++i) {
      Expr part = expr;
      part.args = {a.args[i], b.args[i]};
      kept_.push_back(std::make_unique<Expr>(std::move(part)));
      Condition(*kept_.back(), scope, {});
    }
    return true;
  }
  if (!a.IsColumn() || !b.IsColumn()) return false;
  const std::optional<Ref> left = Resolve(a, *scope);
  const std::optional<Ref> right = Resolve(b, *scope);
  if (!left.has_value() || !right.has_value()) return false;
  if (left->level == scope->level && right->level == scope->level) {
    Join(*left, *right, *scope);
    return left->table != right->table;
  }
  return false;
}

void ScanReader::One(const Expr& expr, Scope* scope, std::vector<Need>* out) {
  std::optional<size_t> table;
  bool several = false;
  bool outer = false;
  WalkExpr(expr, [&](const Expr& inner) {
    if (!inner.IsColumn()) return;
    const std::optional<Ref> ref = Resolve(inner, *scope);
    if (!ref.has_value()) return;
    if (ref->level != scope->level) {
      outer = true;
      for (size_t level = ref->level + 1; level <= scope->level; ++level) correlated_.insert(level);
      return;
    }
    several = several || (table.has_value() && *table != ref->table);
    table = ref->table;
  });
  if (!table.has_value() || several) {
    ++LevelOf(*scope).filters;
    WalkExpr(expr, [&](const Expr& inner) {
      if (!inner.IsColumn()) return;
      if (const std::optional<Ref> ref = Resolve(inner, *scope)) Mark(*ref);
    });
    return;
  }
  const NeedReader reader(values_, [&](const Expr& column) -> std::optional<std::string> {
    const std::optional<Ref> ref = Resolve(column, *scope);
    if (!ref.has_value() || ref->level != scope->level) return std::nullopt;
    return ref->column;
  });
  std::vector<Need> needs;
  reader.Read(expr, LevelOf(*scope).tables[*table].relation, &needs);
  for (Need& need : needs) {
    need.table = *table;
    if (outer) {
      need.outer = true;
      need.sql.clear();
    }
    MergeRange(std::move(need), out);
  }
}

void ScanReader::Or(const Expr& expr, Scope* scope) {
  Reads(expr, scope);
  OrNeed all;
  bool usable = true;
  std::optional<size_t> table;
  for (const Expr& arm : expr.args) {
    std::vector<Need> needs;
    const auto add = [&](const Expr& part) {
      if (part.kind != ExprKind::kOr) One(part, scope, &needs);
    };
    if (arm.kind == ExprKind::kAnd) {
      for (const Expr& part : arm.args) add(part);
    } else {
      add(arm);
    }
    for (const Need& need : needs) {
      usable = usable && (!table.has_value() || *table == need.table);
      table = need.table;
    }
    usable = usable && !needs.empty();
    all.arms.push_back(std::move(needs));
  }
  if (!usable || !table.has_value()) {
    ++LevelOf(*scope).filters;
    return;
  }
  all.table = *table;
  Need whole;
  whole.table = *table;
  whole.op = "OR";
  if (std::all_of(all.arms.begin(), all.arms.end(), [](const std::vector<Need>& arm) {
        return std::all_of(arm.begin(), arm.end(),
                           [](const Need& need) { return !need.sql.empty(); });
      })) {
    whole.sql = BareSql(expr);
    whole.arms = all.arms;
  }
  all.whole = std::move(whole);
  LevelOf(*scope).ors.push_back(std::move(all));
}

void ScanReader::Exists(const Expr& expr, Scope* scope, bool anti) {
  const Select* select = expr.query != nullptr ? std::get_if<Select>(&expr.query->node) : nullptr;
  if (select == nullptr || scope->depth > kDepthMax) return;
  if (select->set_operation != SetOperation::kNone || !select->group_by.empty() ||
      select->from.empty() || !select->with.tables.empty()) {
    SubPlan(*expr.query, scope);
    return;
  }
  Scope inner = Within(scope);
  const Side side{.nullable = false, .semi = !anti, .anti = anti, .lateral = false};
  for (const FromItem& item : select->from) From(item, &inner, side);
  if (select->where.has_value()) Condition(*select->where, &inner, side);
}

void ScanReader::InQuery(const Expr& expr, Scope* scope) {
  const Select* select = expr.query != nullptr ? std::get_if<Select>(&expr.query->node) : nullptr;
  if (select == nullptr || scope->depth > kDepthMax) return;
  Reads(expr.args[0], scope);
  const std::optional<Ref> left =
      expr.args[0].IsColumn() ? Resolve(expr.args[0], *scope) : std::nullopt;
  const Side side{.nullable = false, .semi = true, .anti = false, .lateral = false};
  const bool one = select->targets.size() == 1;
  const bool plain = select->set_operation == SetOperation::kNone && select->group_by.empty() &&
                     !select->limit.has_value() && !select->from.empty() &&
                     select->with.tables.empty() && one && select->targets[0].expr.IsColumn() &&
                     !expr.negated;
  if (left.has_value() && left->level == scope->level && plain) {
    Scope inner = Within(scope);
    for (const FromItem& item : select->from) From(item, &inner, side);
    if (select->where.has_value()) Condition(*select->where, &inner, side);
    if (const std::optional<Ref> right = Resolve(select->targets[0].expr, inner))
      Join(*left, *right, *scope);
    return;
  }
  const size_t level = Whole(*select, scope, kNone);
  if (correlated_.contains(level)) {
    scans_.levels[level].per_row_of = scope->level;
    return;
  }
  if (!left.has_value() || left->level != scope->level || expr.negated) return;
  const size_t table = AddTable(nullptr, "", level, side, scope);
  LevelOf(*scope).joins.push_back({.tables = {left->table, table}, .columns = {left->column, ""}});
}

}  // namespace pgsift
