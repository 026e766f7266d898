// SRV028 backends-write-blocks: sessions write out pages themselves, to make room.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::backends_write_blocks {
namespace {

constexpr RuleOption kOptions[] = {
    {"write_share_min", 0.3, "Blocks that sessions write, of all, from which on it is reported"},
    {"writes_min", 10'000, "Blocks written by sessions from which on the share says something"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV028",
    .name = "backends-write-blocks",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {16, 0},
    .summary = "statements wait while they write changed blocks of others",
    .why = R"md(
A statement that needs a buffer takes one that was not used for long. If its block was changed, the statement first writes it
out. That is the work of the checkpointer and the background writer; where sessions do much of it, the buffers are too few, or
the background writer is too slow.
)md",
    .instead = R"md(
Raise `shared_buffers` if the machine has the memory; let the background writer do more: `bgwriter_lru_maxpages`,
`bgwriter_lru_multiplier`, a shorter `bgwriter_delay`.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "io": [
{"backend_type": "client backend", "object": "relation", "context": "normal", "writes": 50000},
{"backend_type": "checkpointer", "object": "relation", "context": "normal", "writes": 50000}]})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "io": [
{"backend_type": "client backend", "object": "relation", "context": "normal", "writes": 500},
{"backend_type": "checkpointer", "object": "relation", "context": "normal", "writes": 50000}]})",
    .options = kOptions,
});

// What processes of one kind wrote of tables and indexes through shared_buffers; bulk writes and
// VACUUM have buffers of their own and are meant to write.
double Writes(const Snapshot& snapshot, std::string_view backend) {
  double writes = -1;
  for (const IoStatistics& io : snapshot.io) {
    if (io.object != "relation" || io.context != "normal" || io.writes < 0) continue;
    if (!backend.empty() && io.backend_type != backend) continue;
    writes = (writes < 0 ? 0 : writes) + io.writes;
  }
  return writes;
}

void CheckState(EvidencePass& pass) {
  if (pass.evidence().snapshot() == nullptr) return;
  const CounterWindow window(pass.evidence().snapshots);
  const double all = window.Grown([](const Snapshot& of) { return Writes(of, ""); });
  const double own = window.Grown([](const Snapshot& of) { return Writes(of, "client backend"); });
  if (own < pass.option(kInfo, "writes_min") || all <= 0) return;
  const double share = own / all;
  if (share < pass.option(kInfo, "write_share_min")) return;
  const Snapshot& snapshot = window.newest();
  Finding& finding = ReportState(
      kInfo, pass,
      absl::StrFormat("sessions write %s of the blocks that leave shared_buffers", Percent(share)),
      "pg_stat_io",
      absl::StrFormat("client backends wrote %s blocks of %s", Grouped(static_cast<uint64_t>(own)),
                      Grouped(static_cast<uint64_t>(all))));
  finding.Measure("write_share", share, "1").Measure("writes", own, "1");
  const double shared = snapshot.SettingBytes("shared_buffers", -1);
  if (shared > 0) finding.Note("shared_buffers is " + MemorySetting(shared));
  const double pages = snapshot.Setting("bgwriter_lru_maxpages", -1);
  if (pages >= 0) {
    finding.Note(absl::StrFormat("bgwriter_lru_maxpages is %.0f", pages));
    const double more = std::max(1000.0, pages * 4);
    if (pages < more) {
      finding.Offer(
          RunOnServer(absl::StrFormat("ALTER SYSTEM SET bgwriter_lru_maxpages = %.0f;", more)));
    }
  }
  finding.Help("let the background writer do more, or raise shared_buffers");
}

}  // namespace

extern constinit const Rule kBackendsWriteBlocks = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::backends_write_blocks
