// QRY037 subquery-per-row: a correlated sub-query in the output, run for every row.

#include "absl/strings/str_format.h"
#include "rules/query/query_rule.h"

namespace pgsift::subquery_per_row {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "QRY037",
    .name = "subquery-per-row",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a sub-query in the SELECT list runs once for every row",
    .why = R"md(
A scalar sub-query that names the outer row is a loop: a thousand rows, a thousand runs. The planner
never turns it into a join.
)md",
    .instead = R"md(
`LEFT JOIN LATERAL (…) x ON true` for a few rows; for many rows a grouped sub-query that is joined:
each table is then read once.
)md",
    .bad =
        R"sql(SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customers c;)sql",
    .good = R"sql(SELECT c.id, o.n FROM customers c
LEFT JOIN (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) o ON o.customer_id = c.id;)sql",
});

// At most one row comes out: the sub-query runs once.
bool OneRow(const QueryBlock& block, const Catalog& catalog) {
  if (block.tables.size() != 1) return false;
  const Relation* table = catalog.Find(block.tables[0].id);
  const std::vector<std::string> fixed = FixedColumns(block, 0);
  return table != nullptr && UniqueIndexWithin(*table, fixed, catalog) != nullptr;
}

void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {
  if (TooQuickToMatter(query)) return;
  for (size_t at = 0; at < query.blocks.size(); ++at) {
    const QueryBlock& block = query.blocks[at];
    if (block.select == nullptr || block.tables.empty() || OneRow(block, pass.catalog())) continue;
    size_t count = 0;
    const Expr* first = nullptr;
    const QueryBlock* inner_block = nullptr;
    for (const Target& target : block.select->targets) {
      WalkExpr(target.expr, [&](const Expr& expr) {
        if (expr.kind != ExprKind::kSubquery || expr.sublink != SublinkKind::kScalar) return;
        if (expr.query == nullptr) return;
        const auto* inner = std::get_if<Select>(&expr.query->node);
        for (const QueryBlock& candidate : query.blocks) {
          if (candidate.select != inner || !candidate.correlated || candidate.tables.empty())
            continue;
          ++count;
          if (first == nullptr) {
            first = &expr;
            inner_block = &candidate;
          }
        }
      });
    }
    if (first == nullptr) continue;
    Finding& finding = ReportPart(
        kInfo, query, first->offset, pass,
        count == 1 ? absl::StrFormat("a sub-query on `%s` runs for every row",
                                     inner_block->tables[0].name.ToString())
                   : absl::StrFormat("%d sub-queries run for every row, one of them on `%s`", count,
                                     inner_block->tables[0].name.ToString()));
    finding.On(inner_block->tables[0].name.ToString());
    finding.Primary("once for each row of the outer query");
    finding.Help(
        "join a sub-query that groups by the compared column; for few rows LEFT JOIN LATERAL");
    if (count > 1) finding.Help("one LATERAL sub-query can give all of them");
  }
}

}  // namespace

extern constinit const Rule kSubqueryPerRow = MakeQueryRule(kInfo, &CheckQuery);

}  // namespace pgsift::subquery_per_row
