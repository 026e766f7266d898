#include "reports/json_workload.h"

#include "reports/places.h"

namespace pgsift {
namespace {

constexpr int kMsDigits = 3;

class WorkloadWriter {
 public:
  explicit WorkloadWriter(JsonWriter* json) : json_(*json) {}

  void WriteWorkload(const WorkloadReport& workload) {
    json_.Key("workload").BeginObject();
    Time("first_time", workload.first_us);
    Time("last_time", workload.last_us);
    Ms("duration_ms", static_cast<double>(workload.last_us - workload.first_us) / 1000);
    json_.Field("records", workload.records).Field("sessions", workload.sessions);
    json_.Field("statements", workload.statements);
    Ms("total_ms", workload.total_ms);
    json_.Field("unattributed_durations", workload.unattributed_durations);
    Ms("unattributed_ms", workload.unattributed_ms);
    if (workload.beyond_shapes > 0) json_.Field("beyond_shapes", workload.beyond_shapes);
    if (workload.beyond_messages > 0) json_.Field("beyond_messages", workload.beyond_messages);
    if (workload.beyond_names > 0) json_.Field("beyond_names", workload.beyond_names);
    json_.Field("percentile_relative_error", 0.01);
    json_.Key("queries").BeginArray();
    for (const QueryReport& query : workload.queries) WriteQuery(query);
    json_.EndArray();
    Series(workload.series);
    json_.Key("events").BeginObject();
    for (const EventReport& event : workload.events) {
      json_.Key(event.name).BeginObject().Field("count", event.count);
      Examples(event.examples);
      json_.EndObject();
    }
    json_.EndObject();
    Server(workload);
    Messages("errors", workload.errors);
    Messages("messages", workload.messages);
    json_.EndObject();
  }

 private:
  void OptionalText(std::string_view key, const std::string& text) {
    if (!text.empty()) json_.Field(key, text);
  }
  void Ms(std::string_view key, double ms) { json_.Key(key).Rounded(ms, kMsDigits); }
  void Time(std::string_view key, int64_t time_us) {
    if (time_us != 0) json_.Field(key, IsoTime(time_us));
  }
  void Counts(std::string_view key, const std::vector<NamedCount>& counts) {
    json_.Key(key).BeginObject();
    for (const NamedCount& count : counts) json_.Field(count.name, count.count);
    json_.EndObject();
  }

  void Series(const std::vector<SeriesPoint>& series) {
    json_.Key("series").BeginArray();
    for (const SeriesPoint& point : series) {
      json_.BeginObject().Field("time", IsoTime(point.time_us)).Field("calls", point.calls);
      json_.Field("errors", point.errors);
      Ms("total_ms", point.total_ms);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void WriteQuery(const QueryReport& query) {
    json_.BeginObject().Field("id", query.id).Field("query", query.query);
    OptionalText("example", query.example);
    json_.Field("calls", query.calls);
    Ms("total_ms", query.total_ms);
    if (query.estimated_calls > 0) {
      json_.Key("estimated_calls").Rounded(query.estimated_calls, 1);
      Ms("estimated_ms", query.estimated_ms);
    }
    if (query.timed) {
      Ms("min_ms", query.min_ms);
      Ms("max_ms", query.max_ms);
      Ms("mean_ms", query.mean_ms);
      Ms("stddev_ms", query.stddev_ms);
      Ms("p50_ms", query.p50_ms);
      Ms("p90_ms", query.p90_ms);
      Ms("p95_ms", query.p95_ms);
      Ms("p99_ms", query.p99_ms);
      Ms("p999_ms", query.p999_ms);
      json_.Field("slow_calls", query.slow_calls);
    }
    if (query.transactions > 0) {
      json_.Field("transactions", query.transactions);
      Ms("held_p95_ms", query.held_p95_ms);
    }
    if (query.parses > 0) json_.Field("parses", query.parses);
    if (query.parses > 0) Ms("parse_ms", query.parse_ms);
    if (query.binds > 0) json_.Field("binds", query.binds);
    if (query.binds > 0) Ms("bind_ms", query.bind_ms);
    if (query.fetches > 0) json_.Field("fetches", query.fetches);
    if (query.lock_waits > 0) json_.Field("lock_waits", query.lock_waits);
    if (query.lock_waits > 0) Ms("lock_wait_ms", query.lock_wait_ms);
    if (query.temp_files > 0) json_.Field("temp_files", query.temp_files);
    json_.Field("errors", query.errors).Field("temp_bytes", query.temp_bytes);
    Counts("databases", query.databases);
    Counts("users", query.users);
    Counts("applications", query.applications);
    Counts("clients", query.clients);
    Time("first_time", query.first_us);
    Time("last_time", query.last_us);
    Series(query.series);
    if (!query.slowest.empty()) Slowest(query.slowest);
    json_.EndObject();
  }

  void Slowest(const std::vector<SlowReport>& slowest) {
    json_.Key("slowest").BeginArray();
    for (const SlowReport& slow : slowest) {
      json_.BeginObject();
      Ms("ms", slow.ms);
      json_.Field("path", slow.path).Field("line", slow.line);
      Time("time", slow.time_us);
      json_.Field("text", slow.text);
      OptionalText("parameters", slow.parameters);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Examples(const std::vector<EventExampleReport>& examples) {
    json_.Key("examples").BeginArray();
    for (const EventExampleReport& example : examples) {
      json_.BeginObject().Field("path", example.path).Field("line", example.line);
      Time("time", example.time_us);
      json_.Field("text", example.text).EndObject();
    }
    json_.EndArray();
  }

  void Messages(std::string_view key, const std::vector<ErrorReport>& messages) {
    json_.Key(key).BeginArray();
    for (const ErrorReport& error : messages) {
      json_.BeginObject();
      OptionalText("sqlstate", error.sqlstate);
      json_.Field("level", error.level).Field("message", error.message).Field("count", error.count);
      OptionalText("example", error.example);
      OptionalText("statement", error.statement);
      Time("first_time", error.first_us);
      Time("last_time", error.last_us);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Server(const WorkloadReport& workload) {
    const auto& connections = workload.connections;
    json_.Key("connections").BeginObject();
    json_.Field("received", connections.received).Field("authorized", connections.authorized);
    json_.Field("disconnections", connections.disconnections)
        .Field("rejected", connections.rejected);
    json_.Field("peak", connections.peak);
    Ms("session_ms", connections.session_ms);
    Counts("by_database", connections.databases);
    Counts("by_user", connections.users);
    Counts("by_application", connections.applications);
    json_.Key("open").BeginArray();
    for (const SessionsPoint& point : connections.open) {
      json_.BeginObject().Field("time", IsoTime(point.time_us)).Field("sessions", point.sessions);
      json_.EndObject();
    }
    json_.EndArray().EndObject();
    const auto& transactions = workload.transactions;
    json_.Key("transactions").BeginObject().Field("count", transactions.count);
    json_.Field("rolled_back", transactions.rolled_back);
    Ms("total_ms", transactions.total_ms);
    Ms("max_ms", transactions.max_ms);
    Ms("idle_ms", transactions.idle_ms);
    Ms("idle_ms_max", transactions.idle_ms_max);
    json_.EndObject();
    Locks(workload);
    Files(workload);
  }

  void Locks(const WorkloadReport& workload) {
    const auto& locks = workload.locks;
    json_.Key("locks").BeginObject().Field("waits", locks.waits).Field("acquired", locks.acquired);
    json_.Field("failed", locks.failed).Field("deadlocks", locks.deadlocks);
    Ms("wait_ms", locks.wait_ms);
    Ms("wait_ms_max", locks.wait_ms_max);
    Locked("modes", locks.modes);
    Locked("objects", locks.objects);
    json_.Key("examples").BeginArray();
    for (const LockWaitReport& wait : locks.examples) LockWait(wait);
    json_.EndArray().Key("cycles").BeginArray();
    for (const DeadlockReport& deadlock : locks.cycles) Cycle(deadlock);
    json_.EndArray().EndObject();
  }

  void Locked(std::string_view key, const std::vector<LockedReport>& list) {
    json_.Key(key).BeginArray();
    for (const LockedReport& locked : list) {
      json_.BeginObject().Field("name", locked.name).Field("waits", locked.waits);
      Ms("total_ms", locked.total_ms);
      Ms("max_ms", locked.max_ms);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void LockWait(const LockWaitReport& wait) {
    json_.BeginObject().Field("path", wait.place.path).Field("line", wait.place.line);
    Time("time", wait.place.time_us);
    json_.Field("text", wait.place.text).Field("pid", wait.pid).Field("mode", wait.mode);
    json_.Field("object", wait.object);
    Processes("holders", wait.holders);
    Processes("queue", wait.queue);
    OptionalText("statement", wait.statement);
    Ms("waited_ms", wait.waited_ms);
    json_.Field("acquired", wait.acquired).EndObject();
  }

  // "7, 8" as [7, 8].
  void Processes(std::string_view key, std::string_view list) {
    json_.Key(key).BeginArray();
    uint64_t pid = 0;
    bool digits = false;
    for (size_t i = 0; i <= list.size(); ++i) {
      const char c = i < list.size() ? list[i] : ',';
      if (c >= '0' && c <= '9') {
        pid = pid * 10 + static_cast<uint64_t>(c - '0');
        digits = true;
        continue;
      }
      if (digits) json_.Number(pid);
      pid = 0;
      digits = false;
    }
    json_.EndArray();
  }

  void Cycle(const DeadlockReport& deadlock) {
    json_.BeginObject().Field("path", deadlock.path).Field("line", deadlock.line);
    Time("time", deadlock.time_us);
    OptionalText("database", deadlock.database);
    OptionalText("user", deadlock.user);
    OptionalText("application", deadlock.application);
    json_.Key("processes").BeginArray();
    for (const DeadlockProcessReport& process : deadlock.cycle) {
      json_.BeginObject().Field("pid", process.pid).Field("blocked_by", process.blocked_by);
      json_.Field("mode", process.mode).Field("object", process.object);
      OptionalText("statement", process.statement);
      json_.EndObject();
    }
    json_.EndArray().EndObject();
  }

  void Files(const WorkloadReport& workload) {
    const auto& temp = workload.temp_files;
    json_.Key("temp_files").BeginObject().Field("count", temp.count).Field("bytes", temp.bytes);
    json_.Field("bytes_max", temp.bytes_max).EndObject();
    const auto& checkpoints = workload.checkpoints;
    json_.Key("checkpoints").BeginObject().Field("count", checkpoints.count);
    json_.Field("timed", checkpoints.timed).Field("wal", checkpoints.wal);
    json_.Field("requested", checkpoints.requested).Field("too_frequent", checkpoints.too_frequent);
    json_.Field("buffers", checkpoints.buffers);
    Ms("write_ms", checkpoints.write_ms);
    Ms("sync_ms", checkpoints.sync_ms);
    Ms("total_ms", checkpoints.total_ms);
    json_.EndObject();
    json_.Key("autovacuum").BeginObject().Field("vacuums", workload.autovacuum.vacuums);
    json_.Field("analyzes", workload.autovacuum.analyzes).Key("tables").BeginArray();
    for (const TableMaintenanceReport& table : workload.autovacuum.tables) {
      json_.BeginObject().Field("table", table.table).Field("vacuums", table.vacuums);
      json_.Field("analyzes", table.analyzes).Field("tuples_removed", table.tuples_removed);
      Ms("elapsed_ms", table.elapsed_ms);
      json_.EndObject();
    }
    json_.EndArray().EndObject();
  }

  JsonWriter& json_;
};

}  // namespace

void WriteJsonWorkload(const WorkloadReport& workload, JsonWriter* json) {
  WorkloadWriter(json).WriteWorkload(workload);
}

}  // namespace pgsift
