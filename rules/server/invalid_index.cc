// SRV017 invalid-index: an index that costs every write and serves no query.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::invalid_index {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "SRV017",
    .name = "invalid-index",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {12, 0},  // The release that brought REINDEX CONCURRENTLY.
    .fix = FixSafety::kDisplay,
    .summary = "an index is invalid: every write keeps it, no query uses it",
    .why = R"md(
`CREATE INDEX CONCURRENTLY` or `REINDEX CONCURRENTLY` that fails leaves an invalid index behind. Queries do not use it,
but every `INSERT` and `UPDATE` writes into it, and an invalid unique index still refuses rows.
)md",
    .instead = R"md(
Build it anew with `REINDEX INDEX CONCURRENTLY`, or drop it with `DROP INDEX CONCURRENTLY` if it is one that a
REINDEX left over (`…_ccnew`, `…_ccold`). Look in the log why the build failed: a duplicate, a deadlock, a timeout.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "indexes": [{"schema":
"public", "name": "orders_note_idx", "table": "orders", "bytes": 81920, "is_valid": false, "is_ready": true}]})",
    .good =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "indexes": [{"schema":
"public", "name": "orders_note_idx", "table": "orders", "bytes": 81920, "is_valid": true, "is_ready": true}]})",
});

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  for (const auto& [name, index] : snapshot->indexes) {
    if (index.valid && index.ready) continue;
    // A build that is at work looks the same.
    bool building = false;
    for (const SessionState& session : snapshot->activity) {
      const std::string query = Lower(session.query);
      building = building ||
                 (session.state == "active" && query.find("concurrently") != std::string::npos &&
                  query.find("index") != std::string::npos);
    }
    const bool left_over = name.name.find("_ccnew") != std::string::npos ||
                           name.name.find("_ccold") != std::string::npos;
    Finding& finding = ReportState(
        kInfo, pass, absl::StrFormat("index `%s` is invalid", name.ToString()), name.ToString(),
        absl::StrFormat("indisvalid %s, indisready %s, %s", index.valid ? "true" : "false",
                        index.ready ? "true" : "false", HumanBytes(index.bytes)));
    finding.On(index.table.ToString());
    if (building) {
      finding.Note(
          "a CONCURRENTLY build was at work when the statistics were taken: it may be its "
          "own");
      continue;
    }
    finding.Offer(RunOnServer(absl::StrFormat(
        left_over ? "DROP INDEX CONCURRENTLY %s;" : "REINDEX INDEX CONCURRENTLY %s;",
        QuoteName(name))));
    finding.Help(left_over ? "drop it: a REINDEX CONCURRENTLY left it over"
                           : "build it anew, or drop it if nothing needs it");
  }
}

}  // namespace

extern constinit const Rule kInvalidIndex = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::invalid_index
