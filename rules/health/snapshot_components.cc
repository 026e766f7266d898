// What exported statistics say of the objectives.

#include <algorithm>
#include <cmath>

#include "rules/health/health.h"

namespace pgsift {
namespace {

// Small tables are read whole, and should be.
constexpr double kRowsMin = 1000;

double Counter(const std::map<std::string, double>& counters, const char* name) {
  const auto found = counters.find(name);
  return found == counters.end() ? -1 : found->second;
}

// The 95th percentile that means and deviations of the statements allow for, each taken to be
// spread like a logarithm of normal values; -1: no statement.
double P95(const Snapshot& snapshot) {
  constexpr double kQuantiles[] = {-1.645, -1.036, -0.674, -0.385, -0.126,
                                   0.126,  0.385,  0.674,  1.036,  1.645};
  std::vector<std::pair<double, double>> values;  // And how often.
  double calls = 0;
  for (const StatementStatistics& statement : snapshot.statements) {
    if (statement.calls <= 0 || statement.mean_ms <= 0) continue;
    const double ratio = statement.stddev_ms / statement.mean_ms;
    const double sigma = std::sqrt(std::log1p(ratio * ratio));
    const double mu = std::log(statement.mean_ms) - sigma * sigma / 2;
    for (double quantile : kQuantiles) {
      values.emplace_back(std::exp(mu + sigma * quantile), statement.calls / 10);
    }
    calls += statement.calls;
  }
  std::sort(values.begin(), values.end());
  double seen = 0;
  for (const auto& [ms, count] : values) {
    seen += count;
    if (seen >= 0.95 * calls) return ms;
  }
  return -1;
}

void AddTables(const Snapshot& newest, const CounterWindow& window, const HealthSettings& settings,
               HealthReport* health) {
  double index_scans = 0, seq_scans = 0, live = 0, dead = 0, tables = 0, overdue = 0, age = 0;
  for (const auto& [name, table] : newest.tables) {
    if (table.kind != 'r' && table.kind != 'm') continue;
    const auto grown = [&, id = name](double TableStatistics::*field) {
      return window.Grown([&](const Snapshot& of) {
        const TableStatistics* found = of.Table(id);
        return found == nullptr ? -1 : found->*field;
      });
    };
    const double rows = std::max(table.live_tuples, table.rows);
    if (rows >= kRowsMin) {
      index_scans += std::max(0.0, grown(&TableStatistics::index_scans));
      seq_scans += std::max(0.0, grown(&TableStatistics::seq_scans));
    }
    live += std::max(0.0, table.live_tuples);
    dead += std::max(0.0, table.dead_tuples);
    age = std::max(age, table.xid_age);
    if (table.dead_tuples < 0) continue;
    ++tables;
    overdue += table.dead_tuples > std::max(kRowsMin, AutovacuumThreshold(newest, table));
  }
  const auto add = [&](std::string_view name, double value) {
    AddComponent(name, value, "snapshot", settings, health);
  };
  if (index_scans + seq_scans > 0) add("index_use", index_scans / (index_scans + seq_scans));
  if (live + dead > 0) add("dead_rows", dead / (live + dead));
  if (tables > 0) add("vacuum_backlog", overdue / tables);
  age = std::max(age, Counter(newest.database_counters, "xid_age"));
  if (age > 0) add("freeze_age", std::min(1.0, age / kWraparoundAge));
}

void AddActivity(const Snapshot& newest, const HealthSettings& settings, HealthReport* health) {
  if (!newest.has_activity) return;
  double clients = 0, idle = 0, waiting = 0, blocked = 0;
  for (const SessionState& session : newest.activity) {
    if (!IsClient(session)) continue;
    ++clients;
    idle += session.state == "idle";
    waiting += IsIdleInTransaction(session);
    blocked += !session.blocked_by.empty();
  }
  const double most = newest.Setting("max_connections", -1);
  const auto add = [&](std::string_view name, double value) {
    AddComponent(name, value, "snapshot", settings, health);
  };
  if (most > 0) add("connection_use", clients / most);
  if (clients == 0) return;
  add("idle_connections", idle / clients);
  add("idle_in_transaction", waiting / clients);
  add("blocked_sessions", blocked / clients);
}

}  // namespace

void AddSnapshotComponents(const Evidence& evidence, const HealthSettings& settings,
                           HealthReport* health) {
  if (evidence.snapshots.empty()) return;
  const CounterWindow window(evidence.snapshots);
  const Snapshot& newest = window.newest();
  const auto add = [&](std::string_view name, double value) {
    AddComponent(name, value, "snapshot", settings, health);
  };
  const auto grown = [&](const char* name) {
    return window.Grown([name](const Snapshot& of) { return Counter(of.database_counters, name); });
  };
  if (const double p95 = P95(newest); p95 >= 0) add("p95_query_time", p95);
  AddTables(newest, window, settings, health);
  AddActivity(newest, settings, health);
  const double hit = grown("blks_hit");
  const double read = grown("blks_read");
  if (hit >= 0 && read >= 0 && hit + read > 0) add("cache_hit", hit / (hit + read));
  const double commits = grown("xact_commit");
  const double rollbacks = grown("xact_rollback");
  if (commits >= 0 && rollbacks >= 0 && commits + rollbacks > 0) {
    add("rollbacks", rollbacks / (commits + rollbacks));
  }
  const auto checkpoints = [&](const char* old_name, const char* name) {
    return window.Grown([&](const Snapshot& of) {
      const double now = Counter(of.checkpointer, name);
      return now >= 0 ? now : Counter(of.bgwriter, old_name);
    });
  };
  const double timed = checkpoints("checkpoints_timed", "num_timed");
  const double requested = checkpoints("checkpoints_req", "num_requested");
  if (timed >= 0 && requested >= 0 && timed + requested > 0) {
    add("requested_checkpoints", requested / (timed + requested));
  }
}

}  // namespace pgsift
