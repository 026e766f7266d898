// PLN014 index-only-possible: an index scan reads the table for one or two columns more.

#include <set>

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::index_only_possible {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "rows that the scan gives, all loops, at least"},
    {"share_min", 0.2, "share of the plan that it takes, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN014",
    .name = "index-only-possible",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {11, 0},
    .summary = "an index scan reads the table for one or two columns more",
    .why = R"md(
With these columns in the index PostgreSQL need not look into the table at all. Fires for index scans
of `rows_min` rows and `share_min` of the time, where EXPLAIN (VERBOSE) shows the output, the schema the
index, and at most two columns of fixed, small width are missing.
)md",
    .instead = R"md(
`INCLUDE` the columns, or append them. Each costs space and, if it is updated often, HOT updates.
)md",
    .bad =
        R"text(Index Scan using i on public.t  (cost=0.42..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=20000 loops=1)
  Output: a, b
  Index Cond: (t.a < 100)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Index Only Scan using i on public.t  (cost=0.42..900.00 rows=9000 width=8) (actual time=0.1..90.0 rows=20000 loops=1)
  Output: a, b
  Index Cond: (t.a < 100)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

bool IsNarrow(const TypeName& type) {
  static const std::set<std::string> kNarrow = {"int2",        "int4",   "int8",   "bool",
                                                "date",        "float4", "float8", "timestamp",
                                                "timestamptz", "uuid",   "oid"};
  return type.array_dimensions == 0 && kNarrow.contains(type.name.name);
}

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Index Scan" || !Ran(node) || node.output.empty()) return;
  if (node.TotalRows() < pass.option(kInfo, "rows_min") ||
      node.share < pass.option(kInfo, "share_min"))
    return;
  const Relation* table = TableOf(node, pass.catalog());
  const Relation* index = nullptr;
  std::set<std::string> has;
  if (table != nullptr) {
    for (const Relation* each : pass.catalog().IndexesOf(*table)) {
      if (each->name.name != node.index || !each->index.has_value()) continue;
      index = each;
      for (const IndexElement& element : each->index->elements) has.insert(element.column);
      has.insert(each->index->include.begin(), each->index->include.end());
    }
    if (index == nullptr || index->index->method != "btree") return;
  }
  std::set<std::string> wanted;
  for (const std::string& output : node.output) {
    const std::string column = ColumnOfSortKey(node, output);
    if (column.empty()) return;
    wanted.insert(column);
  }
  const std::vector<PlanPredicate> conditions = ScanPredicates(plan, node);
  for (const PlanPredicate& predicate : conditions) {
    wanted.insert(predicate.columns.begin(), predicate.columns.end());
  }
  if (table == nullptr) {
    for (const PlanPredicate& predicate : PredicatesOf(node, node.index_cond))
      has.insert(predicate.columns.begin(), predicate.columns.end());
    // Without the schema the width alone tells that all columns are narrow.
    if (node.plan_width > 16 * static_cast<double>(node.output.size())) return;
  }
  std::vector<std::string> missing;
  for (const std::string& column : wanted) {
    if (has.contains(column)) continue;
    const CatalogColumn* known = table == nullptr ? nullptr : table->FindColumn(column);
    if (table != nullptr && (known == nullptr || !IsNarrow(known->type))) return;
    missing.push_back(QuoteIdentifier(column));
  }
  if (missing.empty() || missing.size() > 2) return;
  ReportNode(kInfo, plan, node, node.exclusive_ms / 2, pass,
             absl::StrFormat("`%s` lacks %s for an index-only scan of `%s`", node.index,
                             Joined(missing), node.relation))
      .Primary(absl::StrFormat("%s rows fetched from the table", Count(node.TotalRows())))
      .Measure("rows", node.TotalRows(), "rows")
      .Help(absl::StrFormat("an index like `%s` with INCLUDE (%s)", node.index, Joined(missing)))
      .Note("each column makes the index larger, and an update of it no longer HOT");
}

}  // namespace

extern constinit const Rule kIndexOnlyPossible = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::index_only_possible
