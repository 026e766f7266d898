// PLN018 index-not-leading: an index was searched without a condition on its first column.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::index_not_leading {
namespace {

constexpr RuleOption kOptions[] = {
    {"searches_min", 50, "searches a loop, from which on it is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN018",
    .name = "index-not-leading",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "an index was searched without a condition on its first column",
    .why = R"md(
A btree finds rows by its first column. Without a condition on it the whole index is read; from
PostgreSQL 18 on it may be searched once for each value of that column (skip scan). Fires where the schema
shows that no condition is on the first column, or where there are `searches_min` searches a loop and more.
)md",
    .instead = R"md(
An index that begins with the column of the condition.
)md",
    .bad =
        R"text(Index Only Scan using i on t  (cost=0.42..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  Index Cond: (b = 7)
  Heap Fetches: 0
  Index Searches: 900
Execution Time: 91.0 ms)text",
    .good =
        R"text(Index Only Scan using i on t  (cost=0.42..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=9000 loops=1)
  Index Cond: (b = 7)
  Heap Fetches: 0
  Index Searches: 1
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  const bool bitmap = node.type == "Bitmap Index Scan";
  if (!Ran(node) || !(IsIndexScan(node) || bitmap) || node.index_cond.empty()) return;
  PlanNode scan = node;
  if (bitmap) {
    const PlanNode* heap = Above(plan, node, "Bitmap Heap Scan");
    if (heap == nullptr) return;
    scan.relation = heap->relation;
    scan.schema = heap->schema;
    scan.alias = heap->alias;
  }
  const std::vector<PlanPredicate> predicates = PredicatesOf(scan, node.index_cond);
  std::string why;
  const Relation* table = TableOf(scan, pass.catalog());
  if (table != nullptr) {
    for (const Relation* index : pass.catalog().IndexesOf(*table)) {
      if (index->name.name != node.index || !index->index.has_value()) continue;
      if (index->index->method != "btree" || index->index->elements.empty()) continue;
      const std::string& first = index->index->elements.front().column;
      if (first.empty()) continue;
      bool used = predicates.empty();
      for (const PlanPredicate& predicate : predicates) {
        used = used || std::find(predicate.columns.begin(), predicate.columns.end(), first) !=
                           predicate.columns.end();
      }
      if (!used) why = "no condition on its first column `" + first + "`";
    }
  }
  // An array of values is searched for one by one as well.
  const bool array = node.index_cond.find("ANY (") != std::string::npos;
  if (why.empty() && !array &&
      node.index_searches >= pass.option(kInfo, "searches_min") * node.loops)
    why = absl::StrFormat("searched %s times", Count(node.index_searches));
  if (why.empty()) return;
  Finding& finding =
      ReportNode(kInfo, plan, node, node.exclusive_ms / 2, pass,
                 absl::StrFormat("`%s` is searched by columns that are not its first", node.index));
  finding.Primary(why + ": " + OneLine(node.index_cond, 200))
      .Measure("index_searches", node.index_searches, "1");
  const std::string sql = IndexFor(scan, pass.catalog(), predicates);
  if (!sql.empty()) finding.Help(sql);
}

}  // namespace

extern constinit const Rule kIndexNotLeading = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::index_not_leading
