// QRY031 distinct-over-join: DISTINCT that takes back what a join multiplied.

#include <set>

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::distinct_over_join {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY031",
    .name = "distinct-over-join",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "DISTINCT removes rows that a join has just multiplied",
    .why = R"md(
A joined table of which no column is used only multiplies the rows; DISTINCT then sorts or hashes
all of them to get rid of the copies.
)md",
    .instead = R"md(
`WHERE EXISTS (SELECT 1 FROM … )`: the join stops at the first match, and nothing has to be made
distinct.
)md",
    .bad =
        R"sql(SELECT DISTINCT c.id, c.name FROM customers c JOIN orders o ON o.customer_id = c.id;)sql",
    .good =
        R"sql(SELECT c.id, c.name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id);)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    const QueryBlock& block = query.blocks[at];
    const Select* select = block.select;
    if (select == nullptr || !select->distinct || !select->distinct_on.empty()) continue;
    if (block.tables.size() < 2 || block.aggregated) continue;
    std::set<size_t> used;
    bool unknown = false;
    const auto look = [&](const Expr& expr) {
      if (expr.kind == ExprKind::kSubquery) unknown = true;
      if (expr.kind != ExprKind::kColumn) return;
      if (expr.LastName() == "*") {
        if (expr.name.size() < 2) unknown = true;
        for (size_t i = 0; i < block.tables.size(); ++i) {
          if (expr.name.size() > 1 && block.tables[i].label == expr.name[expr.name.size() - 2])
            used.insert(i);
        }
        return;
      }
      const ColumnUse use = ResolveColumn(expr, at, query.blocks, pass.catalog());
      if (!use.resolved()) unknown = true;
      if (use.block == at) used.insert(use.table);
    };
    for (const Target& target : select->targets) WalkExpr(target.expr, look);
    for (const SortItem& item : select->order_by) WalkExpr(item.expr, look);
    if (unknown || used.empty()) continue;
    for (size_t i = 0; i < block.tables.size(); ++i) {
      if (used.contains(i) || !block.tables[i].base_relation) continue;
      // Joined by a unique key it multiplies nothing.
      const Relation* table = pass.catalog().Find(block.tables[i].id);
      std::vector<std::string> keys;
      const Expr* on = nullptr;
      for (const Predicate& predicate : block.predicates) {
        if (predicate.column.table != i || predicate.wrapped || predicate.in_or) continue;
        if (predicate.kind == PredicateKind::kJoin) on = predicate.expr;
        if (predicate.kind == PredicateKind::kJoin || predicate.kind == PredicateKind::kEqual)
          keys.push_back(predicate.column.column);
      }
      if (table != nullptr && UniqueIndexWithin(*table, keys, pass.catalog()) != nullptr) continue;
      if (on == nullptr) continue;
      const BlockTable& named = block.tables[i];
      const std::string alias = named.label == named.name.name ? "" : " " + named.label;
      ReportPart(kInfo, query, named.offset, pass,
                 absl::StrFormat("`DISTINCT` takes back the rows that `%s` multiplied",
                                 named.name.ToString()))
          .On(named.name.ToString())
          .Primary("joined, but no column of it is used")
          .Help(absl::StrFormat("without DISTINCT: … WHERE EXISTS (SELECT 1 FROM %s%s WHERE %s)",
                                QuoteName(named.name), alias, ToSql(*on)));
      break;
    }
  }
}

}  // namespace

extern constinit const Rule kDistinctOverJoin = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::distinct_over_join
