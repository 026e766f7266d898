// PLN034 memoize-useless: a Memoize node remembers results that are not asked for again.

#include "rules/plan/plan_rule.h"

namespace pgsift::memoize_useless {
namespace {

constexpr RuleOption kOptions[] = {
    {"lookups_min", 1000, "lookups, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN034",
    .name = "memoize-useless",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {14, 0},
    .summary = "a Memoize node remembers results that are not asked for again",
    .why = R"md(
Memoize keeps results of the inner side by parameter. It pays if the same parameters come again. Fires at
`lookups_min` lookups with more misses than hits, when half of what is kept is thrown out again, or when
entries did not fit.
)md",
    .instead = R"md(
n_distinct of the outer column is wrong: `ANALYZE`, or `ALTER TABLE … ALTER COLUMN … SET (n_distinct = …)`.
More `work_mem` where entries are evicted. For this query: `SET enable_memoize = off`.
)md",
    .bad =
        R"text(Nested Loop  (cost=0.43..90.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  ->  Seq Scan on orders o  (cost=0.00..50.00 rows=9000 width=8) (actual time=0.1..9.0 rows=9000 loops=1)
  ->  Memoize  (cost=0.43..8.00 rows=1 width=8) (actual time=0.008..0.008 rows=1 loops=9000)
        Cache Key: o.a
        Cache Mode: logical
        Hits: 100  Misses: 8900  Evictions: 0  Overflows: 0  Memory Usage: 900kB
        ->  Index Scan using i on items  (cost=0.42..8.00 rows=1 width=8) (actual time=0.007..0.007 rows=1 loops=8900)
              Index Cond: (a = o.a)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Nested Loop  (cost=0.43..90.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  ->  Seq Scan on orders o  (cost=0.00..50.00 rows=9000 width=8) (actual time=0.1..9.0 rows=9000 loops=1)
  ->  Memoize  (cost=0.43..8.00 rows=1 width=8) (actual time=0.008..0.008 rows=1 loops=9000)
        Cache Key: o.a
        Cache Mode: logical
        Hits: 8900  Misses: 100  Evictions: 0  Overflows: 0  Memory Usage: 9kB
        ->  Index Scan using i on items  (cost=0.42..8.00 rows=1 width=8) (actual time=0.007..0.007 rows=1 loops=100)
              Index Cond: (a = o.a)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Memoize" || !Ran(node)) return;
  const double lookups = node.cache_hits + node.cache_misses;
  if (lookups < pass.option(kInfo, "lookups_min")) return;
  const bool misses = node.cache_hits < node.cache_misses;
  const bool evicts = node.cache_evictions >= 0.5 * node.cache_misses && node.cache_evictions > 0;
  if (!misses && !evicts && node.cache_overflows <= 0) return;
  Finding& finding = ReportNode(kInfo, plan, node, node.exclusive_ms, pass,
                                absl::StrFormat("Memoize by %s: %s hits, %s misses", node.cache_key,
                                                Count(node.cache_hits), Count(node.cache_misses)));
  finding
      .Primary(absl::StrFormat("%s entries thrown out, %s too large", Count(node.cache_evictions),
                               Count(node.cache_overflows)))
      .Measure("cache_hits", node.cache_hits, "1")
      .Measure("cache_misses", node.cache_misses, "1")
      .Measure("cache_evictions", node.cache_evictions, "1");
  if (evicts || node.cache_overflows > 0) {
    const double factor =
        std::max(2.0, node.cache_misses / std::max(1.0, node.cache_misses - node.cache_evictions));
    finding.Help(SetWorkMem(node.peak_memory_kb * std::min(factor, 64.0)) + " keeps the entries");
  }
  if (misses)
    finding.Help("ANALYZE, so that the planner knows how many distinct values " + node.cache_key +
                 " has; or SET LOCAL enable_memoize = off");
}

}  // namespace

extern constinit const Rule kMemoizeUseless = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::memoize_useless
