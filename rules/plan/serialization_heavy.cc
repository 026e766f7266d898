// PLN067 serialization-heavy: turning the result into text takes much of the time.

#include "rules/plan/plan_rule.h"

namespace pgsift::serialization_heavy {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.2, "share of the execution time, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN067",
    .name = "serialization-heavy",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {17, 0},
    .summary = "turning the result into text takes much of the time",
    .why = R"md(
EXPLAIN (SERIALIZE), 17 and later, measures what a client waits for beside the query: reading TOAST and
printing values. Fires when it is `share_min` of the execution time.
)md",
    .instead = R"md(
Fewer and narrower columns, a LIMIT; the binary protocol for numbers and bytea.
)md",
    .bad =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..30.0 rows=9000 loops=1)
Serialization: time=50.0 ms  output=9000kB  format=text
Execution Time: 91.0 ms)text",
    .good =
        R"text(Seq Scan on t  (cost=0.00..900.00 rows=9000 width=8) (actual time=0.1..80.0 rows=9000 loops=1)
Serialization: time=5.0 ms  output=900kB  format=text
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  const PlanSerialization& output = plan.serialization;
  if (!output.present || plan.execution_ms <= 0) return;
  if (output.time_ms < pass.option(kInfo, "share_min") * plan.execution_ms || output.time_ms < 1)
    return;
  ReportPlan(kInfo, plan, output.time_ms / 2, pass,
             absl::StrFormat("sending %s as %s takes %s of %s", HumanBytes(output.output_kb * 1024),
                             output.format, HumanMs(output.time_ms), HumanMs(plan.execution_ms)))
      .Primary("beside running the query")
      .Measure("serialization_ms", output.time_ms, "ms")
      .Measure("output_bytes", output.output_kb * 1024, "bytes")
      .Help("select fewer columns, or fewer rows");
}

}  // namespace

extern constinit const Rule kSerializationHeavy = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::serialization_heavy
