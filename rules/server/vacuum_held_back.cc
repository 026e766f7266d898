// SRV010 vacuum-held-back: dead rows that VACUUM may not remove, and who keeps it from it.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::vacuum_held_back {
namespace {

constexpr RuleOption kOptions[] = {
    {"kept_rows_min", 1000, "Dead rows that a vacuum had to keep, to report"},
    {"cancels_min", 3, "Autovacuums that gave way to a lock, to report"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV010",
    .name = "vacuum-held-back",
    .category = Category::kOperations,
    .severity = Severity::kWarning,
    .since_pg = {9, 5},
    .summary = "VACUUM runs, and cannot remove dead rows or cannot finish",
    .why = R"md(
`VACUUM` may only remove what no open transaction could still see. One session that is open for hours, a
replication slot that no one reads or a forgotten prepared transaction keeps all dead rows of the database.
And autovacuum gives way to whoever wants a lock that conflicts with it: where that happens again and
again, it never gets to the end.
)md",
    .instead = R"md(
End the transaction, slot or prepared transaction that is the oldest. Set `idle_in_transaction_session_timeout`.
Where locks cancel autovacuum: find what takes them (`ALTER TABLE`, `LOCK`, `TRUNCATE` from jobs), or vacuum the
table yourself when it is quiet.
)md",
    .bad = "2024-05-01 10:00:00.000 UTC [101] LOG:  automatic vacuum of table "
           "\"shop.public.orders\": index scans: 0\n"
           "\tpages: 0 removed, 900 remain, 900 scanned (100.00% of total)\n"
           "\ttuples: 0 removed, 90000 remain, 40000 are dead but not yet removable\n"
           "\tsystem usage: CPU: user: 0.01 s, system: 0.00 s, elapsed: 0.01 s\n",
    .good = "2024-05-01 10:00:00.000 UTC [101] LOG:  automatic vacuum of table "
            "\"shop.public.orders\": index scans: 1\n"
            "\tpages: 0 removed, 900 remain, 900 scanned (100.00% of total)\n"
            "\ttuples: 40000 removed, 50000 remain, 0 are dead but not yet removable\n"
            "\tsystem usage: CPU: user: 0.01 s, system: 0.00 s, elapsed: 0.01 s\n",
    .options = kOptions,
});

// Who holds the oldest snapshot, as the statistics show it.
void NameHolders(const Snapshot& snapshot, Finding* finding) {
  const SessionState* oldest = nullptr;
  for (const SessionState& session : snapshot.activity) {
    if (session.xmin_age >= 0 && (oldest == nullptr || session.xmin_age > oldest->xmin_age)) {
      oldest = &session;
    }
  }
  if (oldest != nullptr && oldest->transaction_start_us != 0) {
    finding->Note(absl::StrFormat("the oldest transaction is of process %d (%s, %s), open for %s",
                                  oldest->pid, oldest->application, oldest->state,
                                  HumanMs(AgeMs(snapshot, oldest->transaction_start_us))));
  }
  for (const ReplicationSlot& slot : snapshot.slots) {
    if (std::max(slot.xmin_age, slot.catalog_xmin_age) > 0 && !slot.active) {
      finding->Note(absl::StrFormat("replication slot \"%s\" holds rows back, and no one reads it",
                                    slot.name));
    }
  }
  for (const PreparedTransaction& prepared : snapshot.prepared) {
    finding->Note(absl::StrFormat("prepared transaction '%s' holds rows back", prepared.id));
  }
}

void CheckLog(EvidencePass& pass) {
  const Workload* workload = pass.evidence().workload;
  if (workload == nullptr) return;
  for (const auto& [name, table] : workload->totals().maintenance) {
    if (static_cast<double>(table.tuples_not_removable_max) < pass.option(kInfo, "kept_rows_min")) {
      continue;
    }
    const EventStats* events = EventsOf(pass, Event::kAutovacuum);
    Finding& finding = pass.Report(kInfo, Span(),
                                   absl::StrFormat("autovacuum of `%s` had to keep %s dead rows",
                                                   name, Grouped(table.tuples_not_removable_max)));
    finding.On(name.substr(name.find('.') + 1));
    finding.Measure("kept_rows", static_cast<double>(table.tuples_not_removable_max), "rows");
    if (events != nullptr && !events->examples.empty()) {
      const LogPlace& place = events->examples.front().place;
      finding.Evidence({.input = std::string(pass.evidence().sources->path(place.file)),
                        .kind = "log",
                        .ref = absl::StrFormat("line %d", place.line),
                        .text = "autovacuum's reports begin here"});
    }
    finding.Note(absl::StrFormat("%s of the table in the log", Counted(table.vacuums, "vacuum")));
    if (pass.evidence().snapshot() != nullptr) NameHolders(*pass.evidence().snapshot(), &finding);
    finding.Help("end the oldest open transaction; set idle_in_transaction_session_timeout");
  }
  const EventStats* canceled = EventsOf(pass, Event::kAutovacuumCanceled);
  if (canceled == nullptr ||
      static_cast<double>(canceled->count) < pass.option(kInfo, "cancels_min")) {
    return;
  }
  ReportEvents(kInfo, *canceled, pass,
               absl::StrFormat("autovacuum gave way to a lock %s times", Grouped(canceled->count)))
      .Help("find the jobs that lock the tables, or vacuum them when it is quiet");
}

}  // namespace

extern constinit const Rule kVacuumHeldBack = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::vacuum_held_back
