// PLN073 parallel-skew: one parallel process did most of the work.

#include "rules/plan/plan_rule.h"

namespace pgsift::parallel_skew {
namespace {

constexpr RuleOption kOptions[] = {
    {"factor_min", 3, "times the average, at least"},
    {"rows_min", 10'000, "rows of one process, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN073",
    .name = "parallel-skew",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 6},
    .summary = "one parallel process did most of the work",
    .why = R"md(
The others waited for it. Fires where EXPLAIN (VERBOSE) shows that one process gave `factor_min` times the
rows of the average, and at least `rows_min`. Workers that came when the work was done waited for nobody: a
scan of which less than two processes had a part is left out.
)md",
    .instead = R"md(
One large partition, or one long range of an index, cannot be divided: smaller partitions; a plan that
divides by blocks.
)md",
    .bad =
        R"text(Gather  (cost=1000.00..9000.00 rows=100000 width=8) (actual time=0.5..90.0 rows=100000 loops=1)
  Workers Planned: 3
  Workers Launched: 3
  ->  Parallel Seq Scan on t  (cost=0.00..80.00 rows=25000 width=8) (actual time=0.1..80.0 rows=25000 loops=4)
        Worker 0:  actual time=0.1..88.0 rows=99000 loops=1
        Worker 1:  actual time=0.1..8.0 rows=400 loops=1
        Worker 2:  actual time=0.1..8.0 rows=300 loops=1
Execution Time: 91.0 ms)text",
    .good =
        R"text(Gather  (cost=1000.00..9000.00 rows=100000 width=8) (actual time=0.5..90.0 rows=100000 loops=1)
  Workers Planned: 3
  Workers Launched: 3
  ->  Parallel Seq Scan on t  (cost=0.00..80.00 rows=25000 width=8) (actual time=0.1..80.0 rows=25000 loops=4)
        Worker 0:  actual time=0.1..88.0 rows=25000 loops=1
        Worker 1:  actual time=0.1..88.0 rows=25400 loops=1
        Worker 2:  actual time=0.1..88.0 rows=25300 loops=1
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.workers.size() < 2 || !IsScan(node) || !Ran(node)) return;
  double all = 0;
  double most = 0;
  // Workers that came when the work was done did not wait for anyone.
  double longest_ms = 0;
  for (const PlanWorker& worker : node.workers)
    longest_ms = std::max({longest_ms, worker.total_ms * worker.loops, node.actual_total_ms});
  size_t late = 0;
  for (const PlanWorker& worker : node.workers) {
    if (node.timed && worker.total_ms * worker.loops < 0.05 * longest_ms) ++late;
    all += worker.rows * std::max(1.0, worker.loops);
    most = std::max(most, worker.rows * std::max(1.0, worker.loops));
  }
  // The leader did what is left.
  const double leader = std::max(0.0, node.TotalRows() - all);
  const double processes = static_cast<double>(node.workers.size()) + 1;
  most = std::max(most, leader);
  if (late > 0 && late + 1 >= node.workers.size()) return;
  const double average = std::max(1.0, (all + leader) / processes);
  if (most < pass.option(kInfo, "rows_min") || most < pass.option(kInfo, "factor_min") * average)
    return;
  ReportNode(kInfo, plan, node, node.inclusive_ms / 2, pass,
             absl::StrFormat("one of %s processes gave %s of %s rows of %s", Count(processes),
                             Count(most), Count(all + leader), NodeName(node)))
      .Primary("the others waited for it")
      .Measure("rows_most", most, "rows")
      .Measure("rows_average", average, "rows")
      .Help("smaller partitions, or conditions that spread over the table");
}

}  // namespace

extern constinit const Rule kParallelSkew = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::parallel_skew
