// SRV013 low-cache-hit-ratio: blocks are read from outside of shared_buffers too often.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::low_cache_hit_ratio {
namespace {

constexpr RuleOption kOptions[] = {
    {"hit_share_min", 0.9, "Blocks found in shared_buffers, of all, below which it is reported"},
    {"blocks_min", 100'000, "Blocks from which on the share says something"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV013",
    .name = "low-cache-hit-ratio",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .summary = "many blocks are not found in shared_buffers",
    .why = R"md(
A block that is not in `shared_buffers` comes from the system's cache, or from the disk: ten to a thousand times
slower. A low share means that the data in use does not fit, or that statements read far more than they need.
)md",
    .instead = R"md(
Look at the tables with the most reads first: an index often saves more than memory. Then raise `shared_buffers`,
up to a quarter of the machine's memory.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "database": "shop",
"database_stats": {"blks_hit": 1000000, "blks_read": 1000000}})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "database": "shop",
"database_stats": {"blks_hit": 99000000, "blks_read": 1000000}})",
    .options = kOptions,
});

void CheckState(EvidencePass& pass) {
  if (pass.evidence().snapshot() == nullptr) return;
  const CounterWindow window(pass.evidence().snapshots);
  const auto grown = [&](const char* name) {
    return window.Grown([name](const Snapshot& of) {
      const auto found = of.database_counters.find(name);
      return found == of.database_counters.end() ? -1 : found->second;
    });
  };
  const double hit = grown("blks_hit");
  const double read = grown("blks_read");
  if (hit < 0 || read < 0 || hit + read < pass.option(kInfo, "blocks_min")) return;
  const double share = hit / (hit + read);
  if (share >= pass.option(kInfo, "hit_share_min")) return;
  const Snapshot& snapshot = window.newest();
  Finding& finding = ReportState(
      kInfo, pass, absl::StrFormat("%s of the blocks are found in shared_buffers", Percent(share)),
      snapshot.database,
      absl::StrFormat("%s blocks hit, %s read", Grouped(static_cast<uint64_t>(hit)),
                      Grouped(static_cast<uint64_t>(read))));
  finding.Measure("hit_share", share, "1");
  std::vector<std::pair<double, const QualifiedName*>> readers;
  for (const auto& [name, table] : snapshot.tables) {
    const double blocks = std::max(0.0, table.heap_read) + std::max(0.0, table.index_read);
    if (blocks > 0) readers.emplace_back(-blocks, &name);
  }
  std::stable_sort(readers.begin(), readers.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (size_t i = 0; i < readers.size() && i < 3; ++i) {
    finding.Note(absl::StrFormat("`%s`: %s blocks read", readers[i].second->ToString(),
                                 Grouped(static_cast<uint64_t>(-readers[i].first))));
  }
  const double shared = snapshot.SettingBytes("shared_buffers", -1);
  if (shared > 0) finding.Note("shared_buffers is " + MemorySetting(shared));
  finding.Help("look for missing indexes on these tables, then raise shared_buffers");
}

}  // namespace

extern constinit const Rule kLowCacheHitRatio = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::low_cache_hit_ratio
