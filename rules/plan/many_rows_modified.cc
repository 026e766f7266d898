// PLN048 many-rows-modified: one statement changes very many rows.

#include "rules/plan/plan_rule.h"

namespace pgsift::many_rows_modified {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 100'000, "rows changed, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN048",
    .name = "many-rows-modified",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "one statement changes very many rows",
    .why = R"md(
All rows stay locked until it commits, its WAL comes in one piece, and VACUUM has as many dead rows to
clean. Fires at `rows_min` rows.
)md",
    .instead = R"md(
Batches of some thousand rows, each with its own commit; `VACUUM` afterwards. TRUNCATE, or a dropped
partition, instead of a DELETE of everything.
)md",
    .bad =
        R"text(Update on t  (cost=0.00..8.00 rows=0 width=0) (actual time=990.0..990.1 rows=0 loops=1)
  ->  Seq Scan on t  (cost=0.00..80.00 rows=200000 width=0) (actual time=0.0..180.5 rows=200000 loops=1)
Execution Time: 991.0 ms)text",
    .good =
        R"text(Update on t  (cost=0.00..8.00 rows=0 width=0) (actual time=9.0..9.1 rows=0 loops=1)
  ->  Seq Scan on t  (cost=0.00..80.00 rows=2000 width=0) (actual time=0.0..1.5 rows=2000 loops=1)
Execution Time: 9.2 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "ModifyTable" || !Ran(node)) return;
  double rows = 0;
  for (int id : node.children) {
    if (!plan.At(id).IsInitPlan()) rows += plan.At(id).TotalRows();
  }
  if (rows < pass.option(kInfo, "rows_min")) return;
  ReportNode(kInfo, plan, node, 0, pass,
             absl::StrFormat("%s of %s rows of `%s` in one statement", Lower(node.operation),
                             Count(rows), node.relation))
      .Primary(node.wal.bytes > 0 ? HumanBytes(node.wal.bytes) + " of WAL" : "in one transaction")
      .Measure("rows", rows, "rows")
      .Measure("wal_bytes", node.wal.bytes, "bytes")
      .Help("batches of some thousand rows, each committed by itself");
}

}  // namespace

extern constinit const Rule kManyRowsModified = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::many_rows_modified
