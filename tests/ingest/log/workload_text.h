#ifndef PGSIFT_TESTS_INGEST_LOG_WORKLOAD_TEXT_H_
#define PGSIFT_TESTS_INGEST_LOG_WORKLOAD_TEXT_H_

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>

#include "ingest/log/log_reader.h"
#include "ingest/log/log_splitter.h"
#include "ingest/log/workload.h"

namespace pgsift {

// Everything that a finished workload says, as text, so that two can be compared.
inline std::string WorkloadText(const WorkloadTotals& totals) {
  std::ostringstream out;
  const auto place = [&out](const LogPlace& at) -> std::ostream& {
    return out << static_cast<uint32_t>(at.file) << ':' << at.offset << ':' << at.line << ':'
               << at.time_us << ' ';
  };
  const auto series = [&out](const TimeSeries& of) {
    out << of.width_us() << "[";
    for (size_t i = 0; i < of.buckets().size(); ++i) {
      const TimeBucket& bucket = of.buckets()[i];
      out << of.BeginOf(i) << '=' << bucket.count << ',' << bucket.errors << ',' << bucket.total_us
          << ' ';
    }
    out << "]\n";
  };
  out << totals.records << ' ' << totals.first_us << ' ' << totals.last_us << ' ' << totals.sessions
      << ' ' << totals.statements << ' ' << totals.total_us << ' ' << totals.unattributed_durations
      << ' ' << totals.unattributed_us << '\n';
  for (const QueryStats& query : totals.queries) {
    place(query.example_place) << query.shape << ' ' << query.id << ' ' << query.query << '\n'
                               << query.example << '\n'
                               << query.parameters << '\n'
                               << query.stddev_us() << ' ' << query.slowest.size() << ' '
                               << query.shortest << '\n'
                               << query.example_us << ' ' << query.calls << ' ' << query.timed_calls
                               << ' ' << query.slow_calls << ' ' << query.total_us << ' '
                               << query.min_us << ' ' << query.max_us << ' ' << query.parses << ' '
                               << query.parse_us << ' ' << query.binds << ' ' << query.bind_us
                               << ' ' << query.fetches << ' ' << query.errors << ' '
                               << query.temp_files << ' ' << query.temp_bytes << ' '
                               << query.lock_waits << ' ' << query.lock_wait_us << ' '
                               << query.first_us << ' ' << query.last_us << '\n';
    const auto bucket = [&out](uint32_t at, uint32_t count) { out << at << '=' << count << ' '; };
    query.latency.ForEachBucket(bucket);
    out << "held ";
    query.held.ForEachBucket(bucket);
    for (const auto* names :
         {&query.databases, &query.users, &query.applications, &query.clients}) {
      for (const NameCount& name : *names) out << name.name << '=' << name.count << ' ';
    }
    series(query.series);
  }
  series(totals.activity);
  for (size_t i = 0; i < kEventCount; ++i) {
    out << EventName(static_cast<Event>(i)) << ' ' << totals.events[i].count << '\n';
    for (const EventExample& example : totals.events[i].examples) {
      place(example.place) << example.text << '\n';
    }
    series(totals.events[i].series);
  }
  const ConnectionStats& connections = totals.connections;
  out << connections.received << ' ' << connections.authorized << ' ' << connections.disconnections
      << ' ' << connections.rejected << ' ' << connections.peak << ' ' << connections.session_us
      << '\n';
  for (const OpenSessions::Point& point : connections.open) {
    out << point.time_us << '=' << point.sessions << ' ';
  }
  out << totals.transactions.count << ' ' << totals.transactions.rolled_back << ' '
      << totals.transactions.total_us << ' ' << totals.transactions.idle_us << ' '
      << totals.transactions.max_us << ' ' << totals.transactions.idle_us_max << '\n';
  for (const auto& [name, count] : connections.users) out << name << '=' << count << ' ';
  series(connections.series);
  out << totals.locks.still_waiting << ' ' << totals.locks.acquired << ' ' << totals.locks.total_us
      << '\n';
  for (const LockWait& wait : totals.locks.examples) {
    place(wait.place) << wait.pid << ' ' << wait.mode << ' ' << wait.object << ' ' << wait.holders
                      << ' ' << wait.queue << ' ' << wait.statement << '\n';
  }
  for (const Deadlock& deadlock : totals.deadlocks) {
    place(deadlock.place) << deadlock.detail;
    for (const DeadlockEdge& edge : deadlock.cycle) {
      out << edge.pid << '>' << edge.blocked_by << ' ' << edge.mode << ' ' << edge.object << ' '
          << edge.statement << '\n';
    }
  }
  out << totals.temp_files.count << ' ' << totals.temp_files.bytes << ' '
      << totals.checkpoints.starting << ' ' << totals.checkpoints.buffers << '\n';
  for (const auto& [name, table] : totals.maintenance) {
    out << name << ' ' << table.vacuums << ' ' << table.analyzes << ' ' << table.vacuum_us << ' '
        << table.tuples_removed << '\n';
  }
  for (const auto* messages : {&totals.errors, &totals.other_messages}) {
    for (const MessageStats& message : *messages) {
      place(message.place) << message.count << ' ' << message.message << ' ' << message.example
                           << ' ' << message.statement << '\n';
    }
  }
  for (const QueryRun& run : totals.runs) {
    const RunStats& s = run.stats;
    place(s.place) << run.parent << ' ' << run.child << ' ' << s.groups << ' ' << s.calls << ' '
                   << s.calls_max << ' ' << s.loops << ' ' << s.same_text_calls << ' '
                   << s.same_row_calls << ' ' << s.in_transactions << ' ' << s.busy_us << ' '
                   << s.elapsed_us << '\n';
  }
  for (const auto& [name, group] : totals.groups) {
    out << name << ' ' << group.opened << ' ' << group.closed << ' ' << group.brief << ' '
        << group.session_us << ' ' << group.left_open << ' ' << group.left_silent << ' '
        << group.left_statements << ' ' << group.oldest_open_us << '\n';
    series(group.opens);
    series(group.closes);
    series(group.busy);
  }
  for (const OpenTransaction& open : totals.open_transactions) {
    out << open.pid << ' ' << open.group << ' ' << open.begin_us << ' ' << open.last_us << '\n';
  }
  for (const LoggedPlan& plan : totals.plans) {
    place(plan.place) << plan.query_id << ' ' << plan.duration_us << ' ' << plan.text << '\n';
  }
  return out.str();
}

inline LinePrefix Prefix(std::string_view format) {
  std::string error;
  return *LinePrefix::Compile(format, &error);
}

inline LogSyntax Syntax(const LinePrefix& prefix) {
  return {.format = LogFormat::kStderr, .prefix = prefix};
}

// What the stretch [begin, end) of a log says. REQUIRES: a record begins at `begin`.
inline Workload PartOf(std::string_view log, size_t begin, size_t end, const LinePrefix& prefix) {
  Workload part;
  part.SetFile(FileId{0});
  LogReader reader(log.substr(begin, end - begin), begin, prefix);
  LogRecord record;
  while (reader.Next(&record)) part.Add(record);
  uint64_t lines = 0;
  for (char c : log.substr(0, begin)) lines += c == '\n';
  part.ShiftLines(lines);
  return part;
}

inline Workload WorkloadOf(std::string_view log, const LinePrefix& prefix) {
  Workload workload = PartOf(log, 0, log.size(), prefix);
  workload.Finish(1);
  return workload;
}

inline std::string SampleLogPath(std::string_view name) {
  return std::string(PGSIFT_SOURCE_DIR) + "/testdata/logs/" + std::string(name);
}
inline std::string SampleLog(std::string_view name) {
  std::ifstream in(SampleLogPath(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace pgsift

#endif  // PGSIFT_TESTS_INGEST_LOG_WORKLOAD_TEXT_H_
