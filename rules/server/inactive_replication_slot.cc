// SRV019 inactive-replication-slot: a slot that no one reads, and that keeps WAL and dead rows.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/server/server_rule.h"

namespace pgsift::inactive_replication_slot {
namespace {

constexpr RuleInfo kInfo = Checked({
    .id = "SRV019",
    .name = "inactive-replication-slot",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 6},
    .fix = FixSafety::kDisplay,
    .summary = "a replication slot is read by no one: WAL piles up",
    .why = R"md(
The server keeps all WAL that a slot has not read yet, until the disk is full and everything stops. A logical slot, or
a standby with `hot_standby_feedback`, also keeps dead rows from `VACUUM`.
)md",
    .instead = R"md(
Bring the reader back, or drop the slot with `pg_drop_replication_slot`. `max_slot_wal_keep_size` (13 and later) bounds what
a slot may keep.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "replication_slots":
[{"slot_name": "old_standby", "slot_type": "physical", "active": false, "retained_bytes": 9000000000}]})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "replication_slots":
[{"slot_name": "standby", "slot_type": "physical", "active": true, "retained_bytes": 9000}]})",
});

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  for (const ReplicationSlot& slot : snapshot->slots) {
    if (slot.active) continue;
    Finding& finding = ReportState(
        kInfo, pass,
        slot.retained_bytes > 0
            ? absl::StrFormat("replication slot \"%s\" is read by no one and keeps %s of WAL",
                              slot.name, HumanBytes(slot.retained_bytes))
            : absl::StrFormat("replication slot \"%s\" is read by no one", slot.name),
        slot.name, absl::StrFormat("%s slot, not active", slot.type));
    finding.Measure("retained_bytes", std::max(0.0, slot.retained_bytes), "bytes");
    if (std::max(slot.xmin_age, slot.catalog_xmin_age) > 0) {
      finding.Note("it keeps dead rows from VACUUM as well");
    }
    finding.Offer(RunOnServer("SELECT pg_drop_replication_slot(" + QuoteLiteral(slot.name) + ");"));
    if (pass.pg() >= PgVersion{13, 0} && snapshot->Setting("max_slot_wal_keep_size", -1) < 0) {
      finding.Help("bound what slots keep with max_slot_wal_keep_size");
    }
    finding.Help("bring its reader back, or drop the slot");
  }
}

}  // namespace

extern constinit const Rule kInactiveReplicationSlot = MakeEvidenceRule(kInfo, &CheckState);

}  // namespace pgsift::inactive_replication_slot
