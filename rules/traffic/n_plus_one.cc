// SRV030 n-plus-one: one query fetches a list, then one more for each of its rows.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::n_plus_one {
namespace {

constexpr RuleOption kOptions[] = {
    {"calls_min", 20, "Calls of the repeated query, in runs, from which on it is reported"},
    {"parent_share_min", 0.3, "Calls of the first query, of all, that such a run must follow"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV030",
    .name = "n-plus-one",
    .category = Category::kPerformance,
    .severity = Severity::kWarning,
    .since_pg = {8, 4},
    .fix = FixSafety::kDisplay,
    .summary = "after one query, another runs again and again with a changing key",
    .why = R"md(
The application fetches a list, then asks for each row of it by itself: 1 + N round trips instead of one or two. Each
is fast; together they are what a page waits for, and most of the time goes to the network and the
application's own work between them.
)md",
    .instead = R"md(
Fetch all in one statement: a `JOIN`, `= ANY($1)` with the list of keys, or `LATERAL` where each key needs a `LIMIT` of its
own. ORMs call it eager loading: `includes`, `select_related`, `prefetch_related`, `JOIN FETCH`.
)md",
    .bad = "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.5 ms  statement: SELECT * FROM "
           "orders WHERE day = 1\n"
           "[x20] 2024-05-01 10:00:01.{n} UTC [1] LOG:  duration: 0.2 ms  statement: SELECT * FROM "
           "items WHERE order_id = {n}\n",
    .good =
        "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.5 ms  statement: SELECT * FROM orders "
        "WHERE day = 1\n"
        "2024-05-01 10:00:00.200 UTC [1] LOG:  duration: 0.2 ms  statement: SELECT * FROM items "
        "WHERE order_id = ANY('{1,2,3}')\n",
    .options = kOptions,
});

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  const WorkloadTotals& totals = pass.evidence().workload->totals();
  for (const QueryRun& run : totals.runs) {
    const RunStats& stats = run.stats;
    if (run.parent.empty() || run.parent == run.child) continue;
    if (static_cast<double>(stats.calls) < pass.option(kInfo, "calls_min")) continue;
    // A batch job's loops, or a read that never changes, are other findings.
    if (stats.loops * 2 > stats.groups || stats.same_text_groups * 2 > stats.groups) continue;
    const QueryStats* parent = QueryById(totals, run.parent);
    const QueryStats* child = QueryById(totals, run.child);
    if (parent == nullptr || child == nullptr || !IsRead(*child) || IsHousekeeping(*child))
      continue;
    if (!IsRead(*parent) || IsHousekeeping(*parent)) continue;
    // In mixed traffic a frequent query follows any other by chance.
    if (static_cast<double>(stats.groups) <
        pass.option(kInfo, "parent_share_min") * static_cast<double>(parent->calls)) {
      continue;
    }
    const double each =
        static_cast<double>(stats.calls) / static_cast<double>(std::max<uint64_t>(stats.groups, 1));
    const double elapsed_ms = static_cast<double>(stats.elapsed_us) / 1000;
    Finding& finding = ReportTraffic(
        kInfo, pass, stats.place, *child,
        absl::StrFormat(
            "after %s the same query ran %.0f times each, with another key every time",
            stats.groups == 1 ? "one query" : Grouped(stats.groups) + " calls of a query", each));
    finding.cost_ms = elapsed_ms;
    finding.Measure("calls", static_cast<double>(stats.calls), "1");
    finding.Measure("calls_per_parent", each, "1");
    finding.Measure("elapsed_ms", elapsed_ms, "ms");
    finding.Measure("busy_ms", static_cast<double>(stats.busy_us) / 1000, "ms");
    finding.Note("first: " + OneLine(parent->query, 300));
    finding.Note("then, each time: " + OneLine(child->query, 300));
    finding.Note(
        absl::StrFormat("the runs took %s, of which the server worked %s; at most %d in one%s",
                        HumanMs(elapsed_ms), HumanMs(static_cast<double>(stats.busy_us) / 1000),
                        stats.calls_max, stats.in_transactions > 0 ? ", in transactions" : ""));
    const std::string all = ForAllKeys(child->query);
    if (!all.empty()) {
      finding.Help("one statement for all keys: " + OneLine(all, 600));
    } else {
      finding.Help("join it to the first query, or use LATERAL, so that one statement fetches all");
    }
  }
}

}  // namespace

extern constinit const Rule kNPlusOne = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::n_plus_one
