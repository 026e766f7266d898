// SRV037 session-noise: statements that only set up or clean up sessions.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/traffic/traffic_rule.h"

namespace pgsift::session_noise {
namespace {

constexpr RuleOption kOptions[] = {
    {"calls_min", 100, "Such statements from which on it is reported"},
    {"share_min", 0.2, "Such statements, of all"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV037",
    .name = "session-noise",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {8, 3},
    .summary = "many statements only test, set up or reset their session",
    .why = R"md(
Pools and drivers send `DISCARD ALL`, `RESET`, `SET`, `SHOW`, `SELECT 1`, `DEALLOCATE` around each use of a connection. Each is a round
trip of its own; together they can be as many as the statements that do the work. `DISCARD ALL` also throws
prepared plans away.
)md",
    .instead = R"md(
Let the pool test connections only when they were idle for long; set what is the same for all with `ALTER ROLE … SET` or as a
connection option; with pgbouncer in transaction mode leave `server_reset_query` to session mode.
)md",
    .bad =
        "[x100] 2024-05-01 10:00:00.{n} UTC [1] LOG:  duration: 0.1 ms  statement: DISCARD ALL\n",
    .good = "2024-05-01 10:00:00.100 UTC [1] LOG:  duration: 0.1 ms  statement: DISCARD ALL\n",
    .options = kOptions,
});

bool IsNoise(const QueryStats& query) {
  for (const char* word : {"discard", "reset", "set", "show", "deallocate"}) {
    if (IsCommand(query, word)) return true;
  }
  return query.query == "SELECT $1" || query.query == "select $1" || query.query == "SELECT 1";
}

void CheckLog(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  const WorkloadTotals& totals = pass.evidence().workload->totals();
  std::vector<const QueryStats*> noise;
  uint64_t calls = 0;
  int64_t us = 0;
  for (const QueryStats& query : totals.queries) {
    if (!IsNoise(query)) continue;
    noise.push_back(&query);
    calls += query.calls;
    us += query.total_us;
  }
  const double share =
      static_cast<double>(calls) / std::max(1.0, static_cast<double>(totals.statements));
  if (static_cast<double>(calls) < pass.option(kInfo, "calls_min") ||
      share < pass.option(kInfo, "share_min")) {
    return;
  }
  std::stable_sort(noise.begin(), noise.end(),
                   [](const QueryStats* a, const QueryStats* b) { return a->calls > b->calls; });
  Finding& finding =
      ReportTraffic(kInfo, pass, noise.front()->example_place, *noise.front(),
                    absl::StrFormat("%.0f %% of the statements only test, set up or reset sessions",
                                    100 * share));
  finding.cost_ms = static_cast<double>(us) / 1000;
  finding.Measure("calls", static_cast<double>(calls), "1").Measure("share", share, "1");
  for (size_t i = 0; i < noise.size() && i < 4; ++i) {
    finding.Note(
        absl::StrFormat("%s times: %s", Grouped(noise[i]->calls), OneLine(noise[i]->query, 120)));
  }
  finding.Help("set defaults with ALTER ROLE … SET, and test connections less often");
}

}  // namespace

extern constinit const Rule kSessionNoise = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::session_noise
