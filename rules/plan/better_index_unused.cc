// PLN006 better-index-unused: an index that fits the conditions better is there, and another was
// used.

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::better_index_unused {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 1000, "rows that the filter removes, all loops, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN006",
    .name = "better-index-unused",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "an index that fits the conditions better is there, and another was used",
    .why = R"md(
A scan throws most rows away while the schema has an index that covers more of its conditions: the
planner believed the other to be cheaper. Fires for scans as `filtered-index-scan` and
`selective-seq-scan` describe, where the schema is known and the other index's leading columns are compared
for equality by more conditions than the used one's.
)md",
    .instead = R"md(
`ANALYZE` the table. If the choice stays: the column's correlation, `random_page_cost`, or an
`ORDER BY … LIMIT` that made an index in sort order look cheap (`ORDER BY col + 0` hides it). A hint is the
last resort.
)md",
    .bad =
        R"text(CREATE TABLE orders (id int, customer_id int, status text);
CREATE INDEX orders_a ON orders (customer_id);
CREATE INDEX orders_b ON orders (status, customer_id);
-- schema
Index Scan using orders_a on orders  (cost=0.42..900.00 rows=10 width=8) (actual time=0.1..80.0 rows=10 loops=1)
  Index Cond: (customer_id = 7)
  Filter: (status = 'open'::text)
  Rows Removed by Filter: 50000
Execution Time: 80.1 ms)text",
    .good =
        R"text(Index Scan using orders_a on orders  (cost=0.42..900.00 rows=10 width=8) (actual time=0.1..80.0 rows=10 loops=1)
  Index Cond: (customer_id = 7)
Execution Time: 80.1 ms)text",
    .options = kOptions,
});

// How many leading columns of an index are compared for equality.
size_t Covered(const Relation& index, const std::vector<PlanPredicate>& predicates) {
  size_t count = 0;
  for (const IndexElement& element : index.index->elements) {
    bool equal = false;
    for (const PlanPredicate& predicate : predicates) {
      equal = equal || (predicate.kind == PlanPredicate::Kind::kEqual && !predicate.wrapped &&
                        predicate.column == element.column);
    }
    if (!equal) break;
    ++count;
  }
  return count;
}

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!Ran(node) || node.filter.empty()) return;
  if (!IsIndexScan(node) && node.type != "Seq Scan" && node.type != "Bitmap Heap Scan") return;
  const double removed = node.TotalRemovedByFilter();
  if (removed < pass.option(kInfo, "rows_min") || removed < 5 * node.TotalRows()) return;
  const Relation* table = TableOf(node, pass.catalog());
  if (table == nullptr) return;
  const std::vector<PlanPredicate> predicates = ScanPredicates(plan, node);
  size_t used = 0;
  const Relation* best = nullptr;
  size_t best_covered = 0;
  std::vector<std::string> in_use = {node.index};
  if (node.type == "Bitmap Heap Scan") {
    ForSubtree(plan, node, [&](const PlanNode& below) { in_use.push_back(below.index); });
  }
  for (const Relation* index : pass.catalog().IndexesOf(*table)) {
    if (!index->index.has_value() || !index->index->valid || index->index->where != nullptr)
      continue;
    if (index->index->method != "btree") continue;
    const size_t covered = Covered(*index, predicates);
    if (std::find(in_use.begin(), in_use.end(), index->name.name) != in_use.end()) {
      used = std::max(used, covered);
    } else if (covered > best_covered) {
      best = index;
      best_covered = covered;
    }
  }
  if (best == nullptr || best_covered <= used) return;
  ReportNode(kInfo, plan, node, 0.8 * node.inclusive_ms, pass,
             absl::StrFormat("`%s` covers more conditions on `%s` than what was used",
                             best->name.name, node.relation))
      .Primary(
          absl::StrFormat("%s rows thrown away by %s", Count(removed), OneLine(node.filter, 200)))
      .Measure("rows_removed", removed, "rows")
      .Help(absl::StrFormat("ANALYZE %s; then see whether the planner takes `%s`",
                            TableSql(node, pass.catalog()), best->name.name));
}

}  // namespace

extern constinit const Rule kBetterIndexUnused = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::better_index_unused
