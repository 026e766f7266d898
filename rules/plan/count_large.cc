// PLN044 count-large: all rows are counted, one by one.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::count_large {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 1'000'000, "rows counted, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN044",
    .name = "count-large",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "all rows are counted, one by one",
    .why = R"md(
PostgreSQL has no counter of rows: it visits each. Fires when an Aggregate without GROUP BY counts at least
`rows_min` rows that no condition narrows.
)md",
    .instead = R"md(
`reltuples` of `pg_class` for an estimate; a counter table kept by triggers for an exact number; no total
at all under a page of results.
)md",
    .bad =
        R"text(Aggregate  (cost=0.00..8.00 rows=1 width=8) (actual time=390.0..390.1 rows=1 loops=1)
  ->  Seq Scan on t  (cost=0.00..80.00 rows=2000000 width=0) (actual time=0.0..180.5 rows=2000000 loops=1)
Execution Time: 391.0 ms)text",
    .good =
        R"text(Aggregate  (cost=0.00..8.00 rows=1 width=8) (actual time=390.0..390.1 rows=1 loops=1)
  ->  Seq Scan on t  (cost=0.00..80.00 rows=2000 width=0) (actual time=0.0..180.5 rows=2000 loops=1)
Execution Time: 391.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!IsScan(node) || node.relation.empty() || !Ran(node)) return;
  if (node.TotalRows() < pass.option(kInfo, "rows_min") || !node.filter.empty() ||
      !node.index_cond.empty())
    return;
  const PlanNode* above = plan.ParentOf(node);
  while (above != nullptr && above->type == "Append") above = plan.ParentOf(*above);
  // Rows without columns: count(*) asks for none.
  if (above == nullptr || above->type != "Aggregate" || above->strategy != "Plain") return;
  if (node.plan_width > 0 && node.type != "Index Only Scan") return;
  ReportNode(kInfo, plan, node, node.inclusive_ms / 2, pass,
             absl::StrFormat("%s rows of `%s` are counted one by one", Count(node.TotalRows()),
                             node.relation))
      .Primary("count(*) without a condition")
      .Measure("rows", node.TotalRows(), "rows")
      .Help(absl::StrFormat(
          "for an estimate: SELECT reltuples::bigint FROM pg_class WHERE oid = '%s'::regclass",
          TableSql(node, pass.catalog())));
}

}  // namespace

extern constinit const Rule kCountLarge = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::count_large
