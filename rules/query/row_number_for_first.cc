// QRY064 row-number-for-first: row_number() over everything to keep the first of each group.

#include <set>

#include "rules/query/query_rule.h"

namespace pgsift::row_number_for_first {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY064",
    .name = "row-number-for-first",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 0},
    .summary = "row_number() numbers all rows to keep the first of each group",
    .why = R"md(
All rows are sorted and numbered, then all but the first of each group are thrown away.
)md",
    .instead = R"md(
`DISTINCT ON (k) … ORDER BY k, t DESC`, with an index on `(k, t)`; for few groups of many rows
`LATERAL (… ORDER BY t DESC LIMIT 1)`.
)md",
    .bad =
        R"sql(SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY placed_at DESC) AS n FROM orders) s WHERE n = 1;)sql",
    .good =
        R"sql(SELECT DISTINCT ON (customer_id) id FROM orders ORDER BY customer_id, placed_at DESC;)sql",
});

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  std::set<std::string> numbers;  // Output names of row_number() in sub-queries.
  for (const QueryBlock& block : query.blocks) {
    if (block.select == nullptr) continue;
    for (const Target& target : block.select->targets) {
      const bool number = target.expr.kind == ExprKind::kFunction && target.expr.windowed &&
                          target.expr.LastName() == "row_number";
      if (number) numbers.insert(target.alias.empty() ? "row_number" : target.alias);
    }
  }
  if (numbers.empty()) return;
  for (const QueryBlock& block : query.blocks) {
    EachConjunct(block, [&](const Expr& expr) {
      if (expr.kind != ExprKind::kOperator || expr.args.size() != 2) return;
      if (expr.LastName() != "=" || !expr.args[0].IsColumn()) return;
      const Expr* one = Literal(expr.args[1]);
      if (one == nullptr || one->value != "1") return;
      if (!numbers.contains(std::string(expr.args[0].LastName()))) return;
      ReportPart(kInfo, query, expr.offset, pass,
                 "all rows are numbered to keep the first of each group")
          .Primary("all others are thrown away")
          .Help("DISTINCT ON (…) … ORDER BY, or LATERAL (… ORDER BY … LIMIT 1)");
    });
  }
}

}  // namespace

extern constinit const Rule kRowNumberForFirst = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::row_number_for_first
