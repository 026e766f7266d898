#include "rules/advisor/scans.h"

#include <algorithm>
#include <map>
#include <memory>

#include "rules/advisor/index_match.h"
#include "rules/advisor/need_reader.h"

namespace pgsift {
namespace {

constexpr size_t kNone = LevelTable::kNoLevel;
constexpr int kDepthMax = 40;

bool IsAggregateName(std::string_view name) {
  constexpr std::string_view kNames[] = {"array_agg",
                                         "avg",
                                         "bit_and",
                                         "bit_or",
                                         "bool_and",
                                         "bool_or",
                                         "count",
                                         "every",
                                         "json_agg",
                                         "jsonb_agg",
                                         "json_object_agg",
                                         "jsonb_object_agg",
                                         "max",
                                         "min",
                                         "stddev",
                                         "string_agg",
                                         "sum",
                                         "variance",
                                         "xmlagg",
                                         "percentile_cont",
                                         "percentile_disc",
                                         "mode"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool HasAggregate(const Expr& expr) {
  bool found = false;
  WalkExpr(expr, [&](const Expr& inner) {
    found = found || (inner.kind == ExprKind::kFunction && IsAggregateName(inner.LastName())) ||
            (inner.kind == ExprKind::kFunction && inner.windowed);
  });
  return found;
}

// PostgreSQL plans it together with the query that it stands in.
bool CanDissolve(const Select& select) {
  if (select.set_operation != SetOperation::kNone || select.from.empty()) return false;
  if (select.limit.has_value() || select.offset.has_value() || select.distinct) return false;
  if (!select.group_by.empty() || select.having.has_value() || !select.values.empty()) return false;
  if (!select.with.tables.empty() || !select.locking.empty()) return false;
  return std::none_of(select.targets.begin(), select.targets.end(),
                      [](const Target& target) { return HasAggregate(target.expr); });
}

class Reader {
 public:
  Reader(const Catalog& catalog, const ValueContext& values, StatementScans* out)
      : catalog_(catalog), values_(values), scans_(*out) {}

  void Read(const Query& query) {
    std::visit([&](const auto& node) { Enter(node); }, query.node);
  }
  void Enter(const Select& select) { Whole(select, nullptr, kNone); }

  void Enter(const Insert& insert) {
    scans_.command = 'i';
    scans_.written = Table(insert.relation);
    if (insert.on_conflict.has_value()) {
      for (const Expr& target : insert.on_conflict->targets) {
        if (target.IsColumn()) scans_.arbiter.emplace_back(target.LastName());
      }
      for (const Target& target : insert.on_conflict->assignments)
        scans_.assigned.push_back(target.alias);
    }
    if (insert.source != nullptr && insert.source->values.empty()) {
      Scope scope = Open(nullptr);
      With(insert.with, &scope);
      Whole(*insert.source, &scope, kNone);
    }
  }

  void Enter(const Update& update) {
    scans_.command = 'u';
    Scope scope = Open(nullptr);
    With(update.with, &scope);
    Target0(update.relation, &scope);
    for (const FromItem& item : update.from) From(item, &scope, {});
    for (const Target& target : update.assignments) {
      scans_.assigned.push_back(target.alias);
      Reads(target.expr, &scope);
    }
    if (update.where.has_value()) Condition(*update.where, &scope, {});
    Finish(&scope);
  }

  void Enter(const Delete& del) {
    scans_.command = 'd';
    Scope scope = Open(nullptr);
    With(del.with, &scope);
    Target0(del.relation, &scope);
    for (const FromItem& item : del.using_items) From(item, &scope, {});
    if (del.where.has_value()) Condition(*del.where, &scope, {});
    Finish(&scope);
  }

  void Enter(const Merge& merge) {
    scans_.command = 'm';
    Scope scope = Open(nullptr);
    With(merge.with, &scope);
    From(merge.source, &scope, {});
    Target0(merge.relation, &scope);
    if (merge.on.has_value()) Condition(*merge.on, &scope, {});
    for (const MergeAction& action : merge.actions) {
      for (const Target& target : action.assignments) scans_.assigned.push_back(target.alias);
    }
    Finish(&scope);
  }

 private:
  // A column where it lies after everything is dissolved.
  struct Ref {
    size_t level = kNone;
    size_t table = 0;
    std::string column;
  };
  struct Source {
    std::string label;
    size_t table = kNone;                // In its level.
    const Relation* relation = nullptr;  // A base table.
    std::map<std::string, Ref> columns;  // Of what was dissolved.
    bool open = false;                   // Any column may be its own.
  };
  struct Scope {
    Scope* outer = nullptr;
    size_t level = 0;
    std::vector<Source> sources;
    std::map<std::string, const CommonTable*> common;
    int depth = 0;
  };
  struct Side {
    bool nullable = false, semi = false, anti = false, lateral = false;
  };

  Level& LevelOf(const Scope& scope) { return scans_.levels[scope.level]; }

  Scope Open(Scope* outer) {
    Scope scope;
    scope.outer = outer;
    scope.level = scans_.levels.size();
    scope.depth = outer == nullptr ? 0 : outer->depth + 1;
    scans_.levels.emplace_back();
    return scope;
  }
  // What is dissolved: another scope of names over the same level.
  static Scope Within(Scope* outer) {
    Scope scope;
    scope.outer = outer;
    scope.level = outer->level;
    scope.depth = outer->depth + 1;
    return scope;
  }

  const Relation* Table(const RelationRef& ref) {
    const Relation* relation = catalog_.Find(ref.name);
    if (relation == nullptr) scans_.unknown.push_back(catalog_.Resolve(ref.name).ToString());
    return relation;
  }

  const CommonTable* FindCommon(const RelationRef& ref, const Scope& scope) const {
    if (!ref.name.schema.empty()) return nullptr;
    for (const Scope* at = &scope; at != nullptr; at = at->outer) {
      const auto found = at->common.find(ref.name.name);
      if (found != at->common.end()) return found->second;
    }
    return nullptr;
  }

  void With(const WithClause& with, Scope* scope) {
    for (const CommonTable& table : with.tables) {
      scope->common[table.name] = &table;
      recursive_ = recursive_ || with.recursive;
      // A part that changes rows runs whether it is read or not.
      if (table.query != nullptr && !std::holds_alternative<Select>(table.query->node)) {
        StatementScans inner;
        Reader reader(catalog_, values_, &inner);
        reader.Read(*table.query);
        for (Level& level : inner.levels) {
          for (LevelTable& part : level.tables) {
            if (part.level != kNone) part.level += scans_.levels.size();
          }
        }
        const size_t shift = scans_.levels.size();
        for (Level& level : inner.levels) {
          if (level.per_row_of != kNone) level.per_row_of += shift;
        }
        scans_.levels.insert(scans_.levels.end(), inner.levels.begin(), inner.levels.end());
        if (scans_.written == nullptr) {
          scans_.written = inner.written;
          scans_.command = inner.command;
          scans_.assigned = inner.assigned;
        }
      }
    }
  }

  size_t AddTable(const Relation* relation, const std::string& label, size_t inner_level,
                  const Side& side, Scope* scope) {
    Level& level = LevelOf(*scope);
    LevelTable table;
    table.relation = relation;
    table.level = inner_level;
    table.label = label;
    table.nullable = side.nullable;
    table.semi = side.semi;
    table.anti = side.anti;
    table.lateral = side.lateral;
    level.tables.push_back(std::move(table));
    return level.tables.size() - 1;
  }

  void Target0(const RelationRef& ref, Scope* scope) {
    scans_.written = Table(ref);
    const size_t table = AddTable(scans_.written, ref.Label(), kNone, {}, scope);
    LevelOf(*scope).tables[table].written = true;
    LevelOf(*scope).tables[table].all_columns = true;
    scope->sources.push_back({.label = ref.Label(),
                              .table = table,
                              .relation = scans_.written,
                              .columns = {},
                              .open = scans_.written == nullptr});
  }

  // A sub-select, view or WITH table in FROM.
  void Derived(const Query& query, const std::string& label, const Side& side, bool keep_apart,
               Scope* scope) {
    const Select* select = std::get_if<Select>(&query.node);
    Source source{.label = label, .table = kNone, .relation = nullptr, .columns = {}, .open = true};
    if (select != nullptr && !keep_apart && CanDissolve(*select) && scope->depth < kDepthMax) {
      Scope inner = Within(scope);
      source.columns = Dissolve(*select, &inner, side);
      source.open = false;
      scope->sources.push_back(std::move(source));
      return;
    }
    size_t inner_level = kNone;
    if (select != nullptr && scope->depth < kDepthMax) {
      inner_level = Whole(*select, scope, kNone);
      // What runs for each row in front of it.
      if (side.lateral) scans_.levels[inner_level].per_row_of = scope->level;
    }
    source.table = AddTable(nullptr, label, inner_level, side, scope);
    scope->sources.push_back(std::move(source));
  }

  void From(const FromItem& item, Scope* scope, Side side) {
    if (scope->depth > kDepthMax) return;
    side.lateral = side.lateral || item.lateral;
    switch (item.kind) {
      case FromKind::kRelation: {
        if (const CommonTable* common = FindCommon(item.relation, *scope)) {
          const bool apart = common->materialized == CommonTable::Materialized::kAlways ||
                             recursive_ || (++common_uses_[common] > 1);
          if (common->query != nullptr && common_depth_ < 8) {
            ++common_depth_;
            Derived(*common->query, item.relation.Label(), side, apart, scope);
            --common_depth_;
          } else {
            Unknown(item.relation.Label(), side, scope);
          }
          return;
        }
        const Relation* relation = Table(item.relation);
        if (relation != nullptr && relation->kind == RelationKind::kView &&
            relation->query != nullptr) {
          Derived(*relation->query, item.relation.Label(), side, false, scope);
          return;
        }
        const size_t table = AddTable(relation, item.relation.Label(), kNone, side, scope);
        scope->sources.push_back({.label = item.relation.Label(),
                                  .table = table,
                                  .relation = relation,
                                  .columns = {},
                                  .open = relation == nullptr});
        return;
      }
      case FromKind::kSubquery:
        if (item.query != nullptr) Derived(*item.query, item.relation.alias, side, false, scope);
        return;
      case FromKind::kJoin: {
        Side left = side;
        Side right = side;
        left.nullable |= item.join == JoinType::kRight || item.join == JoinType::kFull;
        right.nullable |= item.join == JoinType::kLeft || item.join == JoinType::kFull;
        if (item.sides.size() < 2) return;
        const size_t first = scope->sources.size();
        From(item.sides[0], scope, left);
        const size_t middle = scope->sources.size();
        From(item.sides[1], scope, right);
        if (item.on != nullptr) Condition(*item.on, scope, {});
        for (const std::string& column : item.using_columns) Using(column, first, middle, scope);
        return;
      }
      case FromKind::kFunction:
        for (const Expr& function : item.functions) Reads(function, scope);
        Unknown(item.relation.alias, side, scope);
        return;
      case FromKind::kOther:
        Unknown(item.relation.alias, side, scope);
        return;
    }
  }

  void Unknown(const std::string& label, const Side& side, Scope* scope) {
    const size_t table = AddTable(nullptr, label, kNone, side, scope);
    scope->sources.push_back(
        {.label = label, .table = table, .relation = nullptr, .columns = {}, .open = true});
  }

  void Using(const std::string& column, size_t first, size_t middle, Scope* scope) {
    std::optional<Ref> left;
    std::optional<Ref> right;
    for (size_t i = first; i < scope->sources.size(); ++i) {
      const std::optional<Ref> ref = InSource(scope->sources[i], column, scope->level);
      if (ref.has_value()) (i < middle ? left : right) = ref;
    }
    if (left.has_value() && right.has_value()) Join(*left, *right, *scope);
  }

  static std::optional<Ref> InSource(const Source& source, const std::string& column,
                                     size_t level) {
    if (source.relation != nullptr) {
      if (source.relation->FindColumn(column) == nullptr) return std::nullopt;
      return Ref{.level = level, .table = source.table, .column = column};
    }
    const auto found = source.columns.find(column);
    if (found != source.columns.end()) return found->second;
    if (source.open && source.table != kNone)
      return Ref{.level = level, .table = source.table, .column = column};
    return std::nullopt;
  }

  std::optional<Ref> Resolve(const Expr& expr, const Scope& scope) const {
    const std::string column(expr.LastName());
    const std::string qualifier = expr.name.size() > 1 ? expr.name[expr.name.size() - 2] : "";
    for (const Scope* at = &scope; at != nullptr; at = at->outer) {
      std::optional<Ref> open;
      for (const Source& source : at->sources) {
        if (!qualifier.empty() && source.label != qualifier) continue;
        const std::optional<Ref> ref = InSource(source, column, at->level);
        if (!ref.has_value()) continue;
        if (!source.open || !qualifier.empty()) return ref;
        if (!open.has_value()) open = ref;
      }
      if (open.has_value()) return open;
    }
    return std::nullopt;
  }

  void Mark(const Ref& ref) {
    if (ref.level < scans_.levels.size() && ref.table < scans_.levels[ref.level].tables.size())
      scans_.levels[ref.level].tables[ref.table].needed.insert(ref.column);
  }

  // Notes the columns that an expression reads, and plans the sub-queries in it.
  void Reads(const Expr& expr, Scope* scope) {
    WalkExpr(expr, [&](const Expr& inner) {
      if (inner.kind == ExprKind::kColumn) {
        if (inner.LastName() == "*") {
          Star(inner, *scope);
        } else if (const std::optional<Ref> ref = Resolve(inner, *scope)) {
          Mark(*ref);
        }
      }
      if (inner.kind == ExprKind::kSubquery && inner.query != nullptr) SubPlan(*inner.query, scope);
    });
  }

  void Star(const Expr& star, const Scope& scope) {
    const std::string qualifier = star.name.size() > 1 ? star.name[star.name.size() - 2] : "";
    for (const Source& source : scope.sources) {
      if (!qualifier.empty() && source.label != qualifier) continue;
      if (source.table != kNone) LevelOf(scope).tables[source.table].all_columns = true;
      for (const auto& [name, ref] : source.columns) Mark(ref);
    }
  }

  // A sub-query that stays one: it runs once, or for each row of the level that it names.
  void SubPlan(const Query& query, Scope* scope) {
    const Select* select = std::get_if<Select>(&query.node);
    if (select == nullptr || scope->depth > kDepthMax) return;
    const size_t level = Whole(*select, scope, kNone);
    if (correlated_.contains(level)) scans_.levels[level].per_row_of = scope->level;
  }

  std::map<std::string, Ref> Dissolve(const Select& select, Scope* inner, const Side& side) {
    std::map<std::string, Ref> columns;
    for (const FromItem& item : select.from) From(item, inner, side);
    if (select.where.has_value()) Condition(*select.where, inner, side);
    for (const Target& target : select.targets) {
      if (target.expr.kind != ExprKind::kColumn) {
        // Read whether the outer query uses it or not: PostgreSQL would drop it, if rarely written.
        Reads(target.expr, inner);
        continue;
      }
      if (target.expr.LastName() == "*") {
        for (const Source& source : inner->sources) {
          if (source.relation != nullptr) {
            for (const CatalogColumn& column : source.relation->columns) {
              columns[column.name] = {
                  .level = inner->level, .table = source.table, .column = column.name};
            }
          }
          columns.insert(source.columns.begin(), source.columns.end());
        }
        continue;
      }
      const std::optional<Ref> ref = Resolve(target.expr, *inner);
      const std::string name =
          target.alias.empty() ? std::string(target.expr.LastName()) : target.alias;
      if (ref.has_value()) columns[name] = *ref;
    }
    return columns;
  }

  // A SELECT with a level of its own; returns it.
  size_t Whole(const Select& select, Scope* outer, size_t per_row_of) {
    Scope scope = Open(outer);
    scans_.levels[scope.level].per_row_of = per_row_of;
    With(select.with, &scope);
    for (const Select& side : select.sides) {
      const size_t level = Whole(side, &scope, kNone);
      AddTable(nullptr, "", level, {}, &scope);
    }
    for (const FromItem& item : select.from) From(item, &scope, {});
    for (const Target& target : select.targets) Reads(target.expr, &scope);
    if (select.where.has_value()) Condition(*select.where, &scope, {});
    if (select.having.has_value()) Reads(*select.having, &scope);
    Level& level = LevelOf(scope);
    level.aggregated = std::any_of(select.targets.begin(), select.targets.end(),
                                   [](const Target& t) { return HasAggregate(t.expr); });
    Order(select, scope);
    Group(select, scope);
    Extremes(select, scope);
    if (select.limit.has_value()) {
      const std::optional<std::string> count = ConstantValue(*select.limit, values_);
      const std::optional<double> number = count.has_value() ? OrdinalOf(*count) : std::nullopt;
      if (!select.limit->IsNullConstant()) level.limit = number.value_or(100);
      if (level.limit >= 0 && select.offset.has_value()) {
        const std::optional<std::string> skip = ConstantValue(*select.offset, values_);
        level.limit += skip.has_value() ? OrdinalOf(*skip).value_or(0) : 0;
      }
    }
    Finish(&scope);
    return scope.level;
  }

  const Expr& OutputOf(const Expr& expr, const Select& select) const {
    if (expr.kind == ExprKind::kConstant && expr.constant == ConstantKind::kInteger) {
      const size_t n = static_cast<size_t>(std::strtoull(expr.value.c_str(), nullptr, 10));
      if (n >= 1 && n <= select.targets.size()) return select.targets[n - 1].expr;
    }
    if (expr.IsColumn() && expr.name.size() == 1) {
      for (const Target& output : select.targets) {
        if (output.alias == expr.name[0]) return output.expr;
      }
    }
    return expr;
  }

  std::optional<OrderKey> KeyOf(const Expr& expr, const Scope& scope) const {
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

  void Order(const Select& select, const Scope& scope) {
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
      key->nulls_first = item.nulls == NullsOrder::kFirst ||
                         (item.nulls == NullsOrder::kDefault && key->descending);
      if (!level.order.empty() && level.order.front().table != key->table)
        level.order_known = false;
      level.order.push_back(std::move(*key));
    }
    if (!level.order_known) level.order.clear();
  }

  void Group(const Select& select, const Scope& scope) {
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

  // SELECT min(a), max(a): each is one step into an index.
  void Extremes(const Select& select, const Scope& scope) {
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

  void Join(const Ref& a, const Ref& b, const Scope& scope) {
    Mark(a);
    Mark(b);
    if (a.level != scope.level || b.level != scope.level || a.table == b.table) return;
    LevelOf(scope).joins.push_back({.tables = {a.table, b.table}, .columns = {a.column, b.column}});
  }

  void Condition(const Expr& expr, Scope* scope, const Side& side) {
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
    Reads(expr, scope);
    if (JoinCondition(expr, scope)) return;
    One(expr, scope, &LevelOf(*scope).needs);
  }

  bool JoinCondition(const Expr& expr, Scope* scope) {
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

  // Adds what `expr` asks of one table of this level to `out`.
  void One(const Expr& expr, Scope* scope, std::vector<Need>* out) {
    std::optional<size_t> table;
    bool several = false;
    bool outer = false;
    WalkExpr(expr, [&](const Expr& inner) {
      if (!inner.IsColumn()) return;
      const std::optional<Ref> ref = Resolve(inner, *scope);
      if (!ref.has_value()) return;
      if (ref->level != scope->level) {
        outer = true;
        for (size_t level = ref->level + 1; level <= scope->level; ++level)
          correlated_.insert(level);
        return;
      }
      several = several || (table.has_value() && *table != ref->table);
      table = ref->table;
    });
    if (!table.has_value() || several) {
      ++LevelOf(*scope).filters;
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

  void Or(const Expr& expr, Scope* scope) {
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
    }
    LevelOf(*scope).ors.push_back(std::move(all));
  }

  // EXISTS: a join that keeps each row once.
  void Exists(const Expr& expr, Scope* scope, bool anti) {
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

  void InQuery(const Expr& expr, Scope* scope) {
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
    LevelOf(*scope).joins.push_back(
        {.tables = {left->table, table}, .columns = {left->column, ""}});
  }

  void Finish(Scope* scope) {
    for (LevelTable& table : LevelOf(*scope).tables) {
      if (table.relation == nullptr || !table.all_columns) continue;
      for (const CatalogColumn& column : table.relation->columns) table.needed.insert(column.name);
    }
  }

  const Catalog& catalog_;
  const ValueContext& values_;
  StatementScans& scans_;
  std::set<size_t> correlated_;  // Levels that name a column of a level in front of them.
  std::map<const CommonTable*, int> common_uses_;
  int common_depth_ = 0;
  bool recursive_ = false;
  std::vector<std::unique_ptr<Expr>> kept_;
};

}  // namespace

StatementScans ScansOf(const Statement& statement, const Catalog& catalog,
                       const ValueContext& values) {
  StatementScans scans;
  Reader reader(catalog, values, &scans);
  if (const auto* select = statement.As<Select>()) reader.Enter(*select);
  if (const auto* insert = statement.As<Insert>()) reader.Enter(*insert);
  if (const auto* update = statement.As<Update>()) reader.Enter(*update);
  if (const auto* del = statement.As<Delete>()) reader.Enter(*del);
  if (const auto* merge = statement.As<Merge>()) reader.Enter(*merge);
  const auto shared = [&](const std::shared_ptr<const Query>& query) {
    if (query != nullptr) reader.Read(*query);
  };
  if (const auto* explain = statement.As<Explain>()) shared(explain->query);
  if (const auto* copy = statement.As<Copy>()) shared(copy->query);
  if (const auto* create = statement.As<CreateTableAs>()) shared(create->query);
  if (const auto* cursor = statement.As<DeclareCursor>()) shared(cursor->query);
  std::sort(scans.unknown.begin(), scans.unknown.end());
  scans.unknown.erase(std::unique(scans.unknown.begin(), scans.unknown.end()), scans.unknown.end());
  return scans;
}

std::vector<Need> NeedsOf(const Expr& condition, const Relation& table) {
  std::vector<Need> needs;
  if (condition.kind == ExprKind::kAnd) {
    for (const Expr& part : condition.args) {
      for (Need& need : NeedsOf(part, table)) needs.push_back(std::move(need));
    }
    return needs;
  }
  const NeedReader reader({}, [&](const Expr& column) -> std::optional<std::string> {
    if (table.FindColumn(column.LastName()) == nullptr) return std::nullopt;
    return std::string(column.LastName());
  });
  reader.Read(condition, &table, &needs);
  return needs;
}

}  // namespace pgsift
