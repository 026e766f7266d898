// PLN019 unused-pruning: many partitions are read for rows that few of them have.

#include "rules/plan/plan_rule.h"

namespace pgsift::unused_pruning {
namespace {

constexpr RuleOption kOptions[] = {
    {"partitions_min", 8, "partitions that were executed, at least"},
    {"share_max", 0.2, "share of them that gave rows, at most"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN019",
    .name = "unused-pruning",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {10, 0},
    .summary = "many partitions are read for rows that few of them have",
    .why = R"md(
The condition does not tell the planner which partitions can be left out, so all are searched. Fires
when at least `partitions_min` were executed and at most `share_max` of them gave all the rows. Saving: the
time of those that gave none.
)md",
    .instead = R"md(
A condition on the partition key itself, without a cast or function around it, against a constant, a
parameter or a stable expression; `enable_partition_pruning = on`.
)md",
    .bad =
        R"text(Append  (cost=0.00..900.00 rows=9 width=8) (actual time=0.1..90.0 rows=90 loops=1)
  ->  Seq Scan on t_1  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=90 loops=1)
  ->  Seq Scan on t_2  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=0 loops=1)
  ->  Seq Scan on t_3  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=0 loops=1)
  ->  Seq Scan on t_4  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=0 loops=1)
  ->  Seq Scan on t_5  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=0 loops=1)
  ->  Seq Scan on t_6  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=0 loops=1)
  ->  Seq Scan on t_7  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=0 loops=1)
  ->  Seq Scan on t_8  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=0 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Append  (cost=0.00..900.00 rows=9 width=8) (actual time=0.1..90.0 rows=720 loops=1)
  ->  Seq Scan on t_1  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=90 loops=1)
  ->  Seq Scan on t_2  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=90 loops=1)
  ->  Seq Scan on t_3  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=90 loops=1)
  ->  Seq Scan on t_4  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=90 loops=1)
  ->  Seq Scan on t_5  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=90 loops=1)
  ->  Seq Scan on t_6  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=90 loops=1)
  ->  Seq Scan on t_7  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=90 loops=1)
  ->  Seq Scan on t_8  (cost=0.00..90.00 rows=1 width=8) (actual time=0.0..11.0 rows=90 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if ((node.type != "Append" && node.type != "Merge Append") || !Ran(node)) return;
  // A LIMIT above may have left the rest unread; the members then did not run.
  double executed = 0;
  double useful = 0;
  double wasted_ms = 0;
  std::string relation;
  for (int id : node.children) {
    const PlanNode& member = plan.At(id);
    if (member.IsInitPlan() || !Ran(member)) continue;
    ++executed;
    if (member.TotalRows() > 0) {
      ++useful;
    } else {
      wasted_ms += member.inclusive_ms;
    }
    if (!member.relation.empty()) relation = member.relation;
  }
  if (executed < pass.option(kInfo, "partitions_min") ||
      useful > pass.option(kInfo, "share_max") * executed)
    return;
  if (relation.empty()) return;
  ReportNode(
      kInfo, plan, node, wasted_ms, pass,
      absl::StrFormat("%s partitions were read, %s had rows", Count(executed), Count(useful)))
      .Primary("`" + relation + "` is one of them")
      .Measure("partitions_read", executed, "1")
      .Measure("partitions_with_rows", useful, "1")
      .Help("a condition on the partition key itself, with no cast or function around it");
}

}  // namespace

extern constinit const Rule kUnusedPruning = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::unused_pruning
