// PLN001 selective-seq-scan: a sequential scan reads many rows and its filter throws nearly all
// away.

#include <algorithm>
#include <iterator>

#include "rules/plan/causes/plan_condition.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::selective_seq_scan {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "rows that the scan reads, all loops, from which on it is reported"},
    {"kept_share_max", 0.05, "share of the rows read that the filter lets through, at most"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN001",
    .name = "selective-seq-scan",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 0},
    .summary = "a sequential scan reads many rows and its filter throws nearly all away",
    .why = R"md(
The scan reads every row of the table, and nearly none of them pass the filter. With an index on the
filter's columns PostgreSQL would read the few that do. The rule fires when rows read over all loops
(kept + removed) reach `rows_min` and at most `kept_share_max` of them are kept. It is an error where the
scan takes at least half of the plan's time. Of several such scans below one Append (partitions) the one
that takes longest is reported, for all of them. Saving: their own time, less the share of rows kept.
)md",
    .instead = R"md(
Create the index that the finding prints: columns compared for equality first, then one range. Where
the filter wraps its column in a function or cast, compare the plain column instead, or index the
expression. If such an index is there already, find out why it is not used: types that differ, stale
statistics, a low `random_page_cost` that is not low enough.
)md",
    .bad =
        R"text(Seq Scan on items  (cost=0.00..4000.00 rows=12 width=8) (actual time=0.1..27.0 rows=11 loops=1)
  Filter: (product_id = 7)
  Rows Removed by Filter: 299989
Execution Time: 27.1 ms)text",
    .good =
        R"text(Seq Scan on items  (cost=0.00..4000.00 rows=150000 width=8) (actual time=0.1..27.0 rows=150000 loops=1)
  Filter: (quantity > 1)
  Rows Removed by Filter: 150000
Execution Time: 27.1 ms)text",
    .options = kOptions,
});

// The column of a LIKE that begins with a wildcard, which only trigrams serve; "": there is none.
std::string SearchedWithin(const std::vector<PlanPredicate>& predicates) {
  for (const PlanPredicate& predicate : predicates) {
    const bool like = predicate.text.find("~~ '%") != std::string::npos ||
                      predicate.text.find("~~* '%") != std::string::npos ||
                      predicate.text.find("LIKE '%") != std::string::npos;
    if (like && !predicate.column.empty()) return predicate.column;
  }
  return {};
}

bool IsSelective(const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Seq Scan" || !Ran(node) || node.filter.empty()) return false;
  const double kept = node.TotalRows();
  const double read = kept + node.TotalRemovedByFilter();
  if (read < pass.option(kInfo, "rows_min") || kept > pass.option(kInfo, "kept_share_max") * read)
    return false;
  // Run again and again it is a matter of the loop: seq-scan-in-loop.
  return node.loops <= node.processes;
}

double SavingOf(const PlanNode& node) {
  return node.exclusive_ms * node.TotalRemovedByFilter() /
         (node.TotalRows() + node.TotalRemovedByFilter());
}

// What depends on the time zone or the locale has no index: a range over the plain column does.
bool IsOfTime(const PlanPredicate& predicate) {
  constexpr std::string_view kFunctions[] = {"date_trunc(", "to_char(", "date_part(",
                                             "EXTRACT(",    "::date",   "timezone("};
  return predicate.wrapped && predicate.key.empty() && !predicate.column.empty() &&
         std::any_of(std::begin(kFunctions), std::end(kFunctions), [&](std::string_view function) {
           return predicate.text.find(function) != std::string::npos;
         });
}

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (!IsSelective(node, pass)) return;
  // The partitions of a table are searched alike: the dearest speaks for all.
  double saving = SavingOf(node);
  int others = 0;
  const PlanNode* above = plan.ParentOf(node);
  if (above != nullptr && (above->type == "Append" || above->type == "Merge Append")) {
    for (int id : above->children) {
      const PlanNode& other = plan.At(id);
      if (other.id == node.id || !IsSelective(other, pass)) continue;
      if (other.exclusive_ms > node.exclusive_ms ||
          (other.exclusive_ms == node.exclusive_ms && other.id < node.id))
        return;
      saving += SavingOf(other);
      ++others;
    }
  }
  const double kept = node.TotalRows();
  const double removed = node.TotalRemovedByFilter();
  const double read = kept + removed;
  Finding& finding = ReportNode(kInfo, plan, node, saving, pass,
                                absl::StrFormat("sequential scan of `%s` keeps %s of %s rows",
                                                node.relation, Count(kept), Count(read)));
  if (plan.timed && node.share >= 0.5)
    finding.severity = std::max(finding.severity, Severity::kError);
  finding
      .Primary(absl::StrFormat("the filter %s throws %.1f %% away", OneLine(node.filter, 200),
                               100 * removed / read))
      .Measure("rows_removed", removed, "rows")
      .Measure("rows", kept, "rows");
  const std::vector<PlanPredicate> predicates = PredicatesOf(node, node.filter);
  const std::string sql = IndexFor(node, pass.catalog(), predicates);
  const auto time = std::find_if(predicates.begin(), predicates.end(), IsOfTime);
  if (others > 0) {
    finding.Note(absl::StrFormat("so do %d more scans below the same %s", others, above->type));
  }
  if (time != predicates.end()) {
    finding.Help(absl::StrFormat("a range over the plain column: %s >= … AND %s < …",
                                 QuoteIdentifier(time->column), QuoteIdentifier(time->column)));
  }
  if (!sql.empty()) {
    finding.Help(sql + "; the planner would read only the rows that are kept");
  } else if (const std::string column = SearchedWithin(predicates); !column.empty()) {
    finding.Help(absl::StrFormat(
        "CREATE EXTENSION pg_trgm; CREATE INDEX CONCURRENTLY ON %s USING gin (%s gin_trgm_ops)",
        TableSql(node, pass.catalog()), QuoteIdentifier(column)));
  } else if (time == predicates.end()) {
    finding.Help("compare plain columns with = or <, so that an index can serve the filter");
  }
  for (const PlanPredicate& predicate : predicates) {
    if (!predicate.wrapped) continue;
    finding.Note("an index on `" + predicate.column + "` itself cannot serve " + predicate.text);
    break;
  }
}

}  // namespace

extern constinit const Rule kSelectiveSeqScan = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::selective_seq_scan
