// PLN037 recursive-explosion: a recursive query made very many rows.

#include "rules/plan/plan_rule.h"

namespace pgsift::recursive_explosion {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 100'000, "rows of the recursion, at least"},
    {"factor_min", 100, "times the rows of its first part, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN037",
    .name = "recursive-explosion",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "a recursive query made very many rows",
    .why = R"md(
Each round of a recursion joins the rows of the last one. Fires when a Recursive Union gave `factor_min`
times the rows of its first part and at least `rows_min`, or reads a table whole in each round.
)md",
    .instead = R"md(
`UNION` instead of `UNION ALL` stops at rows that were seen; `CYCLE` (14 and later) stops at loops; an
index on the column that points to the parent.
)md",
    .bad =
        R"text(CTE Scan on t  (cost=0.00..8.00 rows=1 width=8) (actual time=0.008..90.0 rows=200000 loops=1)
  CTE t
    ->  Recursive Union  (cost=0.00..50.00 rows=100 width=8) (actual time=0.1..60.0 rows=200000 loops=1)
          ->  Seq Scan on n  (cost=0.00..5.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
          ->  WorkTable Scan on t t_1  (cost=0.00..5.00 rows=1 width=8) (actual time=0.1..6.0 rows=100000 loops=2)
Execution Time: 91.0 ms)text",
    .good =
        R"text(CTE Scan on t  (cost=0.00..8.00 rows=1 width=8) (actual time=0.008..90.0 rows=200 loops=1)
  CTE t
    ->  Recursive Union  (cost=0.00..50.00 rows=100 width=8) (actual time=0.1..60.0 rows=200 loops=1)
          ->  Seq Scan on n  (cost=0.00..5.00 rows=1 width=8) (actual time=0.1..6.0 rows=1 loops=1)
          ->  WorkTable Scan on t t_1  (cost=0.00..5.00 rows=1 width=8) (actual time=0.1..6.0 rows=100 loops=2)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Recursive Union" || !Ran(node)) return;
  const PlanNode* first = plan.ChildOf(node, 0);
  const PlanNode* rest = plan.ChildOf(node, 1);
  if (first == nullptr || rest == nullptr) return;
  const double rows = node.TotalRows();
  const bool exploded =
      rows >= pass.option(kInfo, "rows_min") &&
      rows >= pass.option(kInfo, "factor_min") * std::max(1.0, first->TotalRows());
  const PlanNode* whole = nullptr;
  ForSubtree(plan, *rest, [&](const PlanNode& below) {
    const double read = below.TotalRows() + below.TotalRemovedByFilter();
    if (below.type == "Seq Scan" && below.loops >= 5 && read >= pass.option(kInfo, "rows_min"))
      whole = &below;
  });
  if (!exploded && whole == nullptr) return;
  Finding& finding = ReportNode(
      kInfo, plan, node, whole == nullptr ? 0 : 0.8 * whole->exclusive_ms, pass,
      absl::StrFormat("recursion made %s rows of %s", Count(rows), Count(first->TotalRows())));
  finding.Measure("rows", rows, "rows");
  if (whole != nullptr) {
    finding.Primary(absl::StrFormat("`%s` is read whole in each of %s rounds", whole->relation,
                                    Count(whole->loops)));
    finding.Help("an index on the column of `" + whole->relation + "` that points to the parent");
  } else {
    finding.Primary("each round joins the rows of the last");
  }
  finding.Help("UNION instead of UNION ALL, or a CYCLE clause, stops where rows come again");
}

}  // namespace

extern constinit const Rule kRecursiveExplosion = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::recursive_explosion
