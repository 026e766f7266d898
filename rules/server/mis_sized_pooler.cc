// SRV027 mis-sized-pooler: pgbouncer.ini gives a pool far fewer, or far more, connections than its
// statements need.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "ingest/pooler/pooler_config.h"
#include "rules/health/health.h"
#include "rules/server/server_rule.h"

namespace pgsift::mis_sized_pooler {
namespace {

constexpr RuleOption kOptions[] = {
    {"spare_times_max", 5, "A pool of more than so many times what is needed is too large"},
    {"pool_min", 10, "Connections from which on a pool can be too large"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "SRV027",
    .name = "mis-sized-pooler",
    .category = Category::kOperations,
    .severity = Severity::kInfo,
    .since_pg = {8, 4},
    .summary = "pgbouncer.ini does not fit the statements that run at once",
    .why = R"md(
PgBouncer has a pool for each pair of database and user. By Little's law as many of its connections work at once as statements
come by the second, times the seconds that each takes. A smaller pool makes clients queue in PgBouncer, where no log of the
server shows it; a much larger one lets an overload through to the server. In `session` mode a connection is taken for as
long as its client stays, whether it works or not.
)md",
    .instead = R"md(
Set `default_pool_size`, or `pool_size` of a database, to what the 99th percentile needs with some head room, and
`pool_mode = transaction` where the application keeps nothing in its session. The sum over all pools must fit into the server's
`max_connections`, less `superuser_reserved_connections`.
)md",
    .bad = "[databases]\nshop = host=10.0.0.1 pool_size=2\n[pgbouncer]\npool_mode = transaction\n"
           "-- pgbouncer.ini\n"
           "[x80] 2024-05-01 10:00:05.{n} UTC [1{n}] app@shop LOG:  duration: 900.0 ms  statement: "
           "SELECT 1 FROM a\n",
    .good = "[databases]\nshop = host=10.0.0.1\n[pgbouncer]\npool_mode = transaction\n"
            "-- pgbouncer.ini\n"
            "[x20] 2024-05-01 10:00:05.{n} UTC [1{n}] app@shop LOG:  duration: 900.0 ms  "
            "statement: SELECT 1 FROM a\n",
    .options = kOptions,
});

Span LineOf(const PoolerConfig& config, uint64_t line, const EvidencePass& pass) {
  const std::string_view text = (*pass.evidence().sources)[config.file].text;
  uint64_t begin = 0;
  for (uint64_t at = 1; at < line; ++at) {
    const size_t end = text.find('\n', static_cast<size_t>(begin));
    if (end == text.npos) break;
    begin = end + 1;
  }
  const size_t end = std::min(text.find('\n', static_cast<size_t>(begin)), text.size());
  return {.begin = begin, .size = static_cast<uint32_t>(end - begin), .file = config.file};
}

// Connections in transaction mode are also held while a transaction waits for its client.
double HeldWhileIdle(const WorkloadTotals& totals) {
  if (totals.total_us <= 0) return 1;
  return 1 +
         static_cast<double>(totals.transactions.idle_us) / static_cast<double>(totals.total_us);
}

void CheckPools(const PoolerConfig& config, const WorkloadTotals& totals, EvidencePass& pass) {
  const double spare = pass.option(kInfo, "spare_times_max");
  const double peak = static_cast<double>(totals.connections.peak);
  double sizes = 0;
  size_t pools = 0;
  for (const auto& [pair, busy] : totals.pool_busy) {
    const auto& [database, user] = pair;
    if (database.empty() || user.empty()) continue;
    const PoolerEntry* entry = config.DatabaseEntry(database);
    if (entry == nullptr) continue;
    PoolHealth need;
    AddConcurrency(busy, HealthSettings().headroom, &need);
    if (need.needed == 0) continue;
    const std::string mode = config.ModeOf(*entry, user);
    const double size = config.PoolSizeOf(*entry);
    const double held = mode == "session" ? 1 : HeldWhileIdle(totals);
    const double needed = std::ceil(static_cast<double>(need.needed) * held);
    sizes += size;
    ++pools;
    const bool own = entry->pool_size >= 0;
    const uint64_t line = own                                 ? entry->line
                          : config.default_pool_size_line > 0 ? config.default_pool_size_line
                                                              : entry->line;
    const std::string where =
        own ? absl::StrFormat("[databases] %s = … pool_size=%.0f", entry->name, needed)
            : absl::StrFormat("[pgbouncer] default_pool_size = %.0f", needed);
    const auto report = [&](std::string message) -> Finding& {
      Finding& finding = pass.Report(kInfo, LineOf(config, line, pass), std::move(message));
      finding.Measure("needed", needed, "1").Measure("pool_size", size, "1");
      finding.Note(absl::StrFormat(
          "%.1f statements by the second of %s each: %.1f at once on average, %.1f at the 99th "
          "percentile",
          need.calls_per_second, HumanMs(need.service_ms), need.busy_mean, need.busy_p99));
      if (held > 1.05) {
        finding.Note(absl::StrFormat(
            "transactions hold their connection %.2f times as long as statements run in them",
            held));
      }
      return finding;
    };
    if (size > 0 && size < needed) {
      Finding& finding =
          report(absl::StrFormat("the pool of `%s` for `%s` has %.0f connections, the work needs "
                                 "%.0f: clients queue in PgBouncer",
                                 database, user, size, needed));
      finding.severity = Severity::kWarning;
      finding.Help("write in pgbouncer.ini: " + where);
    } else if (mode == "session" && size > 0 && peak > size) {
      Finding& finding = report(absl::StrFormat(
          "in session mode the pool of `%s` for `%s` serves %.0f clients at once; %.0f sessions "
          "were open, of which %.0f work",
          database, user, size, peak, needed));
      finding.severity = Severity::kWarning;
      finding.Help("write in pgbouncer.ini: [pgbouncer] pool_mode = transaction");
      finding.Help(
          absl::StrFormat("or, in session mode: [pgbouncer] default_pool_size = %.0f", peak));
    } else if (mode != "session" && size >= pass.option(kInfo, "pool_min") &&
               size > spare * needed) {
      report(absl::StrFormat("the pool of `%s` for `%s` has %.0f connections, the work needs %.0f",
                             database, user, size, needed))
          .Help("write in pgbouncer.ini: " + where);
    }
  }
  const Snapshot* snapshot = pass.evidence().snapshot();
  const double most = snapshot == nullptr ? -1 : snapshot->Setting("max_connections", -1);
  const double slots =
      most - (snapshot == nullptr ? 0 : snapshot->Setting("superuser_reserved_connections", 3));
  if (most > 0 && sizes > slots) {
    Finding& finding = pass.Report(
        kInfo, LineOf(config, std::max<uint64_t>(config.default_pool_size_line, 1), pass),
        absl::StrFormat("%s may open %.0f connections, the server has %.0f", Counted(pools, "pool"),
                        sizes, slots));
    finding.severity = Severity::kWarning;
    finding.Help(absl::StrFormat(
        "write in pgbouncer.ini: [pgbouncer] max_db_connections = %.0f, or make the pools smaller",
        std::max(1.0, std::floor(slots))));
  }
  if (peak > config.MaxClients() && config.MaxClients() > 0) {
    Finding& finding =
        pass.Report(kInfo, LineOf(config, std::max<uint64_t>(config.max_client_conn_line, 1), pass),
                    absl::StrFormat("%.0f sessions were open at once; PgBouncer takes %.0f clients",
                                    peak, config.MaxClients()));
    finding.severity = Severity::kWarning;
    finding.Help(absl::StrFormat(
        "write in pgbouncer.ini: [pgbouncer] max_client_conn = %.0f, and let its ulimit -n hold as "
        "many files",
        std::ceil(peak * HealthSettings().headroom)));
  }
}

void CheckPoolers(EvidencePass& pass) {
  if (pass.evidence().workload == nullptr) return;
  for (const PoolerConfig& config : pass.evidence().poolers) {
    CheckPools(config, pass.evidence().workload->totals(), pass);
  }
}

}  // namespace

extern constinit const Rule kMisSizedPooler = MakeEvidenceRule(kInfo, &CheckPoolers);

}  // namespace pgsift::mis_sized_pooler
