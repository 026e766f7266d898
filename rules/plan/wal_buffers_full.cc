// PLN065 wal-buffers-full: WAL buffers were full: the query had to write WAL itself.

#include "rules/plan/plan_rule.h"

namespace pgsift::wal_buffers_full {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "PLN065",
    .name = "wal-buffers-full",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {18, 0},
    .summary = "WAL buffers were full: the query had to write WAL itself",
    .why = R"md(
Fires when EXPLAIN (WAL) of PostgreSQL 18 counts any.
)md",
    .instead = R"md(
A larger `wal_buffers` (default: 1/32 of `shared_buffers`, at most 16 MB; needs a restart).
)md",
    .bad =
        R"text(Update on t  (cost=0.00..900.00 rows=0 width=0) (actual time=0.1..90.0 rows=0 loops=1)
  WAL: records=1000 bytes=7500000 buffers full=12
  ->  Seq Scan on t  (cost=0.00..900.00 rows=1000 width=8) (actual time=0.1..9.0 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
    .good =
        R"text(Update on t  (cost=0.00..900.00 rows=0 width=0) (actual time=0.1..90.0 rows=0 loops=1)
  WAL: records=1000 bytes=7500000
  ->  Seq Scan on t  (cost=0.00..900.00 rows=1000 width=8) (actual time=0.1..9.0 rows=1000 loops=1)
Execution Time: 91.0 ms)text",
});

void CheckPlan(const Plan& plan, EvidencePass& pass) {
  const double full = plan.nodes.front().wal.buffers_full;
  if (full <= 0) return;
  ReportPlan(kInfo, plan, 0, pass, absl::StrFormat("WAL buffers were full %s times", Count(full)))
      .Primary("the query wrote WAL itself")
      .Measure("wal_buffers_full", full, "1")
      .Help("ALTER SYSTEM SET wal_buffers = '64MB', and restart");
}

}  // namespace

extern constinit const Rule kWalBuffersFull = MakePlanRule(kInfo, &CheckPlan);

}  // namespace pgsift::wal_buffers_full
