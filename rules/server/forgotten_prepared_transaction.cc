// SRV018 forgotten-prepared-transaction: a two-phase transaction that nobody ends.

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::forgotten_prepared_transaction {
namespace {

constexpr RuleOption kOptions[] = {
    {"age_min_ms", 300'000, "Age from which on it is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV018",
    .name = "forgotten-prepared-transaction",
    .category = Category::kOperations,
    .severity = Severity::kError,
    .since_pg = {8, 1},
    .fix = FixSafety::kDisplay,
    .summary = "a prepared transaction is neither committed nor rolled back",
    .why = R"md(
A prepared transaction keeps its locks and holds `VACUUM` back, also when its session is gone and the server was
started anew. No session shows it; only `pg_prepared_xacts` does.
)md",
    .instead = R"md(
Ask the transaction manager that made it what became of it, then `COMMIT PREPARED` or `ROLLBACK PREPARED`. Keep
`max_prepared_transactions` at 0 where nothing uses two-phase commit.
)md",
    .bad =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-02T00:00:00+00:00", "prepared_transactions":
[{"gid": "pay-1", "prepared": "2026-01-01T00:00:00+00:00", "owner": "app", "database": "shop",
"xid_age": 90000}]})",
    .good =
        R"({"pgsift_snapshot": 1, "taken_at": "2026-01-02T00:00:00+00:00", "prepared_transactions":
[{"gid": "pay-1", "prepared": "2026-01-01T23:59:59+00:00", "owner": "app", "database": "shop",
"xid_age": 1}]})",
    .options = kOptions,
});

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  for (const PreparedTransaction& prepared : snapshot->prepared) {
    const double age = AgeMs(*snapshot, prepared.prepared_us);
    if (age < pass.option(kInfo, "age_min_ms")) continue;
    Finding& finding =
        ReportState(kInfo, pass,
                    absl::StrFormat("prepared transaction '%s' has been open for %s", prepared.id,
                                    HumanMs(age)),
                    prepared.id,
                    absl::StrFormat("by %s in %s, %.0f transactions old", prepared.owner,
                                    prepared.database, prepared.xid_age));
    finding.Measure("age_ms", age, "ms");
    finding.Offer(RunOnServer("ROLLBACK PREPARED " + QuoteLiteral(prepared.id) + ";"));
    finding.Help("COMMIT PREPARED or ROLLBACK PREPARED, as its transaction manager says");
  }
}

}  // namespace

extern constinit const Rule kForgottenPreparedTransaction = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::forgotten_prepared_transaction
