// PLN071 trigger-time: triggers take much of the time.

#include "parser/ddl.h"
#include "rules/plan/plan_rule.h"

namespace pgsift::trigger_time {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.1, "share of the execution time, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN071",
    .name = "trigger-time",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "triggers take much of the time",
    .why = R"md(
Foreign keys are checked by triggers after the statement, row by row. Fires for each trigger that takes
`share_min` of the execution time, and for a foreign key whose check takes 0.1 ms a row: the referencing column
has no index. Saving: nine tenths for a foreign key, else a half.
)md",
    .instead = R"md(
For a foreign key: an index on the referencing columns. For a trigger of one's own: do its work once for
the statement (`FOR EACH STATEMENT` with transition tables).
)md",
    .bad =
        R"text(Delete on t  (cost=0.00..900.00 rows=0 width=0) (actual time=9.1..9.1 rows=0 loops=1)
  ->  Seq Scan on t  (cost=0.00..900.00 rows=1000 width=8) (actual time=0.1..9.0 rows=1000 loops=1)
Trigger for constraint items_t_fkey: time=80.0 calls=1000
Execution Time: 91.0 ms)text",
    .good =
        R"text(Delete on t  (cost=0.00..900.00 rows=0 width=0) (actual time=79.1..79.1 rows=0 loops=1)
  ->  Seq Scan on t  (cost=0.00..900.00 rows=1000 width=8) (actual time=0.1..9.0 rows=1000 loops=1)
Trigger for constraint items_t_fkey: time=2.0 calls=1000
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

// CREATE INDEX for the referencing side of a foreign key that the schema knows by this name.
std::string ForeignKeyIndex(const std::string& constraint, const Catalog& catalog) {
  for (const Relation* table : catalog.Relations()) {
    for (const CatalogConstraint& each : table->constraints) {
      if (each.kind != ConstraintKind::kForeignKey || each.name != constraint) continue;
      std::vector<std::string> columns;
      for (const std::string& column : each.columns) columns.push_back(QuoteIdentifier(column));
      return absl::StrFormat("CREATE INDEX CONCURRENTLY ON %s (%s)", QuoteName(table->name),
                             Joined(columns));
    }
  }
  return {};
}

// From here on a foreign key's check takes longer than an index needs.
constexpr double kSlowCallMs = 0.1;

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  for (const PlanTrigger& trigger : plan.triggers) {
    const double whole = std::max(plan.WholeMs(), 1e-9);
    const double share = trigger.time_ms / whole;
    const double per_call = trigger.time_ms / std::max(1.0, trigger.calls);
    const bool foreign_key = !trigger.constraint.empty();
    if (share < pass.option(kInfo, "share_min") &&
        !(foreign_key && per_call >= kSlowCallMs && trigger.time_ms >= 10))
      continue;
    const std::string name =
        foreign_key ? "constraint `" + trigger.constraint + "`" : "`" + trigger.name + "`";
    Finding& finding = ReportPlan(kInfo, plan, trigger.time_ms * (foreign_key ? 0.9 : 0.5), pass,
                                  absl::StrFormat("trigger of %s takes %s of %s", name,
                                                  HumanMs(trigger.time_ms), HumanMs(whole)));
    finding.Primary(absl::StrFormat("%s calls, %s each", Count(trigger.calls), HumanMs(per_call)))
        .Measure("trigger_ms", trigger.time_ms, "ms")
        .Measure("calls", trigger.calls, "1");
    const bool inserts = plan.nodes.front().operation == "Insert";
    if (foreign_key && (inserts || per_call < kSlowCallMs)) {
      // Each row's key is looked up by the other table's key, which always has an index.
      finding.severity = std::min(finding.severity, Severity::kInfo);
      finding.Help(
          "for rows by the thousand: drop the constraint, load, then add it NOT VALID and "
          "VALIDATE it");
    } else if (foreign_key) {
      const std::string sql = ForeignKeyIndex(trigger.constraint, pass.catalog());
      finding.Help(sql.empty()
                       ? "an index on the referencing columns of `" + trigger.constraint + "`"
                       : sql);
    } else {
      finding.Help("do its work once: FOR EACH STATEMENT with transition tables");
    }
  }
}

}  // namespace

extern constinit const Rule kTriggerTime = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::trigger_time
