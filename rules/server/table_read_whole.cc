// SRV014 table-read-whole: a large table that is read from end to end again and again.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::table_read_whole {
namespace {

constexpr RuleOption kOptions[] = {
    {"rows_min", 10'000, "Rows from which on a table is reported"},
    {"scans_min", 20, "Sequential scans from which on it is reported"},
    {"row_share_min", 0.9, "Rows that sequential scans read, of all, from which on it is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV014",
    .name = "table-read-whole",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .summary = "a large table is mostly read from end to end",
    .why = R"md(
Most scans of the table read all of its rows. For a report that is right; for statements that want a few
rows an index is missing, or their conditions cannot use one.
)md",
    .instead = R"md(
Find the statements on the table (`pgsift logs`, pg_stat_statements) and what they filter by; `pgsift indexes` proposes
indexes for them, `pgsift plans` shows what a plan throws away.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "tables": [{"schema":
"public", "name": "orders", "relkind": "r", "reltuples": 200000, "live_tuples": 200000, "seq_scan": 500,
"seq_tup_read": 100000000, "idx_scan": 10}]})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "tables": [{"schema":
"public", "name": "orders", "relkind": "r", "reltuples": 200000, "live_tuples": 200000, "seq_scan": 50,
"seq_tup_read": 10000000, "idx_scan": 100000, "idx_tup_fetch": 900000000}]})",
    .options = kOptions,
});

// The statements of pg_stat_statements that name the table, most time first.
void NameStatements(const Snapshot& snapshot, const QualifiedName& name, Finding* finding) {
  size_t named = 0;
  for (const StatementStatistics& statement : snapshot.statements) {
    if (statement.database != snapshot.database && !statement.database.empty()) continue;
    const size_t at = Lower(statement.query).find(Lower(name.name));
    if (at == std::string::npos || statement.mean_ms < 1) continue;
    finding->Note(absl::StrFormat("%s in %s, %s each: %s", HumanMs(statement.total_ms),
                                  Counted(static_cast<uint64_t>(statement.calls), "call"),
                                  HumanMs(statement.mean_ms), OneLine(statement.query, 160)));
    if (++named == 2) return;
  }
}

void CheckState(EvidencePass& pass) {
  if (pass.evidence().snapshot() == nullptr) return;
  const CounterWindow window(pass.evidence().snapshots);
  const Snapshot& snapshot = window.newest();
  for (const auto& [name, table] : snapshot.tables) {
    if (table.kind != 'r' && table.kind != 'm') continue;
    const auto grown = [&, id = name](double TableStatistics::*field) {
      return window.Grown([&](const Snapshot& of) {
        const TableStatistics* found = of.Table(id);
        return found == nullptr ? -1 : found->*field;
      });
    };
    const double rows = std::max(table.live_tuples, table.rows);
    const double scans = grown(&TableStatistics::seq_scans);
    const double index_scans = std::max(0.0, grown(&TableStatistics::index_scans));
    const double read = grown(&TableStatistics::seq_tuples);
    if (rows < pass.option(kInfo, "rows_min") || scans < pass.option(kInfo, "scans_min")) continue;
    // A few lookups by the key do not make up for it, however many: rows are what costs.
    const double by_index = std::max(0.0, grown(&TableStatistics::index_tuples));
    const double share = read / std::max(1.0, read + by_index);
    // A scan that LIMIT ends early reads little.
    if (share < pass.option(kInfo, "row_share_min") || read < scans * rows * 0.1) continue;
    Finding& finding = ReportState(
        kInfo, pass,
        absl::StrFormat("`%s` of %s rows was read whole %s times", name.ToString(),
                        Grouped(static_cast<uint64_t>(rows)),
                        Grouped(static_cast<uint64_t>(scans))),
        name.ToString(),
        absl::StrFormat("%s sequential scans read %s rows; %s index scans",
                        Grouped(static_cast<uint64_t>(scans)), Grouped(static_cast<uint64_t>(read)),
                        Grouped(static_cast<uint64_t>(index_scans))));
    finding.On(name.ToString());
    finding.Measure("seq_scans", scans, "1").Measure("rows_read", read, "rows");
    NameStatements(snapshot, name, &finding);
    finding.Help("`pgsift indexes` proposes an index when the log or plans are given too");
  }
}

}  // namespace

extern constinit const Rule kTableReadWhole = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::table_read_whole
