// SRV008 bloated-table: a table's file is much larger than its rows need.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::bloated_table {
namespace {

constexpr RuleOption kOptions[] = {
    {"wasted_bytes_min", 10'485'760, "Bytes from which on a table is reported"},
    {"wasted_share_min", 0.4, "Wasted bytes, of the table, from which on it is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV008",
    .name = "bloated-table",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 0},
    .fix = FixSafety::kDisplay,
    .summary = "a table takes far more space than its rows need",
    .why = R"md(
`VACUUM` makes the space of dead rows free for new ones, but gives it back to the system only at a table's end. A
table that once held many dead rows stays large: sequential scans, caches and backups pay for it. The
figure is an estimate, from the widths that `ANALYZE` has seen.
)md",
    .instead = R"md(
Cure what made it grow first: long transactions, rare autovacuum, mass updates in one go. Then have the table
written anew: `pg_repack` or `pg_squeeze` do it beside the running application; `VACUUM FULL` locks everyone out while it
runs.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "block_size": 8192,
"tables": [{"schema": "public", "name": "events", "relkind": "r", "bytes": 819200000, "reltuples": 1000000,
"live_tuples": 1000000, "dead_tuples": 0}], "columns": [{"schema": "public", "table": "events", "column": "id",
"type": "bigint", "avg_width": 8, "null_frac": 0}]})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "block_size": 8192,
"tables": [{"schema": "public", "name": "events", "relkind": "r", "bytes": 40960000, "reltuples": 1000000,
"live_tuples": 1000000, "dead_tuples": 0}], "columns": [{"schema": "public", "table": "events", "column": "id",
"type": "bigint", "avg_width": 8, "null_frac": 0}]})",
    .options = kOptions,
});

// What the rows need: page header 24 bytes, for each row a line pointer of 4 and a header of 23
// (with the null bitmap), aligned to 8; as src/include/storage/bufpage.h and htup_details.h lay it
// out.
double NeededBytes(const Snapshot& snapshot, const TableStatistics& table,
                   const std::map<std::string, ColumnStatistics>& columns) {
  double width = 0;
  bool nulls = false;
  for (const auto& [name, column] : columns) {
    if (column.width < 0) return -1;
    const double null_fraction = std::max(0.0, column.null_fraction);
    width += (1 - null_fraction) * column.width;
    nulls = nulls || null_fraction > 0;
  }
  const double bitmap = nulls ? std::ceil(static_cast<double>(columns.size()) / 8) : 0;
  const double header = std::ceil((23 + bitmap) / 8) * 8;
  // Columns are aligned too: on average that costs some bytes a row.
  const double padding = 1.5 * static_cast<double>(columns.size());
  const double row = 4 + header + std::ceil((width + padding) / 8) * 8;
  const double fill = std::clamp(TableOption(table, "fillfactor", 100), 10.0, 100.0) / 100;
  const double rows_of_page = std::max(1.0, std::floor((snapshot.block_size - 24) * fill / row));
  const double rows = std::max(table.live_tuples, 0.0);
  return std::ceil(rows / rows_of_page) * snapshot.block_size;
}

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  for (const auto& [name, table] : snapshot->tables) {
    if ((table.kind != 'r' && table.kind != 'm') || table.bytes <= 0) continue;
    const auto columns = snapshot->columns.find(name);
    if (columns == snapshot->columns.end() || columns->second.empty()) continue;
    const double needed = NeededBytes(*snapshot, table, columns->second);
    if (needed < 0) continue;
    const double wasted = table.bytes - needed;
    if (wasted < pass.option(kInfo, "wasted_bytes_min") ||
        wasted < pass.option(kInfo, "wasted_share_min") * table.bytes) {
      continue;
    }
    Finding& finding = ReportState(
        kInfo, pass,
        absl::StrFormat("about %s of the %s of `%s` are free or dead", HumanBytes(wasted),
                        HumanBytes(table.bytes), name.ToString()),
        name.ToString(),
        absl::StrFormat("%s rows need about %s",
                        Grouped(static_cast<uint64_t>(std::max(0.0, table.live_tuples))),
                        HumanBytes(needed)));
    finding.On(name.ToString());
    finding.Measure("wasted_bytes", wasted, "bytes")
        .Measure("wasted_share", wasted / table.bytes, "1");
    if (table.dead_tuples > 0) {
      finding.Note(absl::StrFormat("%s rows are dead: VACUUM makes their space free for new rows",
                                   Grouped(static_cast<uint64_t>(table.dead_tuples))));
    }
    finding.Offer(RunOnServer(absl::StrFormat("VACUUM FULL %s;", QuoteName(name))));
    finding.Help(
        "pg_repack writes the table anew while it is used; VACUUM FULL locks everyone out");
  }
}

}  // namespace

extern constinit const Rule kBloatedTable = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::bloated_table
