// SRV026 mis-sized-pool: a pool, or max_connections, that does not fit the work.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::mis_sized_pool {
namespace {

constexpr RuleOption kOptions[] = {
    {"pool_max", 0, "Most connections of the pool, as it is set; 0: not known"},
    {"pool_min", 0, "Connections that the pool always keeps; 0: not known"},
    {"spare_times_max", 5, "Times of what is needed from which on a pool is too large"},
    {"sessions_min", 20, "Sessions at once from which on too large a pool is reported"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV026",
    .name = "mis-sized-pool",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {8, 4},
    .summary = "pools are far larger, or smaller, than the statements that run at once",
    .why = R"md(
By Little's law as many statements run at once as come by the second, times the seconds that each takes. A pool that is smaller
makes requests queue; one that is many times larger holds slots and memory for nothing, and in an overload lets
more statements at once onto the server than it has processors for.
)md",
    .instead = R"md(
Set the pool to what the 99th percentile needs, with some head room; let it shrink to the median. Sum over all instances of
the application: it must fit into `max_connections`, less `superuser_reserved_connections`.
)md",
    .bad =
        "[x60] 2024-05-01 10:00:00.{n} UTC [1{n}] LOG:  connection authorized: user=app "
        "database=shop application_name=web\n"
        "2024-05-01 10:00:30.000 UTC [1001] app@shop LOG:  duration: 1.0 ms  statement: SELECT 1 "
        "FROM a\n"
        "[x60] 2024-05-01 10:10:00.{n} UTC [1{n}] LOG:  disconnection: session time: 0:10:00.000 "
        "user=app database=shop host=10.0.0.1 port=5000\n",
    .good =
        "2024-05-01 10:00:00.001 UTC [1] LOG:  connection authorized: user=app database=shop "
        "application_name=web\n"
        "2024-05-01 10:00:00.501 UTC [1] LOG:  duration: 400.0 ms  statement: SELECT 1 FROM a\n"
        "2024-05-01 10:00:01.001 UTC [1] LOG:  disconnection: session time: 0:00:01.000 user=app "
        "database=shop host=10.0.0.1 port=5000\n",
    .options = kOptions,
});

void CheckLog(EvidencePass& pass) {
  const Workload* workload = pass.evidence().workload;
  if (workload == nullptr) return;
  HealthReport health;
  AddSessions(pass.evidence(), HealthSettings(), &health);
  double needed = 0;
  double p50 = 0;
  double most_open = 0;
  std::string list;
  for (const PoolHealth& pool : health.pools) {
    needed += static_cast<double>(pool.needed);
    p50 += pool.busy_p50;
    if (pool.needed == 0) continue;
    if (!list.empty()) list += ", ";
    list += absl::StrFormat("%s %d", pool.name.empty() ? "(unknown)" : pool.name, pool.needed);
  }
  if (needed == 0) return;
  // Connections are counted over all applications: what a line prefix calls one may be another's
  // name when it connects.
  most_open = static_cast<double>(workload->totals().connections.peak);
  const double pool_max = pass.option(kInfo, "pool_max");
  const double pool_min = pass.option(kInfo, "pool_min");
  const Snapshot* snapshot = pass.evidence().snapshot();
  const double slots = snapshot == nullptr
                           ? -1
                           : snapshot->Setting("max_connections", -1) -
                                 snapshot->Setting("superuser_reserved_connections", 3);
  const auto report = [&](std::string message, const char* help) {
    const EventStats* events = EventsOf(pass, Event::kConnectionAuthorized);
    Finding& finding = events != nullptr ? ReportEvents(kInfo, *events, pass, std::move(message))
                                         : pass.Report(kInfo, Span(), std::move(message));
    finding.Measure("needed", needed, "1").Measure("open_max", most_open, "1");
    finding.Note("needed, with head room: " + list);
    finding.Note(absl::StrFormat("pool_max = %.0f, pool_min = %.0f", std::max(needed, 1.0),
                                 std::max(1.0, std::ceil(p50))));
    finding.Help(help);
    finding.Help(absl::StrFormat(
        "in pgbouncer.ini: [pgbouncer] pool_mode = transaction, default_pool_size = %.0f, "
        "min_pool_size = %.0f, max_client_conn = %.0f",
        std::max(needed, 1.0), std::max(1.0, std::ceil(p50)),
        std::ceil(std::max(most_open, 100.0) * HealthSettings().headroom)));
    return &finding;
  };
  const double spare = pass.option(kInfo, "spare_times_max");
  if (pool_max > 0 && pool_max < needed) {
    report(absl::StrFormat("the pool has %.0f connections, the work needs %.0f", pool_max, needed),
           "raise the pool's size, or make the statements faster: requests queue for a connection")
        ->severity = Severity::kWarning;
  } else if (slots > 0 && needed > slots) {
    report(absl::StrFormat("the work needs %.0f connections, the server has %.0f", needed, slots),
           "raise max_connections, or put a pooler in transaction mode in front")
        ->severity = Severity::kWarning;
  } else if (pool_max > spare * needed && pool_max >= pass.option(kInfo, "sessions_min")) {
    report(absl::StrFormat("the pool has %.0f connections, the work needs %.0f", pool_max, needed),
           "make the pool smaller: in an overload it lets too many statements onto the server");
  } else if (pool_min > spare * needed && pool_min >= pass.option(kInfo, "sessions_min")) {
    report(
        absl::StrFormat("the pool keeps %.0f connections, the work needs %.0f", pool_min, needed),
        "let the pool shrink to what the median needs");
  } else if (most_open >= pass.option(kInfo, "sessions_min") && most_open > spare * needed) {
    report(
        absl::StrFormat("%.0f sessions were open at once, the work needs %.0f", most_open, needed),
        "make the pools smaller, or put a pooler in transaction mode in front");
  }
}

}  // namespace

extern constinit const Rule kMisSizedPool = MakeEvidenceRule(kInfo, &CheckLog);

}  // namespace pgsift::mis_sized_pool
