// SRV016 sequence-near-end: a sequence, or the column it fills, that is running out of numbers.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::sequence_near_end {
namespace {

constexpr RuleOption kOptions[] = {
    {"used_share_min", 0.5, "Numbers used, of all, from which on it is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV016",
    .name = "sequence-near-end",
    .category = Category::kOperations,
    .severity = Severity::kError,
    .since_pg = {10, 0},
    .summary = "a sequence, or the integer column that it fills, runs out of numbers",
    .why = R"md(
When the last number is used, every `INSERT` fails: `nextval: reached maximum value of sequence`, or `integer out of
range`. The way out, a wider column, writes the whole table anew under a lock: not something to do in that hour.
)md",
    .instead = R"md(
Widen the column to `bigint` in time, step by step: new column, trigger that keeps it filled, backfill in batches, swap;
`pgsift rewrite` writes such migrations. A `bigint` sequence on an `integer` column does not help.
)md",
    .bad =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "sequences": [{"schema":
"public", "name": "orders_id_seq", "type": "integer", "last_value": 1900000000, "max_value": 2147483647,
"owner_schema": "public", "owner_table": "orders", "owner_column": "id", "owner_type": "integer"}]})",
    .good =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "sequences": [{"schema":
"public", "name": "orders_id_seq", "type": "bigint", "last_value": 1900000000, "max_value":
9223372036854775807, "owner_schema": "public", "owner_table": "orders", "owner_column": "id",
"owner_type": "bigint"}]})",
    .options = kOptions,
});

double LargestOf(const std::string& type) {
  if (type == "smallint") return 32'767;
  if (type == "integer") return 2'147'483'647;
  return 9.223372036854775e18;
}

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  for (const auto& [name, sequence] : snapshot->sequences) {
    if (sequence.last_value < 0 || sequence.cycles || sequence.increment <= 0) continue;
    double end = sequence.max_value > 0 ? sequence.max_value : LargestOf(sequence.type);
    const bool narrow = !sequence.owner_type.empty() && LargestOf(sequence.owner_type) < end;
    if (narrow) end = LargestOf(sequence.owner_type);
    const double used = std::min(1.0, sequence.last_value / end);
    if (used < pass.option(kInfo, "used_share_min")) continue;
    Finding& finding = ReportState(
        kInfo, pass,
        absl::StrFormat("`%s` has used %s of its numbers", name.ToString(), Percent(used)),
        name.ToString(), absl::StrFormat("last value %.0f of %.0f", sequence.last_value, end));
    finding.severity =
        used >= 0.8 ? finding.severity : std::min(finding.severity, Severity::kWarning);
    finding.Measure("used_share", used, "1");
    finding.Measure("numbers_left", std::max(0.0, end - sequence.last_value), "1");
    if (!sequence.owner_table.empty()) {
      finding.On(sequence.owner_table.ToString());
      finding.Note(absl::StrFormat("it fills `%s.%s`, of type %s", sequence.owner_table.ToString(),
                                   sequence.owner_column, sequence.owner_type));
    }
    finding.Help("widen the column to bigint in steps, before the numbers end");
  }
}

}  // namespace

extern constinit const Rule kSequenceNearEnd = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::sequence_near_end
