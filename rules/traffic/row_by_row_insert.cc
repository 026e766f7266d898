// SRV033 row-by-row-insert: many rows, one INSERT each.

#include <map>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::row_by_row_insert {
namespace {

constexpr RuleOption kOptions[] = {
    {"calls_min", 100, "Calls in runs from which on a statement is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV033",
    .name = "row-by-row-insert",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 2},  // The release that brought VALUES lists.
    .summary = "rows are inserted one by one, each with its own statement",
    .why = R"md(
Each statement costs a round trip and, outside of a transaction, a flush of the WAL. A list of rows in one `INSERT` is ten
times as fast, `COPY` fifty times.
)md",
    .instead = R"md(
`INSERT INTO … VALUES (…), (…)`, `INSERT … SELECT * FROM unnest($1::int[], $2::text[])` with arrays as parameters,
or `COPY … FROM STDIN`. Drivers have it as batch or bulk insert.
)md",
    .bad = "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.5 ms  statement: SELECT * FROM "
           "orders WHERE day = 1\n"
           "[x100] 2024-05-01 10:00:01.{n} UTC [1] LOG:  duration: 0.2 ms  statement: INSERT INTO "
           "logs VALUES ({n})\n",
    .good = "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.5 ms  statement: INSERT INTO logs "
            "VALUES (1), (2), (3)\n",
    .options = kOptions,
});

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  const WorkloadTotals& totals = pass.evidence().workload->totals();
  const auto all = [](const RunStats&) { return true; };
  for (const auto& [id, stats] : RunsByShape(totals, all)) {
    if (static_cast<double>(stats.calls) < pass.option(kInfo, "calls_min")) continue;
    const QueryStats* query = QueryById(totals, id);
    if (query == nullptr || !IsCommand(*query, "insert")) continue;
    const double each = static_cast<double>(stats.calls) / static_cast<double>(stats.groups);
    const double elapsed_ms = static_cast<double>(stats.elapsed_us) / 1000;
    Finding& finding =
        ReportTraffic(kInfo, pass, stats.place, *query,
                      absl::StrFormat("%s rows were inserted one by one, %.0f at a time",
                                      Grouped(stats.calls), each));
    finding.cost_ms = elapsed_ms;
    finding.Measure("calls", static_cast<double>(stats.calls), "1");
    finding.Measure("elapsed_ms", elapsed_ms, "ms");
    if (stats.in_transactions < stats.groups) {
      finding.Note("not in a transaction: each statement flushes the WAL");
    }
    finding.Help("insert many rows with one statement, or use COPY");
  }
}

}  // namespace

extern constinit const Rule kRowByRowInsert = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::row_by_row_insert
