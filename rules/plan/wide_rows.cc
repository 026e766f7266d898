// PLN066 wide-rows: wide rows are sorted or hashed.

#include "rules/plan/plan_rule.h"

namespace pgsift::wide_rows {
namespace {

constexpr RuleOption kOptions[] = {
    {"bytes_min", 100'000'000, "bytes in a sort or hash, at least"},
    {"width_min", 2000, "bytes of a row of the result, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN066",
    .name = "wide-rows",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "wide rows are sorted or hashed",
    .why = R"md(
A sort or hash carries all columns that are needed later. Fires when rows times width reach `bytes_min` in a
Sort or Hash, or when the result is `width_min` bytes wide and has at least 1000 rows.
)md",
    .instead = R"md(
Select only the columns that are needed; sort and limit keys first and fetch the wide columns for the few
rows that are left.
)md",
    .bad =
        R"text(Sort  (cost=0.00..4000.00 rows=300000 width=800) (actual time=100.0..120.0 rows=300000 loops=1)
  Sort Key: a
  Sort Method: quicksort  Memory: 305304kB
Execution Time: 127.1 ms)text",
    .good =
        R"text(Sort  (cost=0.00..4000.00 rows=300000 width=8) (actual time=100.0..120.0 rows=300000 loops=1)
  Sort Key: a
  Sort Method: quicksort  Memory: 5304kB
Execution Time: 127.1 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  const bool keeps = node.type == "Sort" || node.type == "Hash" || node.type == "Incremental Sort";
  if (!Ran(node)) return;
  const double bytes = node.plan_width * node.TotalRows();
  const bool large = keeps && node.plan_width >= 100 && bytes >= pass.option(kInfo, "bytes_min");
  const bool wide = node.parent < 0 && node.plan_width >= pass.option(kInfo, "width_min") &&
                    node.TotalRows() >= 1000;
  if (!large && !wide) return;
  ReportNode(kInfo, plan, node, node.exclusive_ms / 4, pass,
             absl::StrFormat("%s handles %s rows of %s bytes", NodeName(node),
                             Count(node.TotalRows()), Count(node.plan_width)))
      .Primary(HumanBytes(bytes))
      .Measure("bytes", bytes, "bytes")
      .Help("select fewer columns; fetch wide ones by key for the rows that are left");
}

}  // namespace

extern constinit const Rule kWideRows = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::wide_rows
