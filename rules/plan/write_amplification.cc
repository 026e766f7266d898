// PLN050 write-amplification: an UPDATE writes much more than its rows.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::write_amplification {
namespace {

constexpr RuleOption kOptions[] = {
    {"records_min", 4, "WAL records a row, at least"},
    {"bytes_min", 2000, "bytes of WAL a row, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN050",
    .name = "write-amplification",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {13, 0},
    .summary = "an UPDATE writes much more than its rows",
    .why = R"md(
Every index of the table gets a new entry when an indexed column changes or the page has no room (the
update is not HOT). Fires at `records_min` WAL records or `bytes_min` bytes of WAL a row, full page images
left out (EXPLAIN (WAL), 13 and later).
)md",
    .instead = R"md(
Drop indexes that nothing uses; take columns that change often out of indexes; a `fillfactor` below 100
leaves room for HOT updates.
)md",
    .bad =
        R"text(Update on t  (cost=0.00..8.00 rows=0 width=0) (actual time=9.0..9.1 rows=0 loops=1)
  WAL: records=6000 bytes=600000
  ->  Seq Scan on t  (cost=0.00..80.00 rows=1000 width=0) (actual time=0.0..1.5 rows=1000 loops=1)
Execution Time: 9.2 ms)text",
    .good =
        R"text(Update on t  (cost=0.00..8.00 rows=0 width=0) (actual time=9.0..9.1 rows=0 loops=1)
  WAL: records=1000 bytes=70000
  ->  Seq Scan on t  (cost=0.00..80.00 rows=1000 width=0) (actual time=0.0..1.5 rows=1000 loops=1)
Execution Time: 9.2 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "ModifyTable" || node.operation != "Update" || !Ran(node)) return;
  double rows = 0;
  for (int id : node.children) {
    if (!plan.At(id).IsInitPlan()) rows += plan.At(id).TotalRows();
  }
  if (rows < 100 || node.own_wal.records <= 0) return;
  const double bytes = std::max(0.0, node.own_wal.bytes - 8192 * node.own_wal.full_page_images);
  const double records_per_row = node.own_wal.records / rows;
  if (records_per_row < pass.option(kInfo, "records_min") &&
      bytes / rows < pass.option(kInfo, "bytes_min"))
    return;
  ReportNode(kInfo, plan, node, node.exclusive_ms / 2, pass,
             absl::StrFormat("update of `%s` writes %s WAL records, %s a row", node.relation,
                             Count(records_per_row), HumanBytes(bytes / rows)))
      .Primary("indexes are written too: the update is not HOT")
      .Measure("wal_records_per_row", records_per_row, "1")
      .Measure("wal_bytes_per_row", bytes / rows, "bytes")
      .Help("ALTER TABLE " + TableSql(node, pass.catalog()) +
            " SET (fillfactor = 85); drop indexes that nothing uses");
}

}  // namespace

extern constinit const Rule kWriteAmplification = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::write_amplification
