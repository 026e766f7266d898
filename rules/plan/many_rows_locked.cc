// PLN047 many-rows-locked: a query locks many rows, or waits for rows that others work on.

#include "rules/plan/plan_rule.h"

namespace pgsift::many_rows_locked {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 1000, "rows that are locked, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN047",
    .name = "many-rows-locked",
    .category = Category::kLocking,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "a query locks many rows, or waits for rows that others work on",
    .why = R"md(
FOR UPDATE writes into every row that it locks, and waits for those that others hold. Fires at `rows_min`
rows, or for FOR UPDATE under a LIMIT without SKIP LOCKED (where the query is known): workers of a queue then
wait for each other.
)md",
    .instead = R"md(
`FOR UPDATE SKIP LOCKED` with a LIMIT for queues, with an index in the order of the queue; lock only rows
that will be changed.
)md",
    .bad =
        R"text(LockRows  (cost=0.00..8.00 rows=5000 width=8) (actual time=9.0..90.1 rows=5000 loops=1)
  ->  Seq Scan on t  (cost=0.00..80.00 rows=5000 width=0) (actual time=0.0..18.5 rows=5000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(LockRows  (cost=0.00..8.00 rows=5 width=8) (actual time=9.0..90.1 rows=5 loops=1)
  ->  Seq Scan on t  (cost=0.00..80.00 rows=5 width=0) (actual time=0.0..18.5 rows=5 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "LockRows" || node.never_executed) return;
  const double rows = node.analyzed ? node.TotalRows() : node.plan_rows;
  const PlanNode* above = plan.ParentOf(node);
  const std::string query = Lower(plan.query);
  const bool queue = above != nullptr && above->type == "Limit" && !query.empty() &&
                     query.find("for update") != std::string::npos &&
                     query.find("skip locked") == std::string::npos &&
                     query.find("nowait") == std::string::npos;
  if (rows < pass.option(kInfo, "rows_min") && !queue) return;
  ReportNode(kInfo, plan, node, 0, pass,
             queue ? std::string("FOR UPDATE with LIMIT waits for rows that others have locked")
                   : absl::StrFormat("%s rows are locked", Count(rows)))
      .Primary(queue ? "workers of a queue wait for each other" : "each is written to")
      .Measure("rows", rows, "rows")
      .Help("FOR UPDATE SKIP LOCKED, with a LIMIT and an index in the order of the queue");
}

}  // namespace

extern constinit const Rule kManyRowsLocked = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::many_rows_locked
