// The sections of a report, made of what the pipeline read and found.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "cli/pipeline.h"
#include "cli/version.h"
#include "rules/advisor/missing_indexes.h"
#include "rules/advisor/redundant_indexes.h"

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

QueryReport MakeQuery(const QueryStats& stats) {
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
  query.errors = stats.errors;
  query.temp_bytes = stats.temp_bytes;
  query.databases = Counts(stats.databases);
  query.users = Counts(stats.users);
  query.applications = Counts(stats.applications);
  query.first_us = stats.first_us;
  query.last_us = stats.last_us;
  query.series = Series(stats.series);
  return query;
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += ", ";
    text += part;
  }
  return text;
}

std::string NodeDetail(const PlanNode& node) {
  for (const auto& [name, text] :
       {std::pair<const char*, const std::string&>{"Index Cond", node.index_cond},
        {"Recheck Cond", node.recheck_cond},
        {"Hash Cond", node.hash_cond},
        {"Merge Cond", node.merge_cond},
        {"Join Filter", node.join_filter},
        {"Filter", node.filter}}) {
    if (!text.empty()) return std::string(name) + ": " + text;
  }
  if (!node.sort_keys.empty()) return "Sort Key: " + Joined(node.sort_keys);
  if (!node.group_keys.empty()) return "Group Key: " + Joined(node.group_keys);
  return {};
}

}  // namespace

Report Pipeline::MakeReport() const {
  Report report;
  report.command = options_.command;
  report.tool_version = ToolVersion();
  report.postgres_grammar = std::string(GrammarVersion());
  report.sources = &sources_;
  report.findings = findings_;
  return report;
}

WorkloadReport Pipeline::MakeWorkload() const {
  WorkloadReport report;
  const WorkloadTotals& totals = workload_->totals();
  const auto example = [&](const LogPlace& place, std::string text) {
    return EventExampleReport{.path = std::string(sources_.path(place.file)),
                              .text = std::move(text),
                              .line = place.line,
                              .time_us = place.time_us};
  };
  report.first_us = totals.first_us;
  report.last_us = totals.last_us;
  report.records = totals.records;
  report.sessions = totals.sessions;
  report.statements = totals.statements;
  report.total_ms = Ms(totals.total_us);
  for (const QueryStats& stats : totals.queries) report.queries.push_back(MakeQuery(stats));
  report.series = Series(totals.activity);
  for (size_t i = 0; i < totals.events.size(); ++i) {
    const EventStats& events = totals.events[i];
    if (events.count == 0) continue;
    EventReport event{.name = std::string(EventName(static_cast<Event>(i))), .count = events.count};
    for (const EventExample& each : events.examples)
      event.examples.push_back(example(each.place, each.text));
    report.events.push_back(std::move(event));
  }
  const ConnectionStats& connections = totals.connections;
  report.connections.received = connections.received;
  report.connections.authorized = connections.authorized;
  report.connections.disconnections = connections.disconnections;
  report.connections.rejected = connections.rejected;
  report.connections.peak = connections.peak;
  report.connections.session_ms = Ms(connections.session_us);
  report.connections.databases = Counts(connections.databases);
  report.connections.users = Counts(connections.users);
  report.connections.applications = Counts(connections.applications);
  report.locks.waits = totals.locks.still_waiting;
  report.locks.acquired = totals.locks.acquired;
  report.locks.failed = totals.locks.failed;
  report.locks.deadlocks = totals.events[static_cast<size_t>(Event::kDeadlock)].count;
  report.locks.wait_ms = Ms(totals.locks.total_us);
  report.locks.wait_ms_max = Ms(totals.locks.max_us);
  for (const LockWait& wait : totals.locks.examples) {
    report.locks.examples.push_back(example(
        wait.place,
        absl::StrFormat("%s on %s, %s%s%s", wait.mode, wait.object, HumanMs(Ms(wait.waited_us)),
                        wait.statement.empty() ? "" : ": ", OneLine(wait.statement, 200))));
  }
  report.temp_files.count = totals.temp_files.count;
  report.temp_files.bytes = totals.temp_files.bytes;
  report.temp_files.bytes_max = totals.temp_files.bytes_max;
  const CheckpointStats& checkpoints = totals.checkpoints;
  report.checkpoints.count = std::max(checkpoints.starting, checkpoints.complete);
  report.checkpoints.timed = checkpoints.timed;
  report.checkpoints.wal = checkpoints.wal;
  report.checkpoints.requested = checkpoints.requested;
  report.checkpoints.too_frequent = checkpoints.too_frequent;
  report.checkpoints.buffers = checkpoints.buffers;
  report.checkpoints.write_ms = Ms(checkpoints.write_us);
  report.checkpoints.sync_ms = Ms(checkpoints.sync_us);
  report.checkpoints.total_ms = Ms(checkpoints.total_us);
  for (const auto& [table, maintenance] : totals.maintenance) {
    report.autovacuum.vacuums += maintenance.vacuums;
    report.autovacuum.analyzes += maintenance.analyzes;
    report.autovacuum.tables.push_back(
        {.table = table,
         .vacuums = maintenance.vacuums,
         .analyzes = maintenance.analyzes,
         .tuples_removed = maintenance.tuples_removed,
         .elapsed_ms = Ms(maintenance.vacuum_us + maintenance.analyze_us)});
  }
  for (const MessageStats& error : totals.errors) {
    report.errors.push_back({.sqlstate = error.sqlstate,
                             .level = std::string(LogLevelName(error.level)),
                             .message = error.message,
                             .example = error.example,
                             .statement = error.statement,
                             .count = error.count,
                             .first_us = error.first_us,
                             .last_us = error.last_us});
  }
  return report;
}

std::vector<PlanReport> Pipeline::MakePlans() const {
  std::vector<PlanReport> reports;
  for (const Plan& plan : plans_) {
    PlanReport report;
    report.path = std::string(sources_.path(plan.file));
    report.line = plan.line;
    report.query = plan.query;
    report.analyzed = plan.analyzed;
    report.execution_ms =
        plan.execution_ms > 0 ? plan.execution_ms : plan.nodes.front().inclusive_ms;
    report.planning_ms = plan.planning_ms;
    const PlanNode& root = plan.nodes.front();
    for (const PlanNode& node : plan.nodes) {
      double own_cost = node.total_cost;
      for (int child : node.children) own_cost -= plan.nodes[static_cast<size_t>(child)].total_cost;
      const double loops = std::max(1.0, node.loops);
      const double share = root.timed ? node.exclusive_ms / std::max(1e-9, root.inclusive_ms)
                                      : std::max(0.0, own_cost) / std::max(1e-9, root.total_cost);
      report.nodes.push_back({.id = node.id,
                              .parent = node.parent,
                              .depth = node.depth,
                              .type = node.type,
                              .relation = node.relation,
                              .index = node.index,
                              .detail = NodeDetail(node),
                              .analyzed = node.analyzed,
                              .exclusive_ms = node.exclusive_ms,
                              .inclusive_ms = node.inclusive_ms,
                              .rows = node.TotalRows(),
                              .rows_planned = node.plan_rows * loops,
                              .loops = node.loops,
                              .rows_removed = node.rows_removed_by_filter * loops,
                              .cost = node.total_cost,
                              .share = std::clamp(share, 0.0, 1.0),
                              .line = node.line});
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

IndexAdvice Pipeline::MakeIndexAdvice() const {
  IndexAdvice advice;
  for (const MissingIndex& missing : FindMissingIndexes(MakeEvidence(), MissingIndexLimits{})) {
    RecommendedIndex index{.sql = missing.create_sql,
                           .table = missing.table->name.ToString(),
                           .columns = missing.columns,
                           .where = missing.where,
                           .include = missing.include,
                           .method = missing.method,
                           .score = missing.score};
    if (missing.calls > 0) {
      index.benefit = absl::StrFormat("%s, %s in the log", Counted(missing.calls, "call"),
                                      HumanMs(missing.total_ms));
    }
    if (missing.plan != nullptr) {
      if (!index.benefit.empty()) index.benefit += "; ";
      index.benefit +=
          absl::StrFormat("a plan reads %s rows to keep %s",
                          Grouped(static_cast<uint64_t>(missing.rows_removed + missing.rows_kept)),
                          Grouped(static_cast<uint64_t>(missing.rows_kept)));
    }
    for (const ObservedQuery* query : missing.queries) index.queries.push_back(query->id);
    advice.recommended.push_back(std::move(index));
  }
  for (const RedundantIndex& redundant : FindRedundantIndexes(catalog_)) {
    (redundant.duplicate ? advice.duplicate : advice.redundant)
        .push_back({.index = redundant.index->name.ToString(),
                    .by = redundant.by->name.ToString(),
                    .table = redundant.table->name.ToString(),
                    .reason = redundant.reason,
                    .sql = redundant.drop_sql,
                    .undo_sql = redundant.undo_sql});
  }
  return advice;
}

}  // namespace pgsift
