// Health, and the figures for a time series database, of what the pipeline read.

#include <algorithm>
#include <map>

#include "cli/pipeline.h"
#include "rules/health/comparison.h"
#include "rules/health/health.h"

namespace pgsift {
namespace {

constexpr size_t kQueriesMax = 100;
constexpr size_t kTablesMax = 500;

using Labels = std::vector<std::pair<std::string, std::string>>;

class Metrics {
 public:
  // `name` without the program's own prefix.
  void Family(const char* name, const char* type, const char* help) {
    families_.push_back({.name = std::string("pgsift_") + name, .help = help, .type = type});
  }
  void Sample(Labels labels, double value, const char* suffix = "") {
    families_.back().samples.push_back(
        {.labels = std::move(labels), .value = value, .suffix = suffix});
  }
  void One(const char* name, const char* type, const char* help, double value) {
    Family(name, type, help);
    Sample({}, value);
  }
  std::vector<MetricFamily> Take() { return std::move(families_); }

 private:
  std::vector<MetricFamily> families_;
};

double Seconds(int64_t us) { return static_cast<double>(us) / 1e6; }
template <typename T>
double Number(T count) {
  return static_cast<double>(count);
}

void AddHealth(const HealthReport& health, Metrics* metrics) {
  metrics->One("health_score", "gauge", "Health of the server, 0 to 100", health.score);
  metrics->Family("health_component_score", "gauge", "Score of one objective, 0 to 100");
  for (const HealthComponent& component : health.components) {
    metrics->Sample({{"component", component.name}}, component.score);
  }
  metrics->Family("health_component_value", "gauge",
                  "Measured value of one objective, in the unit that the label names");
  for (const HealthComponent& component : health.components) {
    metrics->Sample({{"component", component.name}, {"unit", component.unit}}, component.value);
  }
  metrics->Family("health_component_target", "gauge",
                  "Target of one objective, in the unit that the label names");
  for (const HealthComponent& component : health.components) {
    metrics->Sample({{"component", component.name}, {"unit", component.unit}}, component.target);
  }
  std::map<std::pair<std::string, std::string>, double> alerts;
  for (const HealthAlert& alert : health.alerts) {
    ++alerts[{alert.name, std::string(SeverityName(alert.severity))}];
  }
  metrics->Family("alerts", "gauge", "Alerts of the inputs, by kind and severity");
  for (const auto& [key, count] : alerts) {
    metrics->Sample({{"alert", key.first}, {"severity", key.second}}, count);
  }
  metrics->Family("pool_needed_connections", "gauge",
                  "Connections that the application's statements need, with head room");
  for (const PoolHealth& pool : health.pools) {
    if (pool.needed > 0) metrics->Sample({{"application", pool.name}}, Number(pool.needed));
  }
}

void AddQueries(const WorkloadTotals& totals, Metrics* metrics) {
  const size_t count = std::min(totals.queries.size(), kQueriesMax);
  metrics->Family("query_calls_total", "counter", "Logged calls of a query shape");
  for (size_t i = 0; i < count; ++i) {
    metrics->Sample({{"query_id", totals.queries[i].id}}, Number(totals.queries[i].calls));
  }
  metrics->Family("query_seconds_total", "counter", "Time in a query shape");
  for (size_t i = 0; i < count; ++i) {
    metrics->Sample({{"query_id", totals.queries[i].id}}, Seconds(totals.queries[i].total_us));
  }
  metrics->Family("query_errors_total", "counter", "Failed calls of a query shape");
  for (size_t i = 0; i < count; ++i) {
    metrics->Sample({{"query_id", totals.queries[i].id}}, Number(totals.queries[i].errors));
  }
  constexpr size_t kTextMax = 300;
  metrics->Family("query_info", "gauge", "Text of a query shape");
  for (size_t i = 0; i < count; ++i) {
    metrics->Sample({{"query_id", totals.queries[i].id},
                     {"query", totals.queries[i].query.substr(0, kTextMax)}},
                    1);
  }
}

void AddLog(const WorkloadTotals& totals, Metrics* metrics) {
  LatencySketch latency;
  for (const QueryStats& query : totals.queries) latency.Merge(query.latency);
  metrics->Family("statement_duration_seconds", "summary", "Duration of logged statements");
  for (const auto& [label, q] :
       {std::pair<const char*, double>{"0.5", 0.5}, {"0.9", 0.9}, {"0.95", 0.95}, {"0.99", 0.99}}) {
    if (latency.count() > 0) metrics->Sample({{"quantile", label}}, latency.Quantile(q) / 1e6);
  }
  metrics->Sample({}, Seconds(totals.total_us), "_sum");
  metrics->Sample({}, Number(latency.count()), "_count");
  metrics->One("log_statements_total", "counter", "Logged statements", Number(totals.statements));
  metrics->One("log_records_total", "counter", "Records of the logs", Number(totals.records));
  if (totals.last_us != 0) {
    metrics->One("log_last_record_timestamp_seconds", "gauge",
                 "When the last record was written, in seconds since the epoch",
                 Seconds(totals.last_us));
  }
  metrics->Family("log_errors_total", "counter", "Messages of ERROR and worse, by level");
  std::map<std::string, double> levels;
  for (const MessageStats& message : totals.errors) {
    levels[std::string(LogLevelName(message.level))] += Number(message.count);
  }
  for (const auto& [level, count] : levels) metrics->Sample({{"level", level}}, count);
  metrics->Family("log_events_total", "counter", "Records of the logs, by what they report");
  for (size_t i = 0; i < totals.events.size(); ++i) {
    if (totals.events[i].count == 0) continue;
    metrics->Sample({{"event", std::string(EventName(static_cast<Event>(i)))}},
                    Number(totals.events[i].count));
  }
  metrics->One("lock_wait_seconds_total", "counter", "Time in long lock waits that ended",
               Seconds(totals.locks.total_us));
  metrics->One("temp_files_total", "counter", "Temporary files", Number(totals.temp_files.count));
  metrics->One("temp_files_bytes_total", "counter", "Bytes of temporary files",
               Number(totals.temp_files.bytes));
  metrics->One("transaction_idle_seconds_total", "counter",
               "Time that transactions were open and did nothing",
               Seconds(totals.transactions.idle_us));
  metrics->Family("checkpoints_total", "counter", "Checkpoints that started, by reason");
  metrics->Sample({{"reason", "time"}}, Number(totals.checkpoints.timed));
  metrics->Sample({{"reason", "wal"}}, Number(totals.checkpoints.wal));
  metrics->Sample({{"reason", "request"}}, Number(totals.checkpoints.requested));
  metrics->One("sessions_peak", "gauge", "Most sessions at once, by the log",
               Number(totals.connections.peak));
  metrics->One("connections_rejected_total", "counter", "Clients that were turned away",
               Number(totals.connections.rejected));
  metrics->Family("sessions_opened_total", "counter", "Sessions that an application opened");
  for (const auto& [name, group] : totals.groups) {
    if (group.opened > 0) metrics->Sample({{"application", name}}, Number(group.opened));
  }
  metrics->Family("sessions_closed_total", "counter", "Sessions that an application closed");
  for (const auto& [name, group] : totals.groups) {
    if (group.opened > 0) metrics->Sample({{"application", name}}, Number(group.closed));
  }
}

void AddTables(const Snapshot& snapshot, Metrics* metrics) {
  std::vector<std::pair<double, const QualifiedName*>> largest;
  for (const auto& [name, table] : snapshot.tables) {
    if (table.kind == 'r' || table.kind == 'm') largest.emplace_back(-table.total_bytes, &name);
  }
  std::stable_sort(largest.begin(), largest.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  if (largest.size() > kTablesMax) largest.resize(kTablesMax);
  const auto family = [&](const char* name, const char* type, const char* help,
                          double TableStatistics::*field) {
    metrics->Family(name, type, help);
    for (const auto& [size, table] : largest) {
      const double value = snapshot.tables.at(*table).*field;
      if (value < 0) continue;
      metrics->Sample({{"schema", table->schema}, {"table", table->name}}, value);
    }
  };
  family("table_size_bytes", "gauge", "Size of a table with its indexes and TOAST",
         &TableStatistics::total_bytes);
  family("table_live_rows", "gauge", "Row versions that are live", &TableStatistics::live_tuples);
  family("table_dead_rows", "gauge", "Row versions that VACUUM has to remove",
         &TableStatistics::dead_tuples);
  family("table_xid_age", "gauge", "Age of the oldest row, in transactions",
         &TableStatistics::xid_age);
  family("table_sequential_scans_total", "counter", "Scans that read the table whole",
         &TableStatistics::seq_scans);
  family("table_index_scans_total", "counter", "Scans that used an index of the table",
         &TableStatistics::index_scans);
}

void AddSnapshot(const Snapshot& snapshot, Metrics* metrics) {
  if (snapshot.taken_us != 0) {
    metrics->One("snapshot_timestamp_seconds", "gauge",
                 "When the statistics were taken, in seconds since the epoch",
                 Seconds(snapshot.taken_us));
  }
  if (snapshot.has_activity) {
    std::map<std::string, double> states;
    for (const SessionState& session : snapshot.activity) {
      if (IsClient(session)) ++states[session.state.empty() ? "unknown" : session.state];
    }
    metrics->Family("sessions", "gauge", "Client sessions when the statistics were taken");
    for (const auto& [state, count] : states) metrics->Sample({{"state", state}}, count);
  }
  const double most = snapshot.Setting("max_connections", -1);
  if (most > 0) metrics->One("max_connections", "gauge", "The setting max_connections", most);
  const auto counter = [&](const char* column, const char* name, const char* type,
                           const char* help) {
    const auto found = snapshot.database_counters.find(column);
    if (found == snapshot.database_counters.end()) return;
    metrics->Family(name, type, help);
    metrics->Sample({{"database", snapshot.database}}, found->second);
  };
  counter("bytes", "database_size_bytes", "gauge", "Size of the database");
  counter("xid_age", "database_xid_age", "gauge", "Age of the oldest row, in transactions");
  counter("xact_commit", "database_commits_total", "counter", "Committed transactions");
  counter("xact_rollback", "database_rollbacks_total", "counter", "Rolled back transactions");
  counter("blks_hit", "database_blocks_hit_total", "counter", "Blocks found in shared_buffers");
  counter("blks_read", "database_blocks_read_total", "counter", "Blocks read from the system");
  counter("deadlocks", "database_deadlocks_total", "counter", "Deadlocks");
  counter("temp_bytes", "database_temp_bytes_total", "counter", "Bytes of temporary files");
  AddTables(snapshot, metrics);
  metrics->Family("replication_slot_retained_bytes", "gauge", "WAL that a replication slot holds");
  for (const ReplicationSlot& slot : snapshot.slots) {
    if (slot.retained_bytes < 0) continue;
    metrics->Sample({{"slot", slot.name}, {"active", slot.active ? "true" : "false"}},
                    slot.retained_bytes);
  }
}

}  // namespace

size_t Pipeline::CompareWithBase(HealthReport* health) const {
  return AddComparison(MakeEvidence(), base_, health);
}

HealthReport Pipeline::MakeHealth() const {
  HealthReport health = AssessHealth(MakeEvidence(), config_.health);
  health.notes.insert(health.notes.end(), input_notes_.begin(), input_notes_.end());
  return health;
}

std::vector<MetricFamily> Pipeline::MakeMetrics(const HealthReport& health) const {
  Metrics metrics;
  AddHealth(health, &metrics);
  if (workload_.has_value()) {
    AddQueries(workload_->totals(), &metrics);
    AddLog(workload_->totals(), &metrics);
  }
  if (!snapshots_.empty()) AddSnapshot(snapshots_.back(), &metrics);
  return metrics.Take();
}

}  // namespace pgsift
