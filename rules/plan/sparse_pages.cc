// PLN016 sparse-pages: a scan touches far more pages than its rows need.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::sparse_pages {
namespace {

constexpr RuleOption kOptions[] = {
    {"blocks_min", 64, "pages touched, at least"},
    {"share_min", 0.2, "share of the plan, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN016",
    .name = "sparse-pages",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a scan touches far more pages than its rows need",
    .why = R"md(
Fewer than one row in eight pages: the table or index is bloated, or the rows lie scattered. Fires for
sequential and index scans with `8 x (rows + removed) < pages touched`, at least `blocks_min` pages and
`share_min` of the plan. Saving: half of its time.
)md",
    .instead = R"md(
If the table has shrunk or was updated much: `VACUUM (FULL)` or pg_repack. If the rows are scattered: a
covering index, or `CLUSTER`.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9 width=8) (actual time=0.1..90.0 rows=90 loops=1)
  Buffers: shared hit=8000 read=900
Execution Time: 91.0 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9 width=8) (actual time=0.1..90.0 rows=90000 loops=1)
  Buffers: shared hit=800
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!Ran(node) || node.relation.empty() || node.type == "Foreign Scan") return;
  if (node.type != "Seq Scan" && node.type != "Index Scan" && node.type != "Bitmap Heap Scan")
    return;
  const double blocks = node.own.Touched();
  const double rows = node.TotalRows() + node.TotalRemovedByFilter() + node.TotalRemovedByRecheck();
  // Each loop descends the index.
  const double descents = node.type == "Index Scan" ? 4 * node.loops : 0;
  if (8 * rows >= blocks - descents || blocks - descents < pass.option(kInfo, "blocks_min")) return;
  if (node.share < pass.option(kInfo, "share_min")) return;
  const std::string table = TableSql(node, pass.catalog());
  Finding& finding = ReportNode(kInfo, plan, node, node.exclusive_ms / 2, pass,
                                absl::StrFormat("%s pages of `%s` were touched for %s rows",
                                                Count(blocks), node.relation, Count(rows)));
  finding.Primary("bloat, or rows that lie scattered")
      .Measure("blocks", blocks, "blocks")
      .Measure("rows", rows, "rows")
      .Help(node.type == "Seq Scan" ? "VACUUM (FULL, ANALYZE) " + table +
                                          " (locks it) or pg_repack gives the space back"
                                    : "REINDEX INDEX CONCURRENTLY " + QuoteIdentifier(node.index) +
                                          " if the index is bloated");
  if (node.type != "Index Scan") return;
  const std::string sql =
      IndexFor(node, pass.catalog(), PredicatesOf(node, node.index_cond), {}, true);
  if (!sql.empty()) {
    finding.Help(sql + " if `" + node.index + "` does not begin with the columns of its condition");
  }
}

}  // namespace

extern constinit const Rule kSparsePages = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::sparse_pages
