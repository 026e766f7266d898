// PLN049 conflict-heavy: most rows of an INSERT … ON CONFLICT were there already.

#include "rules/plan/plan_rule.h"

namespace pgsift::conflict_heavy {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.5, "share of the rows that conflict, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN049",
    .name = "conflict-heavy",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 5},
    .summary = "most rows of an INSERT … ON CONFLICT were there already",
    .why = R"md(
Each conflicting row has used up a sequence value and, in a race, left a dead row and dead index entries.
Fires when `share_min` of at least 100 rows conflicted.
)md",
    .instead = R"md(
Leave out rows that are there before inserting: `WHERE NOT EXISTS (…)`; keep ON CONFLICT for the race.
)md",
    .bad =
        R"text(Insert on t  (cost=0.00..8.00 rows=0 width=0) (actual time=9.0..9.1 rows=0 loops=1)
  Conflict Resolution: NOTHING
  Tuples Inserted: 100
  Conflicting Tuples: 900
  ->  Seq Scan on s  (cost=0.00..80.00 rows=1000 width=0) (actual time=0.0..1.5 rows=1000 loops=1)
Execution Time: 9.2 ms)text",
    .good =
        R"text(Insert on t  (cost=0.00..8.00 rows=0 width=0) (actual time=9.0..9.1 rows=0 loops=1)
  Conflict Resolution: NOTHING
  Tuples Inserted: 990
  Conflicting Tuples: 10
  ->  Seq Scan on s  (cost=0.00..80.00 rows=1000 width=0) (actual time=0.0..1.5 rows=1000 loops=1)
Execution Time: 9.2 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "ModifyTable" || node.conflicting_tuples <= 0) return;
  const double all = node.conflicting_tuples + node.tuples_inserted;
  if (all < 100 || node.conflicting_tuples < pass.option(kInfo, "share_min") * all) return;
  ReportNode(kInfo, plan, node, node.exclusive_ms * node.conflicting_tuples / all / 2, pass,
             absl::StrFormat("%s of %s rows for `%s` were there already",
                             Count(node.conflicting_tuples), Count(all), node.relation))
      .Primary("ON CONFLICT DO " + node.conflict_resolution)
      .Measure("conflicting_tuples", node.conflicting_tuples, "rows")
      .Measure("tuples_inserted", node.tuples_inserted, "rows")
      .Help("leave them out first: INSERT … SELECT … WHERE NOT EXISTS (SELECT 1 FROM …)");
}

}  // namespace

extern constinit const Rule kConflictHeavy = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::conflict_heavy
