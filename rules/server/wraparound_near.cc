// SRV009 wraparound-near: old rows that must be frozen before transaction ids run out.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::wraparound_near {
namespace {

constexpr RuleOption kOptions[] = {
    {"share_min", 0.25, "Age of the oldest row, of what transaction ids allow, to report"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV009",
    .name = "wraparound-near",
    .category = Category::kOperations,
    .severity = Severity::kError,
    .since_pg = {9, 5},
    .fix = FixSafety::kDisplay,
    .summary = "rows are so old that transaction ids may run out",
    .why = R"md(
A transaction id has 32 bits. Rows must be frozen before they are 2.1 billion transactions old, else the server
stops taking commands that need an id, to keep rows from vanishing. `VACUUM` freezes; it falls behind where it
is switched off, too slow, or held back by an old transaction, slot or prepared transaction.
)md",
    .instead = R"md(
Find what holds it back, end it, then `VACUUM (FREEZE)` the oldest tables, largest age first. Leave
autovacuum on, and raise `autovacuum_vacuum_cost_limit` so that it keeps up.
)md",
    .bad = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "tables": [{"schema":
"public", "name": "orders", "relkind": "r", "live_tuples": 1000, "xid_age": 1400000000}]})",
    .good = R"({"pgsift_snapshot": 1, "taken_at": "2026-01-01T00:00:00+00:00", "tables": [{"schema":
"public", "name": "orders", "relkind": "r", "live_tuples": 1000, "xid_age": 140000000}]})",
    .options = kOptions,
});

// Transactions a day, by two exports of one server or since its statistics were reset; 0: not
// known.
double TransactionsPerDay(const CounterWindow& window) {
  const auto count = [](const Snapshot& of) {
    const auto found = of.database_counters.find("xact_commit");
    return found == of.database_counters.end() ? -1 : found->second;
  };
  const Snapshot& newest = window.newest();
  const int64_t from = window.oldest() != nullptr ? window.oldest()->taken_us
                       : newest.reset_us != 0     ? newest.reset_us
                                                  : newest.started_us;
  const double ms = AgeMs(newest, from);
  const double transactions = window.Grown(count);
  return ms <= 0 || transactions <= 0 ? 0 : transactions / ms * 86'400'000;
}

void CheckState(EvidencePass& pass) {
  const Snapshot* snapshot = pass.evidence().snapshot();
  if (snapshot == nullptr) return;
  constexpr size_t kTablesMax = 20;
  std::vector<std::pair<double, const QualifiedName*>> oldest;
  for (const auto& [name, table] : snapshot->tables) {
    if (table.xid_age >= pass.option(kInfo, "share_min") * kWraparoundAge) {
      oldest.emplace_back(-table.xid_age, &name);
    }
  }
  std::stable_sort(oldest.begin(), oldest.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  if (oldest.size() > kTablesMax) oldest.resize(kTablesMax);
  const double per_day = TransactionsPerDay(CounterWindow(pass.evidence().snapshots));
  for (const auto& [age, name] : oldest) {
    Finding& finding = ReportState(
        kInfo, pass,
        absl::StrFormat("`%s` holds rows %s transactions old: %s of what is possible",
                        name->ToString(), Grouped(static_cast<uint64_t>(-age)),
                        Percent(-age / kWraparoundAge)),
        name->ToString(),
        absl::StrFormat("age of relfrozenxid %s", Grouped(static_cast<uint64_t>(-age))));
    finding.On(name->ToString()).Measure("xid_age", -age, "transactions");
    if (per_day > 0) {
      const double days = (kWraparoundAge + age) / per_day;
      finding.Measure("days_left", days, "days");
      finding.Note(absl::StrFormat(
          "at %s transactions a day, which read-only ones may be part of, %.0f days are left",
          Grouped(static_cast<uint64_t>(per_day)), std::max(0.0, days)));
    }
    finding.Offer(RunOnServer(absl::StrFormat("VACUUM (FREEZE) %s;", QuoteName(*name))));
    finding.Help(
        "end what holds VACUUM back first: old transactions, slots, prepared transactions");
  }
}

void CheckLog(EvidencePass& pass) {
  if (const EventStats* events = EventsOf(pass, Event::kWraparound)) {
    ReportEvents(kInfo, *events, pass, "the server warns that transaction ids run out")
        .Help("VACUUM the whole database that the message names, as a superuser");
  }
  CheckState(pass);
}

}  // namespace

extern constinit const Rule kWraparoundNear = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::wraparound_near
