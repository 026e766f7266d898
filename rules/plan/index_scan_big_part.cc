// PLN015 index-scan-big-part: an index scan visits a large part of the table, row by row.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::index_scan_big_part {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "rows that the scan reads, at least"},
    {"blocks_factor_min", 1.5, "times the table's pages"},
    {"share_min", 0.2, "share of the table's rows"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN015",
    .name = "index-scan-big-part",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "an index scan visits a large part of the table, row by row",
    .why = R"md(
Row by row in index order is more work than reading the table once: pages are visited again and again.
Fires for an Index Scan that touches `blocks_factor_min` times the table's pages, or gives `share_min` of
its rows, where the statistics export says how many there are.
)md",
    .instead = R"md(
See `random_page_cost`, and the correlation of the column. `CLUSTER` puts the table in index order once.
A covering index makes it an index-only scan.
)md",
    .bad =
        R"text(Index Scan using i on t  (cost=0.42..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=90000 loops=1)
  Index Cond: (a < 100)
  Buffers: shared hit=80000 read=9000
Execution Time: 91.0 ms)text",
    .good =
        R"text(Index Scan using i on t  (cost=0.42..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=90000 loops=1)
  Index Cond: (a < 100)
  Buffers: shared hit=1000
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Index Scan" || !Ran(node) || node.loops > node.processes) return;
  const double blocks = node.own.Touched();
  const double rows = node.TotalRows() + node.TotalRemovedByFilter();
  if (rows < pass.option(kInfo, "rows_min")) return;
  const Snapshot* snapshot = pass.evidence().snapshot();
  const TableStatistics* table =
      snapshot == nullptr ? nullptr
                          : snapshot->Table(pass.catalog().Resolve({node.schema, node.relation}));
  bool large = false;
  std::string why;
  if (table != nullptr && table->pages > 0) {
    large = blocks >= pass.option(kInfo, "blocks_factor_min") * table->pages ||
            (table->rows > 0 && rows >= pass.option(kInfo, "share_min") * table->rows &&
             blocks > 0.5 * table->pages);
    why = absl::StrFormat("%s pages touched, the table has %s", Count(blocks), Count(table->pages));
  } else {
    // Without statistics: nearly every row costs a page of its own.
    large = blocks >= 0.9 * rows;
    why = absl::StrFormat("%s pages touched for %s rows", Count(blocks), Count(rows));
  }
  if (!large) return;
  ReportNode(kInfo, plan, node, node.exclusive_ms / 2, pass,
             absl::StrFormat("index scan of `%s` visits its table row by row for %s rows",
                             node.relation, Count(rows)))
      .Primary(why)
      .Measure("blocks", blocks, "blocks")
      .Measure("rows", rows, "rows")
      .Help("CLUSTER " + TableSql(node, pass.catalog()) + " USING " + QuoteIdentifier(node.index) +
            " puts the rows in this order (it locks the table)")
      .Help("or a covering index; or a higher random_page_cost, if a sequential scan is faster");
}

}  // namespace

extern constinit const Rule kIndexScanBigPart = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::index_scan_big_part
