// PLN003 row-misestimate: a node that gave far more or far fewer rows than the planner expected.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/plan/plan_rule.h"

namespace pgsift {
namespace {

constexpr RuleOption kOptions[] = {
    {"factor_min", 10, "times by which estimate and truth differ, at least"},
    {"rows_min", 1000, "rows of the larger of the two, over all loops, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN003",
    .name = "row-misestimate",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "the planner expected far more or far fewer rows than there were",
    .why = R"md(
The planner chooses joins, scans and memory by the rows it expects. Where it is wrong by a factor, it
may take a nested loop for a million rows or a hash for three. The rule names the lowest node at fault:
one whose children were estimated well. Estimate and truth are compared per loop, as EXPLAIN prints
them; it fires from `factor_min` on, when the larger of the two reaches `rows_min` over all loops.
)md",
    .instead = R"md(
`ANALYZE` the table first: statistics may be old. Conditions on several columns that depend on each
other want `CREATE STATISTICS … (dependencies, mcv) ON a, b FROM t` and `ANALYZE`. Rare values want a
larger `ALTER COLUMN … SET STATISTICS`. Functions and casts around a column want a plain comparison,
or statistics on the expression.
)md",
    .bad =
        R"json([{"Plan": {"Node Type": "Seq Scan", "Relation Name": "t", "Alias": "t", "Startup Cost": 0.0, "Total Cost": 4000.0, "Plan Rows": 12, "Plan Width": 8, "Actual Startup Time": 0.1, "Actual Total Time": 27.0, "Actual Rows": 5000, "Actual Loops": 1, "Filter": "((a = 1) AND (b = 1))", "Rows Removed by Filter": 9000}, "Planning Time": 0.1, "Execution Time": 27.1}])json",
    .good =
        R"json([{"Plan": {"Node Type": "Seq Scan", "Relation Name": "t", "Alias": "t", "Startup Cost": 0.0, "Total Cost": 4000.0, "Plan Rows": 4100, "Plan Width": 8, "Actual Startup Time": 0.1, "Actual Total Time": 27.0, "Actual Rows": 5000, "Actual Loops": 1, "Filter": "((a = 1) AND (b = 1))", "Rows Removed by Filter": 9000}, "Planning Time": 0.1, "Execution Time": 27.1}])json",
    .options = kOptions,
});

// The times by which estimate and truth differ; at least 1.
double FactorOf(const PlanNode& node) {
  const double actual = std::max(node.actual_rows, 1.0);
  const double planned = std::max(node.plan_rows, 1.0);
  return std::max(actual / planned, planned / actual);
}

// Stops early because a node above wanted no more: fewer rows are no error of the estimate.
bool CutShort(const Plan& plan, const PlanNode& node) {
  if (node.actual_rows >= node.plan_rows) return false;
  for (int at = node.parent; at >= 0; at = plan.nodes[static_cast<size_t>(at)].parent) {
    const PlanNode& above = plan.nodes[static_cast<size_t>(at)];
    if (above.type == "Limit" || above.type == "Merge Join") return true;
    const bool once = above.type == "Nested Loop" || above.type == "Hash Join";
    if (once && (above.join_type == "Semi" || above.join_type == "Anti")) return true;
    if (above.type == "Sort" || above.type == "Aggregate" || above.type == "Hash") return false;
  }
  return node.parent_relationship == "SubPlan" || node.parent_relationship == "InitPlan";
}

bool IsWrong(const Plan& plan, const PlanNode& node, double factor_min, double rows_min) {
  if (!node.analyzed || node.never_executed || node.loops <= 0) return false;
  if (FactorOf(node) < factor_min || CutShort(plan, node)) return false;
  // A bitmap's parts count row versions, not rows.
  if (node.type == "BitmapAnd" || node.type == "BitmapOr") return false;
  return std::max(node.actual_rows, node.plan_rows) * node.loops >= rows_min;
}

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  const double factor_min = pass.option(kInfo, "factor_min");
  const double rows_min = pass.option(kInfo, "rows_min");
  for (const PlanNode& node : plan.nodes) {
    if (!IsWrong(plan, node, factor_min, rows_min)) continue;
    const bool child_at_fault =
        std::any_of(node.children.begin(), node.children.end(), [&](int child) {
          return IsWrong(plan, plan.nodes[static_cast<size_t>(child)], factor_min, rows_min);
        });
    if (child_at_fault) continue;
    const bool fewer = node.plan_rows < node.actual_rows;
    const std::string what =
        node.relation.empty() ? node.type : node.type + " on `" + node.relation + "`";
    Finding& finding = ReportNode(kInfo, plan, node, 0, pass,
                                  absl::StrFormat("%s gave %s rows where %s were expected", what,
                                                  Grouped(static_cast<uint64_t>(node.actual_rows)),
                                                  Grouped(static_cast<uint64_t>(node.plan_rows))));
    finding
        .Primary(absl::StrFormat("%.0f times %s than estimated", FactorOf(node),
                                 fewer ? "more" : "fewer"))
        .Measure("rows", node.actual_rows, "rows")
        .Measure("rows_planned", node.plan_rows, "rows")
        .Measure("factor", FactorOf(node), "1");
    if (node.relation.empty()) {
      finding.Help(
          "ANALYZE the tables below it; extended statistics help where columns depend on each "
          "other");
      continue;
    }
    const std::string& condition = node.filter.empty() ? node.index_cond : node.filter;
    const QualifiedName table = pass.catalog().Resolve({node.schema, node.relation});
    finding.Help(absl::StrFormat("ANALYZE %s", QuoteName(table)));
    if (condition.find(" AND ") != std::string::npos) {
      finding.Note("its conditions: " + condition);
      finding.Help(absl::StrFormat(
          "if these columns depend on each other: CREATE STATISTICS ON … FROM %s, then ANALYZE it",
          QuoteName(table)));
    }
  }
}

}  // namespace

extern constinit const Rule kRowMisestimate = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift
