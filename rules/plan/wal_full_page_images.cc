// PLN064 wal-full-page-images: most of the WAL are whole pages.

#include "rules/plan/plan_rule.h"

namespace pgsift::wal_full_page_images {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.5, "share of the WAL, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN064",
    .name = "wal-full-page-images",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {13, 0},
    .summary = "most of the WAL are whole pages",
    .why = R"md(
After each checkpoint the first change of a page logs the whole page. Fires when that is `share_min` of at
least 1 MB of WAL (EXPLAIN (WAL), 13 and later).
)md",
    .instead = R"md(
Checkpoints less often (`max_wal_size`, `checkpoint_timeout`); `wal_compression = on`.
)md",
    .bad =
        R"text(Update on t  (cost=0.00..900.00 rows=0 width=0) (actual time=0.1..90.0 rows=0 loops=1)
  WAL: records=1000 fpi=900 bytes=7500000
  ->  Seq Scan on t  (cost=0.00..900.00 rows=1000 width=8) (actual time=0.1..9.0 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Update on t  (cost=0.00..900.00 rows=0 width=0) (actual time=0.1..90.0 rows=0 loops=1)
  WAL: records=1000 fpi=9 bytes=1500000
  ->  Seq Scan on t  (cost=0.00..900.00 rows=1000 width=8) (actual time=0.1..9.0 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
    .options = kOptions,
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  const WalCounts& wal = plan.nodes.front().wal;
  // With wal_compression an image is smaller than its page.
  const double images = std::min(wal.bytes, wal.full_page_images * 8192);
  if (wal.bytes < 1e6 || images < pass.option(kInfo, "share_min") * wal.bytes) return;
  ReportPlan(kInfo, plan, 0, pass,
             absl::StrFormat("%s whole pages are in %s of WAL", Count(wal.full_page_images),
                             HumanBytes(wal.bytes)))
      .Primary("each page that was changed first after a checkpoint")
      .Measure("full_page_images", wal.full_page_images, "1")
      .Measure("wal_bytes", wal.bytes, "bytes")
      .Help("ALTER SYSTEM SET wal_compression = on; a larger max_wal_size makes checkpoints rarer");
}

}  // namespace

extern constinit const Rule kWalFullPageImages = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::wal_full_page_images
