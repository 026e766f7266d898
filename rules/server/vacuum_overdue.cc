// SRV006 vacuum-overdue: dead rows that autovacuum should have removed.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::vacuum_overdue {
namespace {

constexpr RuleOption kOptions[] = {
    {"dead_rows_min", 1000, "Dead rows from which on a table is reported"},
    {"share_min", 0.1, "Dead rows, of all, from which on it is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV006",
    .name = "vacuum-overdue",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .fix = FixSafety::kDisplay,
    .summary = "a table holds many dead rows that VACUUM has not removed",
    .why = R"md(
`UPDATE` and `DELETE` leave old row versions behind. Until `VACUUM` removes them every scan reads them, and
new rows cannot use their space: the table and its indexes grow. Autovacuum comes when dead rows
reach `autovacuum_vacuum_threshold` + `autovacuum_vacuum_scale_factor` × rows: for a large table, late.
)md",
    .instead = R"md(
`VACUUM (ANALYZE)` the table once, and give it a smaller `autovacuum_vacuum_scale_factor`, so that autovacuum
comes in time from then on. Look for what held it back: long transactions, replication slots, or autovacuum
being off.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "tables": [{"schema":
"public", "name": "orders", "relkind": "r", "reltuples": 100000, "live_tuples": 100000,
"dead_tuples": 60000}]})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "tables": [{"schema":
"public", "name": "orders", "relkind": "r", "reltuples": 100000, "live_tuples": 100000,
"dead_tuples": 900}]})",
    .options = kOptions,
});

// The scale factor that brings autovacuum at a tenth of what is dead now, between 0.5 % and 10 %.
double BetterScale(const TableStatistics& table) {
  const double rows = std::max(table.rows, 1.0);
  const double wanted = std::clamp(table.dead_tuples / 10 / rows, 0.005, 0.1);
  return std::floor(wanted * 1000) / 1000;
}

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  for (const auto& [name, table] : snapshot->tables) {
    if (table.kind != 'r' && table.kind != 'm') continue;
    const double all = table.live_tuples + table.dead_tuples;
    if (table.dead_tuples < pass.option(kInfo, "dead_rows_min") || all <= 0) continue;
    const double threshold = AutovacuumThreshold(*snapshot, table);
    const double share = table.dead_tuples / all;
    if (share < pass.option(kInfo, "share_min")) continue;
    const bool off = TableOption(table, "autovacuum_enabled", 1) == 0 ||
                     std::find(table.options.begin(), table.options.end(),
                               "autovacuum_enabled=false") != table.options.end() ||
                     std::find(table.options.begin(), table.options.end(),
                               "autovacuum_enabled=off") != table.options.end();
    Finding& finding = ReportState(
        kInfo, pass,
        absl::StrFormat("%s of the rows of `%s` are dead", Percent(share), name.ToString()),
        name.ToString(),
        absl::StrFormat("%s live rows, %s dead; autovacuum comes at %s",
                        Grouped(static_cast<uint64_t>(std::max(0.0, table.live_tuples))),
                        Grouped(static_cast<uint64_t>(table.dead_tuples)),
                        Grouped(static_cast<uint64_t>(threshold))));
    finding.On(name.ToString());
    finding.Measure("dead_rows", table.dead_tuples, "rows").Measure("dead_share", share, "1");
    const double since = AgeMs(*snapshot, std::max(table.last_vacuum_us, table.last_autovacuum_us));
    finding.Note(since < 0 ? "never vacuumed since the statistics were reset"
                           : absl::StrFormat("last vacuumed %s before", HumanMs(since)));
    const std::string sql = QuoteName(name);
    if (off) {
      finding.Note("autovacuum is switched off for the table");
      finding.Offer(
          RunOnServer(absl::StrFormat("ALTER TABLE %s SET (autovacuum_enabled = true);", sql)));
    } else if (table.dead_tuples > threshold) {
      finding.Note(
          "autovacuum's threshold is passed: it has not come yet, or could not remove them");
    }
    finding.Offer(RunOnServer(absl::StrFormat("VACUUM (ANALYZE) %s;", sql)));
    const double scale = TableOption(table, "autovacuum_vacuum_scale_factor",
                                     snapshot->Setting("autovacuum_vacuum_scale_factor", 0.2));
    if (const double better = BetterScale(table); better < scale) {
      finding.Offer(RunOnServer(absl::StrFormat(
          "ALTER TABLE %s SET (autovacuum_vacuum_scale_factor = %g);", sql, better)));
    }
    finding.Help("run VACUUM, and let autovacuum come earlier for this table");
  }
}

}  // namespace

extern constinit const Rule kVacuumOverdue = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::vacuum_overdue
