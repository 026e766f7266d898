// PLN027 or-across-tables: a join condition with OR over columns of several tables.

#include "rules/plan/plan_rule.h"

namespace pgsift::or_across_tables {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "pairs checked, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN027",
    .name = "or-across-tables",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a join condition with OR over columns of several tables",
    .why = R"md(
`a.x = 1 OR b.y = 2` belongs to neither table, so it can only be checked after joining: no index serves
it. Fires for join filters whose top level is such an OR, or filters of a join, with at least `rows_min`
pairs checked.
)md",
    .instead = R"md(
`UNION` of two queries, one for each arm, each with its index; keep a primary key in the output, so that
`UNION` removes only true duplicates.
)md",
    .bad =
        R"text(Hash Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=100 loops=1)
  Hash Cond: (i.order_id = o.id)
  Join Filter: ((o.status = 'x'::text) OR (i.sku = 'y'::text))
  Rows Removed by Join Filter: 99900
  ->  Seq Scan on items i  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
  ->  Hash  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=1)
        ->  Seq Scan on orders o  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Hash Join  (cost=0.43..9000.00 rows=100 width=8) (actual time=0.1..90.0 rows=100 loops=1)
  Hash Cond: (i.order_id = o.id)
  ->  Seq Scan on items i  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=100000 loops=1)
        Filter: ((i.status = 'x'::text) OR (i.sku = 'y'::text))
  ->  Hash  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=1)
        ->  Seq Scan on orders o  (cost=0.00..80.00 rows=10000 width=8) (actual time=0.0..0.5 rows=10000 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

// The text's top level is an OR.
bool IsOr(std::string_view text) {
  int depth = 0;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    } else if (depth == 1 && text.substr(i).starts_with(" OR ")) {
      return true;
    }
  }
  return false;
}

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!IsJoin(node) || !Ran(node) || !IsOr(node.join_filter)) return;
  std::vector<std::string> labels;
  ForSubtree(plan, node, [&](const PlanNode& below) {
    const std::string& label = below.alias.empty() ? below.relation : below.alias;
    if (label.empty() || node.join_filter.find(label + ".") == std::string::npos) return;
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
  });
  if (labels.size() < 2) return;
  const double checked = node.TotalRows() + node.TotalRemovedByJoinFilter();
  if (checked < pass.option(kInfo, "rows_min")) return;
  ReportNode(kInfo, plan, node,
             node.inclusive_ms * node.TotalRemovedByJoinFilter() / std::max(1.0, checked) / 2, pass,
             absl::StrFormat("OR over columns of %s is checked after joining, %s times",
                             Joined(labels), Count(checked)))
      .Primary(OneLine(node.join_filter, 200))
      .Measure("pairs_checked", checked, "rows")
      .Help("UNION of two queries, one for each arm of the OR, with a primary key in the output");
}

}  // namespace

extern constinit const Rule kOrAcrossTables = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::or_across_tables
