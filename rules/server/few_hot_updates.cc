// SRV015 few-hot-updates: updates that have to write into every index.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::few_hot_updates {
namespace {

constexpr RuleOption kOptions[] = {
    {"updates_min", 10'000, "Updates from which on a table is reported"},
    {"hot_share_max", 0.5, "HOT updates, of all, below which it is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV015",
    .name = "few-hot-updates",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {9, 0},
    .fix = FixSafety::kDisplay,
    .summary = "most updates of a table also write into all of its indexes",
    .why = R"md(
If no indexed column changes and the page has room, an update is HOT (heap only tuple): no index is touched, and
the old version can be cleared away without `VACUUM`. Otherwise each update writes an entry into every index: more WAL,
larger indexes, more work for `VACUUM`.
)md",
    .instead = R"md(
A `fillfactor` of 80 to 90 leaves room in each page; it holds for pages written from then on. Where an indexed column
changes often (a status, a time of change), ask whether that index is worth it.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "tables": [{"schema":
"public", "name": "carts", "relkind": "r", "live_tuples": 20000, "n_tup_upd": 900000,
"n_tup_hot_upd": 90000}]})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "tables": [{"schema":
"public", "name": "carts", "relkind": "r", "live_tuples": 20000, "n_tup_upd": 900000,
"n_tup_hot_upd": 890000}]})",
    .options = kOptions,
});

void CheckState(EvidencePass& pass) {
  if (pass.evidence().snapshot() == nullptr) return;
  const CounterWindow window(pass.evidence().snapshots);
  const Snapshot& snapshot = window.newest();
  for (const auto& [name, table] : snapshot.tables) {
    if (table.kind != 'r') continue;
    const auto grown = [&, id = name](double TableStatistics::*field) {
      return window.Grown([&](const Snapshot& of) {
        const TableStatistics* found = of.Table(id);
        return found == nullptr ? -1 : found->*field;
      });
    };
    const double updates = grown(&TableStatistics::updated);
    const double hot = grown(&TableStatistics::hot_updated);
    if (hot < 0 || updates < pass.option(kInfo, "updates_min")) continue;
    const double share = hot / updates;
    if (share >= pass.option(kInfo, "hot_share_max")) continue;
    const double fill = TableOption(table, "fillfactor", 100);
    Finding& finding = ReportState(
        kInfo, pass,
        absl::StrFormat("%s of the updates of `%s` are HOT", Percent(share), name.ToString()),
        name.ToString(),
        absl::StrFormat("%s updates, %s of them HOT; fillfactor %.0f",
                        Grouped(static_cast<uint64_t>(updates)),
                        Grouped(static_cast<uint64_t>(hot)), fill));
    finding.On(name.ToString());
    finding.Measure("hot_share", share, "1").Measure("updates", updates, "1");
    if (fill > 90) {
      finding.Offer(
          RunOnServer(absl::StrFormat("ALTER TABLE %s SET (fillfactor = 85);", QuoteName(name))));
      finding.Help("leave room in each page with a fillfactor; it holds for pages written anew");
    } else {
      finding.Help("the pages have room: an indexed column changes; is that index worth it?");
    }
  }
}

}  // namespace

extern constinit const Rule kFewHotUpdates = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::few_hot_updates
