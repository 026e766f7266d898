#include "parser/query_blocks.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

namespace pgsift {
namespace {

constexpr size_t kNoBlock = static_cast<size_t>(-1);

// A value that the server knows before it reads rows: a literal, also behind a cast or a sign.
bool IsLiteral(const Expr& expr) {
  if (expr.kind == ExprKind::kConstant) return true;
  if (expr.kind == ExprKind::kCast || expr.kind == ExprKind::kList ||
      expr.kind == ExprKind::kArray) {
    return std::all_of(expr.args.begin(), expr.args.end(), IsLiteral);
  }
  return expr.kind == ExprKind::kOperator && expr.args.size() == 1 && IsLiteral(expr.args[0]);
}

// The pattern of LIKE without a cast around it.
const Expr& Bare(const Expr& expr) {
  return expr.kind == ExprKind::kCast && expr.args.size() == 1 ? Bare(expr.args[0]) : expr;
}

PredicateKind LikeKind(const Expr& pattern) {
  const Expr& bare = Bare(pattern);
  if (bare.kind == ExprKind::kConstant && bare.constant == ConstantKind::kString) {
    const bool wildcard = bare.value.starts_with('%') || bare.value.starts_with('_');
    return wildcard ? PredicateKind::kLikeAnywhere : PredicateKind::kLikePrefix;
  }
  // '%' || $1: the pattern starts with a wildcard whatever follows.
  if (bare.kind == ExprKind::kOperator && bare.LastName() == "||" && !bare.args.empty()) {
    return LikeKind(bare.args[0]) == PredicateKind::kLikeAnywhere ? PredicateKind::kLikeAnywhere
                                                                  : PredicateKind::kLikeUnknown;
  }
  return PredicateKind::kLikeUnknown;
}

PredicateKind OperatorPredicate(const Expr& expr) {
  const std::string_view symbol = expr.LastName();
  switch (expr.op) {
    case OperatorKind::kLike:
    case OperatorKind::kIlike:
      return expr.args.size() > 1 ? LikeKind(expr.args[1]) : PredicateKind::kOther;
    case OperatorKind::kIn:
      return expr.negated ? PredicateKind::kNotEqual : PredicateKind::kEqual;
    case OperatorKind::kBetween:
      return expr.negated ? PredicateKind::kOther : PredicateKind::kRange;
    case OperatorKind::kDistinct:
      return expr.negated ? PredicateKind::kOther : PredicateKind::kNotEqual;
    case OperatorKind::kAny:
      return symbol == "=" ? PredicateKind::kEqual : PredicateKind::kOther;
    case OperatorKind::kPlain:
      break;
    default:
      return PredicateKind::kOther;
  }
  if (symbol == "=") return PredicateKind::kEqual;
  if (symbol == "<" || symbol == "<=" || symbol == ">" || symbol == ">=")
    return PredicateKind::kRange;
  if (symbol == "<>") return PredicateKind::kNotEqual;
  constexpr auto kContainment = std::to_array<std::string_view>(
      {"@>", "<@", "&&", "?", "?|", "?&", "@@", "@?", "<<", ">>", "-|-", "%", "~=", "<->"});
  for (std::string_view op : kContainment) {
    if (op == symbol) return PredicateKind::kContains;
  }
  return PredicateKind::kOther;
}

class BlockBuilder {
 public:
  explicit BlockBuilder(const Catalog& catalog) : catalog_(catalog) {}

  void Add(const Query& query, size_t parent) {
    std::visit([&](const auto& node) { Enter(node, parent); }, query.node);
  }
  template <typename T>
  void AddNode(const T& node) {
    Enter(node, kNoBlock);
  }
  std::vector<QueryBlock> Take() { return std::move(blocks_); }

 private:
  using Command = QueryBlock::Command;

  size_t Open(Command command, size_t parent) {
    QueryBlock block;
    block.command = command;
    block.parent = parent;
    blocks_.push_back(std::move(block));
    return blocks_.size() - 1;
  }

  void With(const WithClause& with, size_t at) {
    for (const CommonTable& table : with.tables) {
      common_.insert_or_assign(table.name, true);
      if (table.query != nullptr) Add(*table.query, at);
    }
  }

  void AddTable(const RelationRef& relation, size_t at, bool nullable, bool written) {
    if (relation.name.empty()) return;
    BlockTable table;
    table.label = relation.Label();
    table.offset = relation.offset;
    table.nullable = nullable;
    table.written = written;
    table.name = relation.name;
    if (!(relation.name.schema.empty() && common_.contains(relation.name.name))) {
      table.base_relation = true;
      table.name = catalog_.Resolve(relation.name);
      if (const Relation* known = catalog_.Find(relation.name)) table.id = known->id;
    }
    blocks_[at].tables.push_back(std::move(table));
  }

  void From(const std::vector<FromItem>& items, size_t at, bool nullable) {
    for (const FromItem& item : items) FromOne(item, at, nullable);
  }

  void FromOne(const FromItem& item, size_t at, bool nullable) {
    switch (item.kind) {
      case FromKind::kRelation:
        AddTable(item.relation, at, nullable, false);
        return;
      case FromKind::kSubquery: {
        BlockTable table;
        table.label = item.relation.alias;
        table.name.name = item.relation.alias;
        blocks_[at].tables.push_back(std::move(table));
        if (item.query != nullptr) Add(*item.query, at);
        return;
      }
      case FromKind::kJoin:
        FromOne(item.sides[0], at,
                nullable || item.join == JoinType::kRight || item.join == JoinType::kFull);
        FromOne(item.sides[1], at,
                nullable || item.join == JoinType::kLeft || item.join == JoinType::kFull);
        if (item.on != nullptr) pending_.push_back({item.on.get(), at});
        Using(item, at);
        return;
      case FromKind::kFunction:
      case FromKind::kOther: {
        BlockTable table;
        table.label = item.relation.alias;
        table.name.name = item.relation.alias;
        blocks_[at].tables.push_back(std::move(table));
        return;
      }
    }
  }

  // USING (a): a condition between the two sides' columns of that name.
  void Using(const FromItem& join, size_t at) {
    for (const std::string& column : join.using_columns) {
      std::vector<size_t> owners;
      const std::vector<BlockTable>& tables = blocks_[at].tables;
      for (size_t i = 0; i < tables.size(); ++i) {
        const Relation* relation = catalog_.Find(tables[i].id);
        const bool unknown = relation == nullptr && tables.size() == 2;
        if (unknown || (relation != nullptr && relation->FindColumn(column) != nullptr))
          owners.push_back(i);
      }
      if (owners.size() < 2) continue;
      Predicate predicate;
      predicate.kind = PredicateKind::kJoin;
      predicate.operator_name = "=";
      predicate.column = {.table = owners[owners.size() - 1], .block = at, .column = column};
      predicate.other = {.table = owners[owners.size() - 2], .block = at, .column = column};
      blocks_[at].predicates.push_back(predicate);
      std::swap(predicate.column, predicate.other);
      blocks_[at].predicates.push_back(predicate);
    }
  }

  ColumnUse Resolve(const Expr& expr, size_t at) {
    const ColumnUse use = ResolveColumn(expr, at, blocks_, catalog_);
    if (use.resolved() && use.block != at) blocks_[at].correlated = true;
    return use;
  }

  // The one column that an expression reads, if it is only one.
  std::optional<ColumnUse> SingleColumn(const Expr& expr, size_t at) {
    std::optional<ColumnUse> single;
    bool several = false;
    WalkExpr(expr, [&](const Expr& inner) {
      if (inner.kind == ExprKind::kSubquery) several = true;
      if (!inner.IsColumn()) return;
      const ColumnUse use = Resolve(inner, at);
      if (single.has_value() && (single->column != use.column || single->table != use.table))
        several = true;
      single = use;
    });
    if (several) return std::nullopt;
    return single;
  }

  void Condition(const Expr& expr, size_t at, bool in_or) {
    if (expr.kind == ExprKind::kAnd) {
      for (const Expr& arg : expr.args) Condition(arg, at, in_or);
      return;
    }
    if (expr.kind == ExprKind::kOr) {
      for (const Expr& arg : expr.args) Condition(arg, at, true);
      return;
    }
    Nested(expr, at);
    if (expr.kind == ExprKind::kNullTest) {
      Push(expr.negated ? PredicateKind::kIsNotNull : PredicateKind::kIsNull, expr, expr.args[0],
           nullptr, at, in_or);
    } else if (expr.kind == ExprKind::kColumn || expr.kind == ExprKind::kNot) {
      // A bare boolean column, or its negation, is a comparison with a constant.
      const Expr& column = expr.kind == ExprKind::kNot && !expr.args.empty() ? expr.args[0] : expr;
      if (column.IsColumn()) Push(PredicateKind::kEqual, expr, column, nullptr, at, in_or);
    } else if (expr.kind == ExprKind::kSubquery && expr.sublink == SublinkKind::kAny &&
               !expr.args.empty()) {
      Push(PredicateKind::kEqual, expr, expr.args[0], nullptr, at, in_or);
    } else if (expr.kind == ExprKind::kOperator && expr.args.size() >= 2) {
      const PredicateKind kind = OperatorPredicate(expr);
      Push(kind, expr, expr.args[0], &expr.args[1], at, in_or);
      const bool symmetric = expr.op == OperatorKind::kPlain && kind != PredicateKind::kOther;
      if (symmetric) Push(kind, expr, expr.args[1], &expr.args[0], at, in_or);
    }
  }

  void Push(PredicateKind kind, const Expr& expr, const Expr& side, const Expr* value, size_t at,
            bool in_or) {
    const std::optional<ColumnUse> column = SingleColumn(side, at);
    if (!column.has_value() || column->block != at) return;
    Predicate predicate;
    predicate.kind = kind;
    predicate.column = *column;
    predicate.operator_name = std::string(expr.LastName());
    predicate.expr = &expr;
    predicate.side = &side;
    predicate.value = value;
    predicate.wrapped = !side.IsColumn();
    predicate.negated = expr.negated;
    predicate.in_or = in_or;
    if (value != nullptr) {
      predicate.constant = IsLiteral(*value);
      const std::optional<ColumnUse> other = SingleColumn(*value, at);
      if (other.has_value()) {
        predicate.other = *other;
        const bool join = kind == PredicateKind::kEqual && value->IsColumn() &&
                          (other->table != column->table || other->block != at);
        if (join) predicate.kind = PredicateKind::kJoin;
        if (other->block == at && other->table == column->table) return;
      }
    }
    blocks_[at].predicates.push_back(std::move(predicate));
  }

  // Sub-queries inside an expression.
  void Nested(const Expr& expr, size_t at) {
    WalkExpr(expr, [&](const Expr& inner) {
      if (inner.query != nullptr) Add(*inner.query, at);
      if (IsAggregateCall(inner)) blocks_[at].aggregated = true;
    });
  }

  void FlushPending(size_t at) {
    std::vector<std::pair<const Expr*, size_t>> now;
    std::swap(now, pending_);
    for (const auto& [expr, block] : now) {
      if (block == at) {
        Condition(*expr, at, false);
      } else {
        pending_.push_back({expr, block});
      }
    }
  }

  void Sort(const Expr& expr, const Select& select, size_t at, BlockSortKey key,
            std::vector<BlockSortKey>* keys) {
    const Expr* target = &expr;
    // ORDER BY 1 and ORDER BY alias mean an output column.
    if (expr.kind == ExprKind::kConstant && expr.constant == ConstantKind::kInteger) {
      const size_t n = static_cast<size_t>(std::strtoull(expr.value.c_str(), nullptr, 10));
      if (n >= 1 && n <= select.targets.size()) target = &select.targets[n - 1].expr;
    } else if (expr.IsColumn() && expr.name.size() == 1) {
      for (const Target& output : select.targets) {
        if (output.alias == expr.name[0]) target = &output.expr;
      }
    }
    key.expr = target;
    if (target->IsColumn()) key.column = Resolve(*target, at);
    if (key.column.block != at) key.column = {};
    keys->push_back(std::move(key));
  }

  void Enter(const Select& select, size_t parent) {
    const size_t at = Open(Command::kSelect, parent);
    blocks_[at].select = &select;
    blocks_[at].from = &select.from;
    if (select.where.has_value()) blocks_[at].where = &*select.where;
    With(select.with, at);
    From(select.from, at, false);
    FlushPending(at);
    for (const Target& target : select.targets) Nested(target.expr, at);
    if (select.where.has_value()) Condition(*select.where, at, false);
    if (select.having.has_value()) Nested(*select.having, at);
    for (const auto& row : select.values) {
      for (const Expr& value : row) Nested(value, at);
    }
    std::vector<BlockSortKey> order;
    for (const SortItem& item : select.order_by) {
      Sort(item.expr, select, at,
           {.descending = item.direction == SortDirection::kDescending, .nulls = item.nulls},
           &order);
    }
    std::vector<BlockSortKey> groups;
    for (const Expr& expr : select.group_by) Sort(expr, select, at, {}, &groups);
    QueryBlock& block = blocks_[at];
    block.order_by = std::move(order);
    block.aggregated = block.aggregated || !groups.empty();
    block.group_by = std::move(groups);
    block.limit = select.limit.has_value() ? &*select.limit : nullptr;
    block.offset = select.offset.has_value() ? &*select.offset : nullptr;
    block.distinct = select.distinct;
    block.locking = !select.locking.empty();
    for (const Select& side : select.sides) Enter(side, at);
  }

  void Enter(const Insert& insert, size_t parent) {
    const size_t at = Open(Command::kInsert, parent);
    blocks_[at].insert = &insert;
    With(insert.with, at);
    AddTable(insert.relation, at, false, true);
    if (insert.source != nullptr) Enter(*insert.source, at);
  }

  void Enter(const Update& update, size_t parent) {
    const size_t at = Open(Command::kUpdate, parent);
    blocks_[at].update = &update;
    blocks_[at].from = &update.from;
    if (update.where.has_value()) blocks_[at].where = &*update.where;
    With(update.with, at);
    AddTable(update.relation, at, false, true);
    From(update.from, at, false);
    FlushPending(at);
    for (const Target& target : update.assignments) {
      blocks_[at].assigned.push_back({.table = 0, .block = at, .column = target.alias});
      Nested(target.expr, at);
    }
    if (update.where.has_value()) Condition(*update.where, at, false);
  }

  void Enter(const Delete& del, size_t parent) {
    const size_t at = Open(Command::kDelete, parent);
    blocks_[at].del = &del;
    blocks_[at].from = &del.using_items;
    if (del.where.has_value()) blocks_[at].where = &*del.where;
    With(del.with, at);
    AddTable(del.relation, at, false, true);
    From(del.using_items, at, false);
    FlushPending(at);
    if (del.where.has_value()) Condition(*del.where, at, false);
  }

  void Enter(const Merge& merge, size_t parent) {
    const size_t at = Open(Command::kMerge, parent);
    blocks_[at].merge = &merge;
    With(merge.with, at);
    AddTable(merge.relation, at, false, true);
    FromOne(merge.source, at, false);
    FlushPending(at);
    if (merge.on.has_value()) Condition(*merge.on, at, false);
  }

  const Catalog& catalog_;
  std::vector<QueryBlock> blocks_;
  std::map<std::string, bool> common_;                   // WITH tables seen so far.
  std::vector<std::pair<const Expr*, size_t>> pending_;  // ON conditions, until FROM is complete.
};

}  // namespace

bool IsAggregateCall(const Expr& expr) {
  constexpr auto kNames = std::to_array<std::string_view>({"any_value",
                                                           "array_agg",
                                                           "avg",
                                                           "bit_and",
                                                           "bit_or",
                                                           "bit_xor",
                                                           "bool_and",
                                                           "bool_or",
                                                           "corr",
                                                           "count",
                                                           "every",
                                                           "json_agg",
                                                           "json_object_agg",
                                                           "jsonb_agg",
                                                           "jsonb_object_agg",
                                                           "max",
                                                           "min",
                                                           "mode",
                                                           "percentile_cont",
                                                           "percentile_disc",
                                                           "range_agg",
                                                           "stddev",
                                                           "stddev_pop",
                                                           "stddev_samp",
                                                           "string_agg",
                                                           "sum",
                                                           "var_pop",
                                                           "var_samp",
                                                           "variance",
                                                           "xmlagg"});
  return expr.kind == ExprKind::kFunction && !expr.windowed &&
         std::find(kNames.begin(), kNames.end(), expr.LastName()) != kNames.end();
}

ColumnUse ResolveColumn(const Expr& column, size_t at, const std::vector<QueryBlock>& blocks,
                        const Catalog& catalog) {
  ColumnUse use;
  use.column = std::string(column.LastName());
  const std::string qualifier =
      column.name.size() > 1 ? column.name[column.name.size() - 2] : std::string();
  for (size_t block = at; block != kNoBlock; block = blocks[block].parent) {
    const std::vector<BlockTable>& tables = blocks[block].tables;
    std::optional<size_t> found;
    for (size_t i = 0; i < tables.size(); ++i) {
      if (!qualifier.empty()) {
        if (tables[i].label == qualifier) found = i;
        continue;
      }
      const Relation* relation = catalog.Find(tables[i].id);
      if (relation != nullptr && relation->FindColumn(use.column) != nullptr) found = i;
    }
    // An unqualified name in a block with one table that nothing is known of can only be its own.
    if (!found.has_value() && qualifier.empty() && tables.size() == 1 &&
        catalog.Find(tables[0].id) == nullptr) {
      found = 0;
    }
    if (!found.has_value()) continue;
    use.table = *found;
    use.block = block;
    return use;
  }
  return use;
}

std::vector<QueryBlock> BlocksOf(const Query& query, const Catalog& catalog) {
  BlockBuilder builder(catalog);
  builder.Add(query, kNoBlock);
  return builder.Take();
}

std::vector<QueryBlock> BlocksOf(const Statement& statement, const Catalog& catalog) {
  BlockBuilder builder(catalog);
  const auto shared = [&](const std::shared_ptr<const Query>& query) {
    if (query != nullptr) builder.Add(*query, kNoBlock);
  };
  if (const auto* select = statement.As<Select>()) builder.AddNode(*select);
  if (const auto* insert = statement.As<Insert>()) builder.AddNode(*insert);
  if (const auto* update = statement.As<Update>()) builder.AddNode(*update);
  if (const auto* del = statement.As<Delete>()) builder.AddNode(*del);
  if (const auto* merge = statement.As<Merge>()) builder.AddNode(*merge);
  if (const auto* explain = statement.As<Explain>()) shared(explain->query);
  if (const auto* copy = statement.As<Copy>()) shared(copy->query);
  if (const auto* view = statement.As<CreateView>()) shared(view->query);
  if (const auto* create = statement.As<CreateTableAs>()) shared(create->query);
  return builder.Take();
}

}  // namespace pgsift
