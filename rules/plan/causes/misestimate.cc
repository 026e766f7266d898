#include "rules/plan/causes/misestimate.h"

#include <algorithm>
#include <set>

#include "rules/plan/causes/plan_condition.h"

namespace pgsift {
namespace {

// A hash join whose one side gave nothing does not read the other to its end.
bool OtherIsEmpty(const Plan& plan, const PlanNode& join, const PlanNode& child) {
  return std::any_of(join.children.begin(), join.children.end(), [&](int id) {
    const PlanNode& other = plan.At(id);
    return other.id != child.id && !other.IsInitPlan() && !other.IsSubPlan() &&
           other.TotalRows() <= 0;
  });
}

// Stops early because a node above wanted no more: fewer rows are no error of the estimate.
bool CutShort(const Plan& plan, const PlanNode& node) {
  const PlanNode* child = &node;
  for (const PlanNode* above = plan.ParentOf(node); above != nullptr;
       child = above, above = plan.ParentOf(*above)) {
    if (above->type == "Merge Join" && child->parent_relationship == "Inner") return true;
    const bool once =
        above->join_type == "Semi" || above->join_type == "Anti" || above->inner_unique;
    if (above->type == "Nested Loop" && once && child->parent_relationship == "Inner") return true;
    if (node.actual_rows >= node.plan_rows) continue;
    if (above->type == "Limit" || above->type == "Merge Join") return true;
    if (above->type == "Hash Join" && OtherIsEmpty(plan, *above, *child)) return true;
    const bool sorted = above->type == "Aggregate" && above->strategy == "Sorted";
    const bool blocks =
        above->type == "Sort" || above->type == "Aggregate" || above->type == "Hash";
    if (blocks && !sorted) return false;
  }
  return (node.IsSubPlan() || node.IsInitPlan()) && node.actual_rows < node.plan_rows;
}

bool IsWrong(const Plan& plan, const PlanNode& node, const MisestimateLimits& limits) {
  if (!Ran(node) || MisestimateOf(node) < limits.factor_min) return false;
  if (node.type == "BitmapAnd" || node.type == "BitmapOr" || node.type == "ModifyTable")
    return false;
  if (std::max(node.actual_rows, node.plan_rows) * node.loops < limits.rows_min) return false;
  // An index that finds candidates (trigrams, documents) finds more than match.
  const PlanNode* heap = node.type == "Bitmap Index Scan" ? plan.ParentOf(node) : nullptr;
  if (heap != nullptr && heap->rows_removed_by_recheck > 0) return false;
  return !CutShort(plan, node);
}

// How often a recursion goes on is assumed, whatever the statistics say.
bool IsRecursion(const Plan& plan, const PlanNode& node) {
  if (node.type == "WorkTable Scan" || node.type == "Recursive Union") return true;
  if (node.type != "CTE Scan") return false;
  return std::any_of(plan.nodes.begin(), plan.nodes.end(), [&](const PlanNode& other) {
    return other.type == "Recursive Union" && other.subplan_name == "CTE " + node.cte_name;
  });
}

// The child that passes its error on to the node: estimated less than three times as well. Null:
// the node is at fault itself.
const PlanNode* CulpritBelow(const Plan& plan, const PlanNode& node) {
  // A bitmap's index scan is estimated with the conditions of its heap scan.
  if (node.type == "Bitmap Heap Scan") return nullptr;
  const double factor = MisestimateOf(node);
  const PlanNode* worst = nullptr;
  for (int id : node.children) {
    const PlanNode& child = plan.At(id);
    if (child.IsInitPlan() || child.IsSubPlan() || !Ran(child)) continue;
    const double child_factor = MisestimateOf(child);
    if (child_factor < std::max(2.0, factor / 3) || CutShort(plan, child)) continue;
    if (worst == nullptr || child_factor > MisestimateOf(*worst)) worst = &child;
  }
  return worst;
}

// What PostgreSQL assumes of a table that was never analyzed: 10 pages full of rows.
bool HasDefaultRows(const PlanNode& node) {
  if (node.type != "Seq Scan" || !node.filter.empty()) return false;
  // width x rows fills 10 pages, but for the overhead of rows: 24 bytes and 4.
  const double bytes = node.plan_rows * (node.plan_width + 28);
  return node.plan_rows >= 100 && bytes > 0.9 * 81'000 && bytes < 1.02 * 82'000;
}

bool IsNear(double value, double wanted) { return std::abs(value - wanted) <= 0.02 * wanted; }

// The selectivity that is assumed where statistics say nothing; "": this is none.
std::string AssumedSelectivity(const PlanNode& node, const Evidence& evidence) {
  double table_rows = 0;
  if (evidence.snapshot() != nullptr) {
    const TableStatistics* table =
        evidence.snapshot()->Table(evidence.catalog->Resolve({node.schema, node.relation}));
    if (table != nullptr) table_rows = table->rows;
  }
  if (table_rows <= 0 && node.type == "Seq Scan") {
    table_rows = node.TotalRows() / node.Loops() + node.rows_removed_by_filter;
  }
  if (table_rows <= 0) return {};
  const double selectivity = node.plan_rows / table_rows;
  if (IsNear(selectivity, 0.005)) return "0.5 %";
  if (IsNear(selectivity, 1.0 / 3)) return "a third";
  if (IsNear(selectivity, 0.5)) return "a half";
  return {};
}

bool HasParameter(const std::string& text) {
  for (size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
    if (at + 1 < text.size() && text[at + 1] >= '1' && text[at + 1] <= '9') return true;
  }
  return false;
}

void FindCause(const Plan& plan, const Evidence& evidence, Misestimate* wrong) {
  const PlanNode& node = *wrong->node;
  if (node.type == "Function Scan" || node.type == "ProjectSet" ||
      node.type == "Table Function Scan") {
    wrong->cause = MisestimateCause::kFunctionDefault;
    return;
  }
  if (node.type == "Aggregate" || node.type == "Group" || node.type == "Unique") {
    wrong->cause = MisestimateCause::kGroups;
    wrong->columns = node.group_keys;
    return;
  }
  if (IsJoin(node)) {
    if (node.plan_rows <= 1 && wrong->fewer) wrong->cause = MisestimateCause::kJoin;
    return;
  }
  if (node.relation.empty()) return;
  const Snapshot* snapshot = evidence.snapshot();
  const TableStatistics* table =
      snapshot == nullptr
          ? nullptr
          : snapshot->Table(evidence.catalog->Resolve({node.schema, node.relation}));
  const bool never = table != nullptr && table->analyzes == 0 && table->autoanalyzes == 0 &&
                     table->last_analyze_us == 0 && table->last_autoanalyze_us == 0;
  if (never || HasDefaultRows(node)) {
    wrong->cause = MisestimateCause::kNeverAnalyzed;
    return;
  }
  if (table != nullptr && table->modified_since_analyze > 0 && table->live_tuples > 0 &&
      table->modified_since_analyze >= 0.1 * table->live_tuples) {
    wrong->cause = MisestimateCause::kStaleStatistics;
    wrong->detail =
        absl::StrFormat("%s of %s rows changed since its last ANALYZE",
                        Count(table->modified_since_analyze), Count(table->live_tuples));
    return;
  }
  const std::vector<PlanPredicate> predicates = ScanPredicates(plan, node);
  for (const PlanPredicate& predicate : predicates) {
    if (!HasParameter(predicate.text)) continue;
    if (predicate.text.find("$999") != std::string::npos) continue;
    wrong->cause = MisestimateCause::kGenericPlan;
    wrong->detail = predicate.text;
    return;
  }
  for (const PlanPredicate& predicate : predicates) {
    const bool odd =
        predicate.wrapped || predicate.converted || predicate.kind == PlanPredicate::Kind::kOther;
    if (!odd && predicate.constant) continue;
    const std::string assumed = AssumedSelectivity(node, evidence);
    if (assumed.empty()) break;
    wrong->cause = MisestimateCause::kDefaultSelectivity;
    wrong->detail = assumed;
    wrong->columns = {predicate.text};
    return;
  }
  // One equality with a constant on a table without statistics: each of 200 values is assumed to be
  // as frequent. How many rows such a table has is a guess too, from its pages.
  if (node.type == "Seq Scan" && predicates.size() == 1 && predicates.front().constant &&
      predicates.front().kind == PlanPredicate::Kind::kEqual && !predicates.front().wrapped) {
    const double read = node.actual_rows + node.rows_removed_by_filter;
    const double selectivity = read > 0 ? node.plan_rows / read : 0;
    if (table == nullptr && selectivity > 0.75 * 0.005 && selectivity < 1.35 * 0.005) {
      wrong->cause = MisestimateCause::kNeverAnalyzed;
      return;
    }
  }
  std::set<std::string> columns;
  for (const PlanPredicate& predicate : predicates) {
    if (predicate.kind == PlanPredicate::Kind::kEqual && !predicate.wrapped &&
        !predicate.column.empty())
      columns.insert(predicate.column);
  }
  if (columns.size() >= 2 && wrong->fewer) {
    wrong->cause = MisestimateCause::kCorrelatedColumns;
    wrong->columns.assign(columns.begin(), columns.end());
  }
}

}  // namespace

std::vector<Misestimate> FindMisestimates(const Plan& plan, const Evidence& evidence,
                                          const MisestimateLimits& limits) {
  std::vector<Misestimate> found;
  std::set<int> blamed;  // Nodes; several may suffer from one.
  if (!plan.analyzed) return found;
  for (const PlanNode& node : plan.nodes) {
    if (!IsWrong(plan, node, limits)) continue;
    const PlanNode* culprit = &node;
    while (const PlanNode* below = CulpritBelow(plan, *culprit)) culprit = below;
    if (!blamed.insert(culprit->id).second || IsRecursion(plan, *culprit)) continue;
    Misestimate wrong{.node = culprit,
                      .factor = MisestimateOf(*culprit),
                      .fewer = culprit->plan_rows < culprit->actual_rows};
    for (const PlanNode* above = plan.ParentOf(*culprit); above != nullptr;
         above = plan.ParentOf(*above)) {
      if (IsJoin(*above) || above->type == "Sort" || above->type == "Aggregate")
        wrong.downstream_ms += above->exclusive_ms;
    }
    FindCause(plan, evidence, &wrong);
    found.push_back(std::move(wrong));
  }
  return found;
}

const std::vector<Misestimate>& MisestimatesOf(const Plan& plan, EvidencePass& pass) {
  EvidencePass::Misestimates& kept = pass.misestimates(plan);
  if (kept == nullptr) {
    kept = std::make_shared<const std::vector<Misestimate>>(
        FindMisestimates(plan, pass.evidence(), {}));
  }
  return *kept;
}

Finding& ReportMisestimate(const RuleInfo& rule, const Plan& plan, const Misestimate& wrong,
                           EvidencePass& pass) {
  const PlanNode& node = *wrong.node;
  Finding& finding =
      ReportNode(rule, plan, node, wrong.downstream_ms / 2, pass,
                 absl::StrFormat("%s gave %s rows where %s were expected", NodeName(node),
                                 Count(node.actual_rows), Count(node.plan_rows)));
  if (wrong.factor >= 100) finding.severity = std::max(finding.severity, rule.severity);
  finding
      .Primary(absl::StrFormat(
          "%s times %s than estimated%s", Count(wrong.factor), wrong.fewer ? "more" : "fewer",
          node.loops > 1 ? ", in each of " + Count(node.loops) + " loops" : ""))
      .Measure("rows", node.actual_rows, "rows")
      .Measure("rows_planned", node.plan_rows, "rows")
      .Measure("factor", wrong.factor, "1");
  const std::string& condition = node.filter.empty() ? node.index_cond : node.filter;
  if (!condition.empty()) finding.Note("its condition: " + OneLine(condition, 300));
  return finding;
}

}  // namespace pgsift
