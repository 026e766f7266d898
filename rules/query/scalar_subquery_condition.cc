// QRY038 scalar-subquery-condition: a condition that runs a correlated sub-query for every row.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::scalar_subquery_condition {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY038",
    .name = "scalar-subquery-condition",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "a correlated scalar sub-query in WHERE runs once for every row",
    .why = R"md(
`a = (SELECT max(b) FROM t WHERE t.k = outer.k)` is evaluated row by row; the planner does not turn
it into a join.
)md",
    .instead = R"md(
A window function (`max(b) OVER (PARTITION BY k)`), `DISTINCT ON (k) … ORDER BY k, b DESC`, or a
join with a grouped sub-query.
)md",
    .bad =
        R"sql(SELECT o.id FROM orders o WHERE o.placed_at = (SELECT max(p.placed_at) FROM orders p WHERE p.customer_id = o.customer_id);)sql",
    .good =
        R"sql(SELECT DISTINCT ON (customer_id) id FROM orders ORDER BY customer_id, placed_at DESC;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (const QueryBlock& block : query.blocks) {
    if (block.where == nullptr) continue;
    WalkExpr(*block.where, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kSubquery || expr.sublink != SublinkKind::kScalar) return;
      const auto* inner = expr.query != nullptr ? std::get_if<Select>(&expr.query->node) : nullptr;
      if (inner == nullptr) return;
      const bool counted = inner->targets.size() == 1 && Calls(inner->targets[0].expr, {"count"});
      if (counted) return;  // Another rule's.
      for (const QueryBlock& candidate : query.blocks) {
        if (candidate.select != inner || !candidate.correlated || candidate.tables.empty())
          continue;
        ReportPart(kInfo, query, expr.offset, pass,
                   absl::StrFormat("a sub-query on `%s` runs for every row that is tested",
                                   candidate.tables[0].name.ToString()))
            .On(candidate.tables[0].name.ToString())
            .Primary("not planned as a join")
            .Help("a window function, DISTINCT ON, or a join with a grouped sub-query");
      }
    });
  }
}

}  // namespace

extern constinit const Rule kScalarSubqueryCondition = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::scalar_subquery_condition
