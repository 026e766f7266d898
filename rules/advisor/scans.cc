#include "rules/advisor/scans.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "parser/query_blocks.h"
#include "rules/advisor/index_match.h"
#include "rules/advisor/need_reader.h"
#include "rules/advisor/scan_reader.h"

namespace pgsift {
namespace {

constexpr size_t kNone = LevelTable::kNoLevel;

// PostgreSQL plans it together with the query that it stands in.
bool CanDissolve(const Select& select) {
  if (select.set_operation != SetOperation::kNone || select.from.empty()) return false;
  if (select.limit.has_value() || select.offset.has_value() || select.distinct) return false;
  if (!select.group_by.empty() || select.having.has_value() || !select.values.empty()) return false;
  if (!select.with.tables.empty() || !select.locking.empty()) return false;
  return std::none_of(select.targets.begin(), select.targets.end(),
                      [](const Target& target) { return HasAggregate(target.expr); });
}
}  // namespace

bool HasAggregate(const Expr& expr) {
  bool found = false;
  WalkExpr(expr, [&](const Expr& inner) {
    found =
        found || IsAggregateCall(inner) || (inner.kind == ExprKind::kFunction && inner.windowed);
  });
  return found;
}

void ScanReader::Enter(const Insert& insert) {
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

void ScanReader::Enter(const Update& update) {
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

void ScanReader::Enter(const Delete& del) {
  scans_.command = 'd';
  Scope scope = Open(nullptr);
  With(del.with, &scope);
  Target0(del.relation, &scope);
  for (const FromItem& item : del.using_items) From(item, &scope, {});
  if (del.where.has_value()) Condition(*del.where, &scope, {});
  Finish(&scope);
}

void ScanReader::Enter(const Merge& merge) {
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

ScanReader::Scope ScanReader::Open(Scope* outer) {
  Scope scope;
  scope.outer = outer;
  scope.level = scans_.levels.size();
  scope.depth = outer == nullptr ? 0 : outer->depth + 1;
  scans_.levels.emplace_back();
  return scope;
}

ScanReader::Scope ScanReader::Within(Scope* outer) {
  Scope scope;
  scope.outer = outer;
  scope.level = outer->level;
  scope.depth = outer->depth + 1;
  return scope;
}

const Relation* ScanReader::Table(const RelationRef& ref) {
  const Relation* relation = catalog_.Find(ref.name);
  if (relation == nullptr) scans_.unknown.push_back(catalog_.Resolve(ref.name).ToString());
  return relation;
}

const CommonTable* ScanReader::FindCommon(const RelationRef& ref, const Scope& scope) const {
  if (!ref.name.schema.empty()) return nullptr;
  for (const Scope* at = &scope; at != nullptr; at = at->outer) {
    const auto found = at->common.find(ref.name.name);
    if (found != at->common.end()) return found->second;
  }
  return nullptr;
}

void ScanReader::With(const WithClause& with, Scope* scope) {
  for (const CommonTable& table : with.tables) {
    scope->common[table.name] = &table;
    recursive_ = recursive_ || with.recursive;
    // A part that changes rows runs whether it is read or not.
    if (table.query != nullptr && !std::holds_alternative<Select>(table.query->node)) {
      StatementScans inner;
      ScanReader reader(catalog_, values_, &inner);
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

size_t ScanReader::AddTable(const Relation* relation, const std::string& label, size_t inner_level,
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

void ScanReader::Target0(const RelationRef& ref, Scope* scope) {
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

void ScanReader::Derived(const Query& query, const std::string& label, const Side& side,
                         bool keep_apart, Scope* scope) {
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

void ScanReader::From(const FromItem& item, Scope* scope, Side side) {
  if (scope->depth > kDepthMax) return;
  side.lateral = side.lateral || item.lateral;
  switch (item.kind) {
    case FromKind::kRelation: {
      if (const CommonTable* common = FindCommon(item.relation, *scope)) {
        if (const auto reading = reading_.find(common); reading != reading_.end()) {
          Unknown(item.relation.Label(), side, scope);
          LevelTable& table = LevelOf(*scope).tables.back();
          table.level = reading->second;
          table.work_table = true;
          return;
        }
        const bool apart = common->materialized == CommonTable::Materialized::kAlways ||
                           recursive_ || (++common_uses_[common] > 1);
        if (common->query != nullptr && common_depth_ < 8) {
          ++common_depth_;
          if (recursive_) reading_.emplace(common, kNone);
          body_of_ = recursive_ ? common : nullptr;
          Derived(*common->query, item.relation.Label(), side, apart, scope);
          reading_.erase(common);
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

void ScanReader::Unknown(const std::string& label, const Side& side, Scope* scope) {
  const size_t table = AddTable(nullptr, label, kNone, side, scope);
  scope->sources.push_back(
      {.label = label, .table = table, .relation = nullptr, .columns = {}, .open = true});
}

void ScanReader::Using(const std::string& column, size_t first, size_t middle, Scope* scope) {
  std::optional<Ref> left;
  std::optional<Ref> right;
  for (size_t i = first; i < scope->sources.size(); ++i) {
    const std::optional<Ref> ref = InSource(scope->sources[i], column, scope->level);
    if (ref.has_value()) (i < middle ? left : right) = ref;
  }
  if (left.has_value() && right.has_value()) Join(*left, *right, *scope);
}

std::optional<ScanReader::Ref> ScanReader::InSource(const Source& source, const std::string& column,
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

std::optional<ScanReader::Ref> ScanReader::Resolve(const Expr& expr, const Scope& scope) const {
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

void ScanReader::Reads(const Expr& expr, Scope* scope) {
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

void ScanReader::Star(const Expr& star, const Scope& scope) {
  const std::string qualifier = star.name.size() > 1 ? star.name[star.name.size() - 2] : "";
  for (const Source& source : scope.sources) {
    if (!qualifier.empty() && source.label != qualifier) continue;
    if (source.table != kNone) LevelOf(scope).tables[source.table].all_columns = true;
    for (const auto& [name, ref] : source.columns) Mark(ref);
  }
}

std::map<std::string, ScanReader::Ref> ScanReader::Dissolve(const Select& select, Scope* inner,
                                                            const Side& side) {
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

size_t ScanReader::Whole(const Select& select, Scope* outer, size_t per_row_of) {
  Scope scope = Open(outer);
  scans_.levels[scope.level].per_row_of = per_row_of;
  const CommonTable* body_of = std::exchange(body_of_, nullptr);
  With(select.with, &scope);
  LevelOf(scope).set_operation = !select.sides.empty();
  for (const Select& side : select.sides) {
    const size_t level = Whole(side, &scope, kNone);
    AddTable(nullptr, "", level, {}, &scope);
    if (body_of == nullptr) continue;
    if (&side == &select.sides.front()) {
      reading_[body_of] = level;
    } else {
      // With all that it is made of: a sub-query that stays one is planned once, and run again.
      for (size_t i = level; i < scans_.levels.size(); ++i) scans_.levels[i].recursive_arm = true;
    }
  }
  for (const FromItem& item : select.from) From(item, &scope, {});
  for (const Target& target : select.targets) Reads(target.expr, &scope);
  if (select.where.has_value()) Condition(*select.where, &scope, {});
  if (select.having.has_value()) Reads(*select.having, &scope);
  Order(select, &scope);
  Group(select, &scope);
  Extremes(select, scope);
  bool windowed = false;
  bool aggregated = false;
  for (const Target& target : select.targets) {
    WalkExpr(target.expr, [&](const Expr& inner) {
      windowed = windowed || (inner.kind == ExprKind::kFunction && inner.windowed);
      aggregated = aggregated || IsAggregateCall(inner);
    });
  }
  // What OVER (…) names is not known: it may be any column.
  if (windowed) Star({}, scope);
  Level& level = LevelOf(scope);
  level.aggregated = aggregated;
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

const Expr& ScanReader::OutputOf(const Expr& expr, const Select& select) const {
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

void ScanReader::Join(const Ref& a, const Ref& b, const Scope& scope) {
  Mark(a);
  Mark(b);
  if (a.level != scope.level || b.level != scope.level || a.table == b.table) return;
  LevelOf(scope).joins.push_back({.tables = {a.table, b.table}, .columns = {a.column, b.column}});
}

void ScanReader::Finish(Scope* scope) {
  for (LevelTable& table : LevelOf(*scope).tables) {
    if (table.relation == nullptr || !table.all_columns) continue;
    for (const CatalogColumn& column : table.relation->columns) {
      table.needed.insert(column.name);
      table.shown.insert(column.name);
    }
  }
}

StatementScans ScansOf(const Statement& statement, const Catalog& catalog,
                       const ValueContext& values) {
  StatementScans scans;
  ScanReader reader(catalog, values, &scans);
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
  if (condition.kind == ExprKind::kOr) {
    Need either;
    either.op = "OR";
    bool literal = true;
    for (const Expr& part : condition.args) {
      either.arms.push_back(NeedsOf(part, table));
      for (const Need& need : either.arms.back()) literal = literal && !need.sql.empty();
    }
    if (literal) either.sql = BareSql(condition);
    needs.push_back(std::move(either));
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
