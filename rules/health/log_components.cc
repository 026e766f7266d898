// What the log says of the objectives.

#include <algorithm>

#include "ingest/log/workload.h"
#include "rules/health/health.h"

namespace pgsift {
namespace {

double Count(const WorkloadTotals& totals, Event event) {
  return static_cast<double>(totals.events[static_cast<size_t>(event)].count);
}

// The share of the time in which sessions are open that they run statements; -1: not known. Only
// what the log sees from its first to its last line counts.
double BusyShare(const WorkloadTotals& totals) {
  double open = 0;
  for (const OpenSessions::Point& point : totals.connections.open) {
    open += static_cast<double>(point.sessions);
  }
  if (open <= 0 || totals.last_us <= totals.first_us || totals.connections.disconnections == 0) {
    return -1;
  }
  // The mean of the most sessions in each stretch, so rather too many.
  const double sessions = open / static_cast<double>(totals.connections.open.size());
  const double us = static_cast<double>(totals.last_us - totals.first_us);
  return std::clamp(static_cast<double>(totals.total_us) / us / sessions, 0.0, 1.0);
}

}  // namespace

void AddLogComponents(const Evidence& evidence, const HealthSettings& settings,
                      HealthReport* health) {
  if (evidence.workload == nullptr) return;
  const WorkloadTotals& totals = evidence.workload->totals();
  const auto add = [&](std::string_view name, double value) {
    AddComponent(name, value, "log", settings, health);
  };
  LatencySketch latency;
  for (const QueryStats& query : totals.queries) latency.Merge(query.latency);
  if (latency.count() > 0) add("p95_query_time", latency.Quantile(0.95) / 1000);

  double errors = 0;
  double fatals = 0;
  for (const MessageStats& message : totals.errors) {
    const auto count = static_cast<double>(message.count);
    errors += message.level == LogLevel::kError ? count : 0;
    fatals += message.level > LogLevel::kError ? count : 0;
  }
  const double statements = static_cast<double>(totals.statements);
  if (statements + errors > 0) add("error_rate", errors / (statements + errors));

  const ConnectionStats& connections = totals.connections;
  const double rejected = static_cast<double>(connections.rejected);
  const double tried = std::max(static_cast<double>(connections.received),
                                static_cast<double>(connections.authorized) + rejected);
  if (tried > 0) add("rejected_connections", std::min(1.0, rejected / tried));

  // A log of a few minutes is taken for one of an hour.
  const double hours = std::max(1.0, static_cast<double>(totals.last_us - totals.first_us) / 3.6e9);
  add("fatal_errors", (fatals + Count(totals, Event::kCrash)) / hours);
  add("deadlocks", Count(totals, Event::kDeadlock) / hours);
  if (totals.total_us > 0) {
    add("lock_wait_time", std::min(1.0, static_cast<double>(totals.locks.total_us) /
                                            static_cast<double>(totals.total_us)));
  }
  if (statements > 0) {
    add("temp_file_statements",
        std::min(1.0, static_cast<double>(totals.temp_files.count) / statements));
  }
  if (totals.transactions.total_us > 0) {
    // Where no pause reached a second, these are the client's round trips: nobody waits for them.
    const bool paused = totals.transactions.idle_us_max >= 1'000'000;
    add("idle_in_transaction_time",
        paused ? std::clamp(static_cast<double>(totals.transactions.idle_us) /
                                static_cast<double>(totals.transactions.total_us),
                            0.0, 1.0)
               : 0);
  }
  const CheckpointStats& checkpoints = totals.checkpoints;
  if (checkpoints.timed + checkpoints.wal > 0) {
    add("requested_checkpoints", static_cast<double>(checkpoints.wal) /
                                     static_cast<double>(checkpoints.timed + checkpoints.wal));
  }
  const bool counted = evidence.snapshot() != nullptr && evidence.snapshot()->has_activity;
  if (const double busy = BusyShare(totals); busy >= 0 && !counted) {
    add("idle_connections", 1 - busy);
  }
}

}  // namespace pgsift
