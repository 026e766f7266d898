// PLN031 merge-join-sort: a merge join sorts its input, and that takes most of the time.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::merge_join_sort {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.3, "share of the plan that the sort takes, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN031",
    .name = "merge-join-sort",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "a merge join sorts its input, and that takes most of the time",
    .why = R"md(
A merge join wants both sides in order. Fires when a Sort right below one takes `share_min` of the plan or
spills to disk.
)md",
    .instead = R"md(
An index in the order of the join columns; or enough `work_mem` for a hash join.
)md",
    .bad =
        R"text(Merge Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=80.1..90.0 rows=100 loops=1)
  Merge Cond: (i.order_id = o.id)
  ->  Index Scan using p on orders o  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..0.5 rows=1000 loops=1)
  ->  Sort  (cost=0.00..80.00 rows=1000 width=8) (actual time=70.0..80.0 rows=100000 loops=1)
        Sort Key: i.order_id
        Sort Method: quicksort  Memory: 3585kB
        ->  Seq Scan on items i  (cost=0.00..80.00 rows=100000 width=8) (actual time=0.0..9.5 rows=100000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Merge Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=80.1..90.0 rows=100 loops=1)
  Merge Cond: (i.order_id = o.id)
  ->  Index Scan using p on orders o  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..70.5 rows=1000 loops=1)
  ->  Sort  (cost=0.00..80.00 rows=1000 width=8) (actual time=7.0..8.0 rows=1000 loops=1)
        Sort Key: i.order_id
        Sort Method: quicksort  Memory: 35kB
        ->  Seq Scan on items i  (cost=0.00..80.00 rows=1000 width=8) (actual time=0.0..5.5 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Sort" || !Ran(node)) return;
  const PlanNode* join = plan.ParentOf(node);
  if (join == nullptr || join->type != "Merge Join") return;
  if (node.share < pass.option(kInfo, "share_min") && node.sort_space_type != "Disk") return;
  // The spill itself is sort-on-disk's.
  if (node.share < pass.option(kInfo, "share_min")) return;
  const PlanNode* scan = plan.ChildOf(node);
  Finding& finding = ReportNode(kInfo, plan, node, node.exclusive_ms, pass,
                                absl::StrFormat("%s rows are sorted by %s for a merge join",
                                                Count(node.TotalRows()), Joined(node.sort_keys)));
  finding.Primary(absl::StrFormat("%.0f %% of the time", 100 * node.share))
      .Measure("rows", node.TotalRows(), "rows");
  std::vector<std::string> order;
  if (scan != nullptr && !scan->relation.empty()) {
    for (const std::string& key : node.sort_keys) order.push_back(IndexKeyOfSortKey(*scan, key));
    const std::string sql = IndexFor(*scan, pass.catalog(), {}, order);
    if (!sql.empty() && !order.front().empty()) finding.Help(sql);
  }
  finding.Help(SetWorkMem(std::max(65'536.0, 2 * node.sort_space_kb)) + " may let it hash instead");
}

}  // namespace

extern constinit const Rule kMergeJoinSort = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::merge_join_sort
