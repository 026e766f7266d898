// QRY029 unused-outer-join: a LEFT JOIN by a unique key of which nothing is used.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::unused_outer_join {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY029",
    .name = "unused-outer-join",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "a joined table adds neither rows nor columns",
    .why = R"md(
A `LEFT JOIN` by a unique key keeps every row once. If no column of the table is used, the join
changes nothing; the planner removes it, after having planned it.
)md",
    .instead = R"md(
Leave the join out.
)md",
    .bad = R"sql(CREATE TABLE customers (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int);
SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id;)sql",
    .good = R"sql(CREATE TABLE customers (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int);
SELECT o.id, c.name FROM orders o LEFT JOIN customers c ON c.id = o.customer_id;)sql",
});

// Any expression of the query but the join's own condition names the table, or may.
bool IsUsed(const std::string& label, const Expr& own, const ObservedQuery& query,
            const Relation& table) {
  bool used = false;
  const auto names = [&](const Expr& expr) {
    if (expr.kind != ExprKind::kColumn) return;
    if (expr.name.size() > 1) {
      used = used || expr.name[expr.name.size() - 2] == label;
    } else {
      used = used || expr.LastName() == "*" || table.FindColumn(expr.LastName()) != nullptr ||
             expr.LastName() == label;
    }
  };
  size_t in_own = 0;
  WalkExpr(own, [&](const Expr& expr) {
    if (expr.kind == ExprKind::kColumn && expr.name.size() > 1 &&
        expr.name[expr.name.size() - 2] == label)
      ++in_own;
  });
  size_t in_all = 0;
  for (const QueryBlock& block : query.blocks) {
    EachExpr(block, [&](const Expr& expr) {
      const bool before = used;
      used = false;
      names(expr);
      if (used) ++in_all;
      used = before;
    });
  }
  return in_all > in_own;
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr || block.tables.size() < 2) continue;
    EachJoin(block, [&](const FromItem& join) {
      if (join.join != JoinType::kLeft || join.on == nullptr) return;
      if (join.sides[1].kind != FromKind::kRelation || join.lateral) return;
      const RelationRef& right = join.sides[1].relation;
      const Relation* table = pass.catalog().Find(right.name);
      if (table == nullptr || !table->IsTable()) return;
      std::vector<std::string> keys;
      for (const Predicate& predicate : block.predicates) {
        if (predicate.kind == PredicateKind::kJoin && predicate.column.resolved() &&
            block.tables[predicate.column.table].label == right.Label())
          keys.push_back(predicate.column.column);
      }
      if (UniqueIndexWithin(*table, keys, pass.catalog()) == nullptr) return;
      if (IsUsed(right.Label(), *join.on, query, *table)) return;
      ReportPart(kInfo, query, right.offset, pass,
                 absl::StrFormat("nothing of `%s` is used", table->name.ToString()))
          .On(table->name.ToString())
          .Primary("joined by a unique key: adds no rows")
          .Help("leave the join out");
    });
  }
}

}  // namespace

extern constinit const Rule kUnusedOuterJoin = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::unused_outer_join
