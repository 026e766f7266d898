// The workload's section of a report.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/pipeline.h"
#include "ingest/log/events.h"

namespace pgsift {
namespace {

double Ms(int64_t us) { return static_cast<double>(us) / 1000; }

std::vector<NamedCount> Counts(const std::vector<NameCount>& counts) {
  std::vector<NamedCount> result;
  for (const NameCount& count : counts) result.push_back({count.name, count.count});
  return result;
}

std::vector<NamedCount> Counts(const std::map<std::string, uint64_t>& counts) {
  std::vector<NamedCount> result;
  for (const auto& [name, count] : counts) result.push_back({name, count});
  std::stable_sort(result.begin(), result.end(),
                   [](const NamedCount& a, const NamedCount& b) { return a.count > b.count; });
  return result;
}

std::vector<SeriesPoint> Series(const TimeSeries& series) {
  std::vector<SeriesPoint> points;
  for (size_t i = 0; i < series.buckets().size(); ++i) {
    const TimeBucket& bucket = series.buckets()[i];
    points.push_back({.time_us = series.BeginOf(i),
                      .calls = bucket.count,
                      .errors = bucket.errors,
                      .total_ms = Ms(bucket.total_us)});
  }
  return points;
}

QueryReport MakeQuery(const QueryStats& stats, const SourceSet& sources, double sample_rate) {
  QueryReport query;
  query.id = stats.id;
  query.query = stats.query;
  query.example = stats.example;
  if (!stats.parameters.empty()) query.example += " /* " + stats.parameters + " */";
  query.calls = stats.calls;
  query.timed = stats.timed_calls > 0;
  query.total_ms = Ms(stats.total_us);
  query.min_ms = Ms(stats.min_us);
  query.max_ms = Ms(stats.max_us);
  query.mean_ms = stats.mean_us() / 1000;
  query.p50_ms = std::clamp(stats.latency.Quantile(0.50) / 1000, query.min_ms, query.max_ms);
  query.p95_ms = std::clamp(stats.latency.Quantile(0.95) / 1000, query.min_ms, query.max_ms);
  query.p99_ms = std::clamp(stats.latency.Quantile(0.99) / 1000, query.min_ms, query.max_ms);
  query.p90_ms = std::clamp(stats.latency.Quantile(0.90) / 1000, query.min_ms, query.max_ms);
  query.p999_ms = std::clamp(stats.latency.Quantile(0.999) / 1000, query.min_ms, query.max_ms);
  query.transactions = stats.held.count();
  query.held_p95_ms = stats.held.Quantile(0.95) / 1000;
  query.stddev_ms = stats.stddev_us() / 1000;
  query.slow_calls = stats.slow_calls;
  query.parses = stats.parses;
  query.binds = stats.binds;
  query.fetches = stats.fetches;
  query.parse_ms = Ms(stats.parse_us);
  query.bind_ms = Ms(stats.bind_us);
  query.temp_files = stats.temp_files;
  query.lock_waits = stats.lock_waits;
  query.lock_wait_ms = Ms(stats.lock_wait_us);
  if (sample_rate > 0) {
    // One that was logged stands for 1 / rate; the slow ones were all logged.
    const double more = 1 / sample_rate - 1;
    query.estimated_calls =
        static_cast<double>(stats.calls) + more * static_cast<double>(stats.sampled_calls);
    query.estimated_ms = query.total_ms + more * Ms(stats.sampled_us);
  }
  for (const SlowExecution& slow : stats.slowest) {
    query.slowest.push_back({.text = slow.text,
                             .parameters = slow.parameters,
                             .path = std::string(sources.path(slow.place.file)),
                             .ms = Ms(slow.duration_us),
                             .line = slow.place.line,
                             .time_us = slow.place.time_us});
  }
  query.errors = stats.errors;
  query.temp_bytes = stats.temp_bytes;
  query.databases = Counts(stats.databases);
  query.users = Counts(stats.users);
  query.applications = Counts(stats.applications);
  query.clients = Counts(stats.clients);
  query.first_us = stats.first_us;
  query.last_us = stats.last_us;
  query.series = Series(stats.series);
  return query;
}

EventExampleReport Example(const SourceSet& sources, const LogPlace& place, std::string text) {
  return {.path = std::string(sources.path(place.file)),
          .text = std::move(text),
          .line = place.line,
          .time_us = place.time_us};
}

void AddConnections(const ConnectionStats& connections, WorkloadReport* report) {
  report->connections.received = connections.received;
  report->connections.authorized = connections.authorized;
  report->connections.disconnections = connections.disconnections;
  report->connections.rejected = connections.rejected;
  report->connections.peak = connections.peak;
  report->connections.session_ms = Ms(connections.session_us);
  report->connections.databases = Counts(connections.databases);
  report->connections.users = Counts(connections.users);
  report->connections.applications = Counts(connections.applications);
  for (const OpenSessions::Point& point : connections.open) {
    report->connections.open.push_back({.time_us = point.time_us, .sessions = point.sessions});
  }
}

std::vector<LockedReport> Locked(const std::map<std::string, LockObjectStats>& stats) {
  std::vector<LockedReport> list;
  for (const auto& [name, of] : stats) {
    list.push_back(
        {.name = name, .waits = of.waits, .total_ms = Ms(of.total_us), .max_ms = Ms(of.max_us)});
  }
  std::stable_sort(list.begin(), list.end(), [](const LockedReport& a, const LockedReport& b) {
    return a.total_ms > b.total_ms;
  });
  return list;
}

void AddLocks(const WorkloadTotals& totals, const SourceSet& sources, WorkloadReport* report) {
  auto& locks = report->locks;
  locks.waits = totals.locks.still_waiting;
  locks.acquired = totals.locks.acquired;
  locks.failed = totals.locks.failed;
  locks.deadlocks = totals.events[static_cast<size_t>(Event::kDeadlock)].count;
  locks.wait_ms = Ms(totals.locks.total_us);
  locks.wait_ms_max = Ms(totals.locks.max_us);
  locks.modes = Locked(totals.locks.modes);
  locks.objects = Locked(totals.locks.objects);
  for (const LockWait& wait : totals.locks.examples) {
    std::string text =
        absl::StrFormat("%s on %s, %s", wait.mode, wait.object, HumanMs(Ms(wait.waited_us)));
    if (!wait.holders.empty()) text += ", held by " + wait.holders;
    if (!wait.statement.empty()) text += ": " + OneLine(wait.statement, 200);
    locks.examples.push_back({.place = Example(sources, wait.place, std::move(text)),
                              .pid = wait.pid,
                              .mode = wait.mode,
                              .object = wait.object,
                              .holders = wait.holders,
                              .queue = wait.queue,
                              .statement = wait.statement,
                              .waited_ms = Ms(wait.waited_us),
                              .acquired = wait.acquired});
  }
  for (const Deadlock& deadlock : totals.deadlocks) {
    DeadlockReport cycle{.path = std::string(sources.path(deadlock.place.file)),
                         .database = deadlock.database,
                         .user = deadlock.user,
                         .application = deadlock.application,
                         .line = deadlock.place.line,
                         .time_us = deadlock.place.time_us};
    for (const DeadlockEdge& edge : deadlock.cycle) {
      cycle.cycle.push_back({.pid = edge.pid,
                             .blocked_by = edge.blocked_by,
                             .mode = edge.mode,
                             .object = edge.object,
                             .statement = edge.statement});
    }
    locks.cycles.push_back(std::move(cycle));
  }
}

void AddMaintenance(const WorkloadTotals& totals, WorkloadReport* report) {
  report->temp_files.count = totals.temp_files.count;
  report->temp_files.bytes = totals.temp_files.bytes;
  report->temp_files.bytes_max = totals.temp_files.bytes_max;
  const CheckpointStats& checkpoints = totals.checkpoints;
  report->checkpoints.count = std::max(checkpoints.starting, checkpoints.complete);
  report->checkpoints.timed = checkpoints.timed;
  report->checkpoints.wal = checkpoints.wal;
  report->checkpoints.requested = checkpoints.requested;
  report->checkpoints.too_frequent = checkpoints.too_frequent;
  report->checkpoints.buffers = checkpoints.buffers;
  report->checkpoints.write_ms = Ms(checkpoints.write_us);
  report->checkpoints.sync_ms = Ms(checkpoints.sync_us);
  report->checkpoints.total_ms = Ms(checkpoints.total_us);
  for (const auto& [table, maintenance] : totals.maintenance) {
    report->autovacuum.vacuums += maintenance.vacuums;
    report->autovacuum.analyzes += maintenance.analyzes;
    report->autovacuum.tables.push_back(
        {.table = table,
         .vacuums = maintenance.vacuums,
         .analyzes = maintenance.analyzes,
         .tuples_removed = maintenance.tuples_removed,
         .elapsed_ms = Ms(maintenance.vacuum_us + maintenance.analyze_us)});
  }
}

std::vector<ErrorReport> Messages(const std::vector<MessageStats>& messages) {
  std::vector<ErrorReport> reports;
  for (const MessageStats& message : messages) {
    reports.push_back({.sqlstate = message.sqlstate,
                       .level = std::string(LogLevelName(message.level)),
                       .message = message.message,
                       .example = message.example,
                       .statement = message.statement,
                       .count = message.count,
                       .first_us = message.first_us,
                       .last_us = message.last_us});
  }
  return reports;
}

}  // namespace

WorkloadReport Pipeline::MakeWorkload() const {
  WorkloadReport report;
  const WorkloadTotals& totals = workload_->totals();
  report.first_us = totals.first_us;
  report.last_us = totals.last_us;
  report.records = totals.records;
  report.sessions = totals.sessions;
  report.statements = totals.statements;
  report.unattributed_durations = totals.unattributed_durations;
  report.unattributed_ms = Ms(totals.unattributed_us);
  report.beyond_shapes = totals.beyond_shapes;
  report.beyond_messages = totals.beyond_messages;
  report.beyond_names = totals.beyond_names;
  const TransactionStats& transactions = totals.transactions;
  report.transactions = {.count = transactions.count,
                         .rolled_back = transactions.rolled_back,
                         .total_ms = Ms(transactions.total_us),
                         .max_ms = Ms(transactions.max_us),
                         .idle_ms = Ms(transactions.idle_us),
                         .idle_ms_max = Ms(transactions.idle_us_max)};
  report.total_ms = Ms(totals.total_us);
  for (const QueryStats& stats : totals.queries) {
    report.queries.push_back(MakeQuery(stats, sources_, options_.sample_rate));
  }
  report.series = Series(totals.activity);
  for (size_t i = 0; i < totals.events.size(); ++i) {
    const EventStats& events = totals.events[i];
    if (events.count == 0) continue;
    EventReport event{.name = std::string(EventName(static_cast<Event>(i))), .count = events.count};
    for (const EventExample& each : events.examples)
      event.examples.push_back(Example(sources_, each.place, each.text));
    report.events.push_back(std::move(event));
  }
  AddConnections(totals.connections, &report);
  AddLocks(totals, sources_, &report);
  AddMaintenance(totals, &report);
  report.errors = Messages(totals.errors);
  report.messages = Messages(totals.other_messages);
  return report;
}

}  // namespace pgsift
