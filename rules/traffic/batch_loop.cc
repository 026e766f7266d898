// SRV034 batch-loop: a job works through many rows, one statement each.

#include <map>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::batch_loop {
namespace {

constexpr RuleOption kOptions[] = {
    {"loop_calls_min", 1000, "Calls in loops from which on a statement is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV034",
    .name = "batch-loop",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 4},
    .summary = "a job runs one statement for each of many rows",
    .why = R"md(
A loop of thousands of calls with a changing key is a batch job, not a page that fetches too much: no user waits for
it. Still each row costs a round trip; one statement over all rows is many times as fast.
)md",
    .instead = R"md(
Let one statement do it: `UPDATE … FROM (VALUES …)`, `… WHERE id = ANY($1)`, `INSERT … SELECT`; in portions of some
thousand rows, each committed, where the table is in use.
)md",
    .bad = "[x1000] 2024-05-01 10:00:01.{n} UTC [1] LOG:  duration: 0.2 ms  statement: UPDATE "
           "items SET price = 1 WHERE id = {n}\n",
    .good = "2024-05-01 10:00:01.000 UTC [1] LOG:  duration: 0.2 ms  statement: UPDATE items SET "
            "price = 1 WHERE id < 1000\n",
    .options = kOptions,
});

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  const WorkloadTotals& totals = pass.evidence().workload->totals();
  const auto counts = [](const RunStats& runs) { return runs.loops > 0; };
  for (const auto& [id, stats] : RunsByShape(totals, counts)) {
    if (static_cast<double>(stats.loop_calls) < pass.option(kInfo, "loop_calls_min")) continue;
    const QueryStats* query = QueryById(totals, id);
    if (query == nullptr || IsHousekeeping(*query) || IsCommand(*query, "insert")) continue;
    if (stats.same_text_groups * 2 > stats.groups) continue;
    const double elapsed_ms = static_cast<double>(stats.elapsed_us) / 1000;
    Finding& finding =
        ReportTraffic(kInfo, pass, stats.place, *query,
                      absl::StrFormat("a loop ran the same statement %s times with changing values",
                                      Grouped(stats.loop_calls)));
    finding.cost_ms = elapsed_ms;
    finding.Measure("calls", static_cast<double>(stats.loop_calls), "1");
    finding.Note("so many in a row are a batch job's, not a request's");
    const std::string all = ForAllKeys(query->query);
    finding.Help(all.empty() ? "let one statement work on all rows, in portions"
                             : "one statement for all keys: " + OneLine(all, 600));
  }
}

}  // namespace

extern constinit const Rule kBatchLoop = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::batch_loop
