// PLN010 bitmap-or-arms: a condition with OR over several columns reads one index for each.

#include <set>

#include "rules/plan/plan_rule.h"

namespace pgsift::bitmap_or_arms {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.2, "share of the plan that the scan takes, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN010",
    .name = "bitmap-or-arms",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "a condition with OR over several columns reads one index for each",
    .why = R"md(
Each arm of the OR is looked up in an index of its own and the results are joined. That is the best
that PostgreSQL can do with such a condition, but each arm's index must stay, and the rows are read in no
order. Fires when the scan takes at least `share_min` of the plan.
)md",
    .instead = R"md(
Keep these indexes. `UNION ALL` of one query for each arm (excluding rows of the arms before) lets each
use its index in order, with a LIMIT. For one column write `= ANY (ARRAY[…])`.
)md",
    .bad =
        R"text(Bitmap Heap Scan on orders  (cost=300.00..400.00 rows=10 width=8) (actual time=20.0..61.0 rows=900 loops=1)
  ->  BitmapOr  (cost=300.00..300.00 rows=10 width=0) (actual time=19.0..19.0 rows=0 loops=1)
        ->  Bitmap Index Scan on a  (cost=0.00..100.00 rows=9000 width=0) (actual time=8.0..8.0 rows=900 loops=1)
              Index Cond: (customer_id = 7)
        ->  Bitmap Index Scan on b  (cost=0.00..200.00 rows=90000 width=0) (actual time=10.0..10.0 rows=900 loops=1)
              Index Cond: (agent_id = 7)
Execution Time: 61.1 ms)text",
    .good =
        R"text(Bitmap Heap Scan on orders  (cost=300.00..400.00 rows=10 width=8) (actual time=20.0..61.0 rows=900 loops=1)
  ->  BitmapOr  (cost=300.00..300.00 rows=10 width=0) (actual time=19.0..19.0 rows=0 loops=1)
        ->  Bitmap Index Scan on a  (cost=0.00..100.00 rows=9000 width=0) (actual time=8.0..8.0 rows=900 loops=1)
              Index Cond: (customer_id = 7)
        ->  Bitmap Index Scan on a  (cost=0.00..200.00 rows=90000 width=0) (actual time=10.0..10.0 rows=900 loops=1)
              Index Cond: (customer_id = 8)
Execution Time: 61.1 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "BitmapOr" || !Ran(node)) return;
  const PlanNode* heap = Above(plan, node, "Bitmap Heap Scan");
  if (heap == nullptr) return;
  if (heap->inclusive_ms < pass.option(kInfo, "share_min") * plan.WholeMs()) return;
  std::set<std::string> indexes;
  for (int id : node.children) {
    if (!plan.At(id).index.empty()) indexes.insert("`" + plan.At(id).index + "`");
  }
  if (indexes.size() < 2) return;
  ReportNode(kInfo, plan, *heap, 0, pass,
             absl::StrFormat("OR over several columns of `%s` reads %d indexes", heap->relation,
                             indexes.size()))
      .Primary("each arm has its own: " +
               Joined(std::vector<std::string>(indexes.begin(), indexes.end())))
      .Help("keep these indexes; UNION ALL of one query for each arm can stop at a LIMIT");
}

}  // namespace

extern constinit const Rule kBitmapOrArms = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::bitmap_or_arms
