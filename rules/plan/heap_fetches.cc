// PLN013 heap-fetches: an index-only scan had to look into the table.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::heap_fetches {
namespace {

constexpr RuleOption kOptions[] = {
    {"fetches_min", 1000, "fetches, all loops, at least"},
    {"share_min", 0.1, "share of the rows read, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN013",
    .name = "heap-fetches",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 2},
    .summary = "an index-only scan had to look into the table",
    .why = R"md(
An index-only scan may skip the table for pages that VACUUM has marked as all-visible. For others it
looks there anyway. Fires with `fetches_min` fetches, and `share_min` of the rows read over all loops (the
count is a total, not an average). Saving: their share in the node's time.
)md",
    .instead = R"md(
`VACUUM` the table now. For tables with many inserts lower `autovacuum_vacuum_insert_scale_factor`, for
those with many updates `autovacuum_vacuum_scale_factor`, for this table alone.
)md",
    .bad =
        R"text(Index Only Scan using i on t  (cost=0.42..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  Index Cond: (a < 100)
  Heap Fetches: 8000
Execution Time: 91.0 ms)text",
    .good =
        R"text(Index Only Scan using i on t  (cost=0.42..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  Index Cond: (a < 100)
  Heap Fetches: 10
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Index Only Scan" || node.heap_fetches < pass.option(kInfo, "fetches_min"))
    return;
  const double rows = node.TotalRows() + node.TotalRemovedByFilter();
  // Rows of one loop are rounded: many loops hide some.
  const double share = node.heap_fetches / std::max({rows, node.heap_fetches, 1.0});
  if (share < pass.option(kInfo, "share_min")) return;
  const std::string table = TableSql(node, pass.catalog());
  ReportNode(kInfo, plan, node, 0.8 * node.exclusive_ms * share, pass,
             absl::StrFormat("index-only scan of `%s` fetched %s rows from the table",
                             node.relation, Count(node.heap_fetches)))
      .Primary("its pages are not marked all-visible")
      .Measure("heap_fetches", node.heap_fetches, "rows")
      .Measure("rows", rows, "rows")
      .Help("VACUUM " + table)
      .Help("ALTER TABLE " + table +
            " SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = "
            "0.02)");
}

}  // namespace

extern constinit const Rule kHeapFetches = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::heap_fetches
