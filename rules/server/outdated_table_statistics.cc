// SRV007 outdated-table-statistics: the planner's statistics are missing or of other data.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::outdated_table_statistics {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 1000, "Rows from which on a table is reported"},
    {"modified_share", 0.2, "Rows changed since ANALYZE, of all, from which on it is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV007",
    .name = "outdated-table-statistics",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 4},
    .fix = FixSafety::kDisplay,
    .summary = "a table was changed much since ANALYZE, or never analyzed",
    .why = R"md(
The planner chooses by the statistics that `ANALYZE` takes. If the rows are others than those that it saw, it
misjudges how many rows a condition leaves, and takes nested loops or sequential scans that cost
a multiple. After a bulk load, or `pg_upgrade`, there may be no statistics at all.
)md",
    .instead = R"md(
`ANALYZE` the table: it reads a sample, and blocks no reader and no writer. Let autovacuum come earlier for the
table with `autovacuum_analyze_scale_factor`; analyze at the end of each bulk load.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "tables": [{"schema":
"public", "name": "orders", "relkind": "r", "reltuples": 100000, "live_tuples": 300000,
"n_mod_since_analyze": 200000, "last_analyze": "2025-12-01T00:00:00+00:00"}]})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "tables": [{"schema":
"public", "name": "orders", "relkind": "r", "reltuples": 300000, "live_tuples": 300000,
"n_mod_since_analyze": 20, "last_analyze": "2025-12-31T00:00:00+00:00"}]})",
    .options = kOptions,
});

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  for (const auto& [name, table] : snapshot->tables) {
    if (table.kind != 'r' && table.kind != 'm') continue;
    const double rows = std::max(table.live_tuples, table.rows);
    const double modified = table.modified_since_analyze;
    if (rows < pass.option(kInfo, "rows_min") || modified < 0) continue;
    const int64_t last = std::max(table.last_analyze_us, table.last_autoanalyze_us);
    // The counters may be younger than the last ANALYZE: rows of it are known where it ran.
    const bool never = last == 0 && !snapshot->columns.contains(name);
    const bool much = modified >= pass.option(kInfo, "modified_share") * rows &&
                      modified > AutoanalyzeThreshold(*snapshot, table);
    if (!never && !much) continue;
    const std::string table_name = name.ToString();
    Finding& finding = ReportState(
        kInfo, pass,
        never ? absl::StrFormat("`%s` was never analyzed", table_name)
              : absl::StrFormat("%s of the rows of `%s` changed since ANALYZE",
                                Percent(std::min(1.0, modified / rows)), table_name),
        table_name,
        absl::StrFormat("%s rows, %s changed since ANALYZE", Grouped(static_cast<uint64_t>(rows)),
                        Grouped(static_cast<uint64_t>(modified))));
    finding.On(table_name).Measure("modified_rows", modified, "rows");
    if (last != 0) {
      finding.Note(absl::StrFormat("last analyzed %s before", HumanMs(AgeMs(*snapshot, last))));
    }
    finding.Offer(RunOnServer(absl::StrFormat("ANALYZE %s;", QuoteName(name))));
    if (!never && rows >= 100'000 &&
        TableOption(table, "autovacuum_analyze_scale_factor",
                    snapshot->Setting("autovacuum_analyze_scale_factor", 0.1)) > 0.02) {
      finding.Offer(RunOnServer(absl::StrFormat(
          "ALTER TABLE %s SET (autovacuum_analyze_scale_factor = 0.02);", QuoteName(name))));
    }
    finding.Help("run ANALYZE: it blocks neither readers nor writers");
  }
}

}  // namespace

extern constinit const Rule kOutdatedTableStatistics = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::outdated_table_statistics
