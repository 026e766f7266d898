// PLN041 sort-index-missing: rows of one table are sorted by plain columns: an index could give the
// order.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::sort_index_missing {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "rows that are sorted, at least"},
    {"share_min", 0.1, "share of the plan that sort and scan take, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN041",
    .name = "sort-index-missing",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "rows of one table are sorted by plain columns: an index could give the order",
    .why = R"md(
Fires for a sort of at least `rows_min` rows of one table without conditions, or with equalities only, that
feeds a LIMIT, a merge join, a grouping or a window, and takes `share_min` of the plan. Saving: the sort.
)md",
    .instead = R"md(
The index that the finding prints. For a whole table without a LIMIT sorting may still be faster than
walking an index whose order is not the table's.
)md",
    .bad =
        R"text(Limit  (cost=0.00..8.00 rows=10 width=8) (actual time=90.0..90.1 rows=10 loops=1)
  ->  Sort  (cost=0.00..8.00 rows=100000 width=8) (actual time=90.0..90.0 rows=10 loops=1)
        Sort Key: created_at DESC
        Sort Method: top-N heapsort  Memory: 25kB
        ->  Seq Scan on t  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..10.5 rows=100000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Limit  (cost=0.00..8.00 rows=10 width=8) (actual time=90.0..90.1 rows=10 loops=1)
  ->  Sort  (cost=0.00..8.00 rows=100 width=8) (actual time=90.0..90.0 rows=10 loops=1)
        Sort Key: created_at DESC
        Sort Method: top-N heapsort  Memory: 25kB
        ->  Seq Scan on t  (cost=0.00..80.00 rows=100 width=8) (actual time=0.0..10.5 rows=100 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Sort" || !Ran(node)) return;
  const PlanNode* above = plan.ParentOf(node);
  while (above != nullptr && above->IsGather()) above = plan.ParentOf(*above);
  const bool wanted = above != nullptr && (above->type == "Limit" || above->type == "Merge Join" ||
                                           above->type == "Group" || above->type == "Aggregate" ||
                                           above->type == "Unique" || above->type == "WindowAgg");
  const PlanNode* scan = plan.ChildOf(node);
  if (!wanted || scan == nullptr || scan->relation.empty() || !Ran(*scan)) return;
  if (scan->type != "Seq Scan") return;  // An index scan below: sort-extends-index.
  if (above->type == "Merge Join" && node.share >= 0.3) return;  // merge-join-sort.
  if (scan->TotalRows() < pass.option(kInfo, "rows_min")) return;
  if (node.share + scan->share < pass.option(kInfo, "share_min")) return;
  std::vector<std::string> order;
  for (const std::string& key : node.sort_keys) {
    order.push_back(IndexKeyOfSortKey(*scan, key));
    if (order.back().empty()) return;
  }
  const std::vector<PlanPredicate> predicates = PredicatesOf(*scan, scan->filter);
  for (const PlanPredicate& predicate : predicates) {
    if (predicate.kind != PlanPredicate::Kind::kEqual) return;
  }
  // What the filter throws away is selective-seq-scan's.
  if (scan->TotalRows() <= 0.05 * (scan->TotalRows() + scan->TotalRemovedByFilter())) return;
  const std::string sql = IndexFor(*scan, pass.catalog(), predicates, order);
  if (sql.empty()) return;
  const bool limit = above->type == "Limit";
  Finding& finding =
      ReportNode(kInfo, plan, node, limit ? node.inclusive_ms * 0.9 : node.exclusive_ms / 2, pass,
                 absl::StrFormat("%s rows of `%s` are sorted by %s", Count(scan->TotalRows()),
                                 scan->relation, Joined(node.sort_keys)));
  if (!limit) finding.severity = std::min(finding.severity, Severity::kInfo);
  finding
      .Primary(limit ? absl::StrFormat("to keep %s", Count(above->TotalRows()))
                     : "for " + NodeName(*above))
      .Measure("rows", scan->TotalRows(), "rows")
      .Help(sql + " gives this order");
  finding.relation = pass.catalog().Resolve({scan->schema, scan->relation}).ToString();
}

}  // namespace

extern constinit const Rule kSortIndexMissing = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::sort_index_missing
