// Alerts: what went wrong for a while, from when to when, and how bad it got.

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/text.h"
#include "ingest/log/workload.h"
#include "rules/health/health.h"

namespace pgsift {
namespace {

constexpr size_t kPerKindMax = 20;
constexpr size_t kDetailsMax = 5;
constexpr double kMinuteUs = 6e7;

// Neighbouring minutes (or longer stretches of a series) at or above a rate.
struct Burst {
  int64_t begin_us = 0, end_us = 0;
  double peak = 0;  // By the minute.
  uint64_t count = 0;
};

std::vector<Burst> BurstsOf(const TimeSeries& series, double per_minute, bool errors = false) {
  std::vector<Burst> bursts;
  bool open = false;
  const auto step = static_cast<size_t>(
      std::max<int64_t>(1, static_cast<int64_t>(kMinuteUs) / series.width_us()));
  const double minutes =
      static_cast<double>(series.width_us()) * static_cast<double>(step) / kMinuteUs;
  const auto count_of = [&](size_t i) {
    return errors ? series.buckets()[i].errors : series.buckets()[i].count;
  };
  for (size_t begin = 0; begin < series.buckets().size(); begin += step) {
    const size_t end = std::min(begin + step, series.buckets().size());
    uint64_t count = 0;
    size_t first = end;
    size_t last = begin;
    for (size_t i = begin; i < end; ++i) {
      if (count_of(i) == 0) continue;
      count += count_of(i);
      first = std::min(first, i);
      last = i;
    }
    const double rate = static_cast<double>(count) / minutes;
    if (count == 0 || rate < per_minute) {
      open = false;
      continue;
    }
    if (!open) bursts.push_back({.begin_us = series.BeginOf(first)});
    open = true;
    Burst& burst = bursts.back();
    burst.end_us = series.BeginOf(last) + series.width_us();
    burst.peak = std::max(burst.peak, rate);
    burst.count += count;
  }
  std::stable_sort(bursts.begin(), bursts.end(),
                   [](const Burst& a, const Burst& b) { return a.peak > b.peak; });
  if (bursts.size() > kPerKindMax) bursts.resize(kPerKindMax);
  return bursts;
}

class LogAlerts {
 public:
  LogAlerts(const Evidence& evidence, const HealthSettings& settings,
            std::vector<HealthAlert>* alerts)
      : evidence_(evidence),
        totals_(evidence.workload->totals()),
        settings_(settings),
        alerts_(*alerts) {}

  void Add() {
    SlowStatements();
    Errors();
    Fatals();
    Deadlocks();
    LockQueues();
    Of(Event::kTempFile, "temp-file-flood", Severity::kWarning,
       settings_.Threshold("temp_files_per_minute"),
       [](const Burst& burst) { return Counted(burst.count, "temporary file") + " written"; });
    Checkpoints();
    Storms();
    Of(Event::kTooManyConnections, "connections-exhausted", Severity::kError, 0,
       [](const Burst& burst) {
         return Counted(burst.count, "client") + " turned away: no connection slot was free";
       });
    Of(Event::kWraparound, "wraparound-near", Severity::kError, 0, [](const Burst& burst) {
      return "the server warns of transaction id wraparound, " + Counted(burst.count, "message");
    });
    Of(Event::kCrash, "server-crash", Severity::kError, 0, [](const Burst& burst) {
      return "a server process crashed, " + Counted(burst.count, "message");
    });
    Of(Event::kDiskFull, "disk-full", Severity::kError, 0, [](const Burst& burst) {
      return "no space left on the server's disk, " + Counted(burst.count, "message");
    });
    Of(Event::kCorruption, "corruption", Severity::kError, 0, [](const Burst& burst) {
      return "the server found damaged data, " + Counted(burst.count, "message");
    });
    Of(Event::kOutOfMemory, "out-of-memory", Severity::kError, 0, [](const Burst& burst) {
      return "the server ran out of memory, " + Counted(burst.count, "message");
    });
    Of(Event::kArchiveFailed, "archiving-failed", Severity::kWarning, 0, [](const Burst& burst) {
      return "WAL could not be archived, " + Counted(burst.count, "message");
    });
  }

 private:
  const EventStats& EventsOf(Event event) const {
    return totals_.events[static_cast<size_t>(event)];
  }

  void Place(const LogPlace& place, HealthAlert* alert) const {
    alert->path = std::string(evidence_.sources->path(place.file));
    alert->line = place.line;
  }

  template <typename Say>
  void Of(Event event, const char* name, Severity severity, double per_minute, const Say& say) {
    const EventStats& events = EventsOf(event);
    if (events.count == 0) return;
    std::vector<Burst> bursts = BurstsOf(events.series, per_minute);
    // A log without times.
    if (bursts.empty() && events.series.buckets().empty() && per_minute <= 1) {
      bursts.push_back({.count = events.count});
    }
    for (const Burst& burst : bursts) {
      HealthAlert& alert = alerts_.emplace_back();
      alert.name = name;
      alert.severity = severity;
      alert.message = say(burst);
      Take(burst, &alert);
      for (const EventExample& example : events.examples) {
        if (burst.begin_us != 0 &&
            (example.place.time_us < burst.begin_us || example.place.time_us >= burst.end_us)) {
          continue;
        }
        if (alert.path.empty()) Place(example.place, &alert);
        alert.details.push_back(OneLine(example.text, 200));
      }
    }
  }

  static void Take(const Burst& burst, HealthAlert* alert) {
    alert->begin_us = burst.begin_us;
    alert->end_us = burst.end_us;
    alert->count = burst.count;
    if (burst.peak <= 0) return;
    alert->peak = burst.peak;
    alert->peak_unit = "per_minute";
  }

  void SlowStatements() {
    const double limit_ms = settings_.Threshold("extremely_slow_ms");
    size_t kept = 0;
    for (const QueryStats& query : totals_.queries) {
      if (static_cast<double>(query.max_us) / 1000 < limit_ms || kept++ >= kPerKindMax) continue;
      HealthAlert& alert = alerts_.emplace_back();
      alert.name = "extremely-slow-statement";
      alert.severity = Severity::kWarning;
      alert.peak = static_cast<double>(query.max_us) / 1000;
      alert.peak_unit = "ms";
      alert.count = std::max<uint64_t>(
          1, query.latency.CountAtOrAbove(static_cast<int64_t>(limit_ms * 1000)));
      for (const SlowExecution& slow : query.slowest) {
        if (static_cast<double>(slow.duration_us) / 1000 < limit_ms) continue;
        const int64_t end = slow.place.time_us;
        if (end == 0) continue;
        const int64_t begin = end - slow.duration_us;
        alert.begin_us = alert.begin_us == 0 ? begin : std::min(alert.begin_us, begin);
        alert.end_us = std::max(alert.end_us, end);
      }
      Place(query.example_place, &alert);
      alert.message = absl::StrFormat("%s took %s or longer: %s", Counted(alert.count, "call"),
                                      HumanMs(limit_ms), OneLine(query.query, 120));
    }
  }

  void Errors() {
    for (const Burst& burst :
         BurstsOf(totals_.activity, settings_.Threshold("errors_per_minute"), true)) {
      HealthAlert& alert = alerts_.emplace_back();
      alert.name = "error-burst";
      alert.severity = Severity::kWarning;
      alert.message = Counted(burst.count, "error") + " in a burst";
      Take(burst, &alert);
      for (const MessageStats& message : totals_.errors) {
        if (message.first_us >= burst.end_us || message.last_us < burst.begin_us) continue;
        if (alert.path.empty()) Place(message.place, &alert);
        if (alert.details.size() >= kDetailsMax) break;
        alert.details.push_back(absl::StrFormat("%s in the log: %s", Grouped(message.count),
                                                OneLine(message.message, 200)));
      }
    }
  }

  // What has an alert of its own, or is no fault.
  static bool IsKnown(Event event) {
    switch (event) {
      case Event::kTooManyConnections:
      case Event::kAdministratorCommand:
      case Event::kServerNotReady:
      case Event::kShutdown:
      case Event::kOutOfMemory:
      case Event::kDiskFull:
        return true;
      default:
        return false;
    }
  }

  void Fatals() {
    const double least = settings_.Threshold("fatals");
    size_t kept = 0;
    for (const MessageStats& message : totals_.errors) {
      if (message.level < LogLevel::kFatal || IsKnown(message.event)) continue;
      if (message.message.ends_with("due to administrator command")) continue;
      if (static_cast<double>(message.count) < least || kept++ >= kPerKindMax) continue;
      HealthAlert& alert = alerts_.emplace_back();
      alert.name = message.level == LogLevel::kPanic ? "panic" : "fatal";
      alert.severity = message.level == LogLevel::kPanic ? Severity::kError : Severity::kWarning;
      alert.message =
          absl::StrFormat("%s times: %s", Grouped(message.count), OneLine(message.message, 200));
      alert.count = message.count;
      alert.begin_us = message.first_us;
      alert.end_us = message.last_us;
      Place(message.place, &alert);
    }
  }

  // Deadlocks of the same statements are one alert.
  void Deadlocks() {
    const EventStats& events = EventsOf(Event::kDeadlock);
    if (static_cast<double>(events.count) < settings_.Threshold("deadlocks")) return;
    std::map<std::string, HealthAlert> by_cycle;
    for (const Deadlock& deadlock : totals_.deadlocks) {
      std::set<std::string> statements;
      for (const DeadlockEdge& edge : deadlock.cycle)
        statements.insert(FoldMessage(edge.statement));
      std::string key;
      for (const std::string& statement : statements) key += statement + "\n";
      HealthAlert& alert = by_cycle[key];
      if (alert.count++ == 0) {
        alert.name = "deadlock";
        alert.severity = Severity::kError;
        alert.begin_us = deadlock.place.time_us;
        Place(deadlock.place, &alert);
        for (const DeadlockEdge& edge : deadlock.cycle) {
          alert.details.push_back(absl::StrFormat("%d waits for %s on %s, blocked by %d: %s",
                                                  edge.pid, edge.mode, edge.object, edge.blocked_by,
                                                  OneLine(edge.statement, 120)));
        }
      }
      alert.begin_us = std::min(alert.begin_us, deadlock.place.time_us);
      alert.end_us = std::max(alert.end_us, deadlock.place.time_us);
    }
    size_t kept = 0;
    for (auto& [key, alert] : by_cycle) {
      if (kept++ >= kPerKindMax) break;
      alert.message = Counted(alert.count, "deadlock") + " of the same statements";
      alerts_.push_back(std::move(alert));
    }
  }

  // Waits for one object that overlap in time are one queue.
  void LockQueues() {
    const double limit_ms = settings_.Threshold("lock_wait_ms");
    std::vector<const LockWait*> waits;
    for (const LockWait& wait : totals_.locks.examples) {
      const bool queued = wait.queue.find(',') != std::string::npos;
      if (static_cast<double>(wait.waited_us) / 1000 >= limit_ms || queued) waits.push_back(&wait);
    }
    const auto begin_of = [](const LockWait& wait) { return wait.place.time_us - wait.waited_us; };
    std::sort(waits.begin(), waits.end(), [&](const LockWait* a, const LockWait* b) {
      if (a->object != b->object) return a->object < b->object;
      if (begin_of(*a) != begin_of(*b)) return begin_of(*a) < begin_of(*b);
      return a->place.offset < b->place.offset;
    });
    size_t kept = 0;
    for (size_t i = 0; i < waits.size();) {
      int64_t end_us = waits[i]->place.time_us;
      size_t end = i + 1;
      while (end < waits.size() && waits[end]->object == waits[i]->object &&
             begin_of(*waits[end]) <= end_us) {
        end_us = std::max(end_us, waits[end++]->place.time_us);
      }
      if (kept++ < kPerKindMax) Queue({waits.begin() + i, waits.begin() + end}, end_us);
      i = end;
    }
  }

  void Queue(const std::vector<const LockWait*>& waits, int64_t end_us) {
    HealthAlert& alert = alerts_.emplace_back();
    alert.name = "lock-queue";
    alert.severity = Severity::kWarning;
    std::set<uint32_t> pids;
    std::map<uint32_t, std::set<uint32_t>> holders;
    int64_t begin_us = waits.front()->place.time_us;
    for (const LockWait* wait : waits) {
      pids.insert(wait->pid);
      begin_us = std::min(begin_us, wait->place.time_us - wait->waited_us);
      alert.peak = std::max(alert.peak, static_cast<double>(wait->waited_us) / 1000);
      for (const absl::string_view holder : absl::StrSplit(wait->holders, ", ")) {
        uint32_t pid = 0;
        if (absl::SimpleAtoi(holder, &pid)) holders[wait->pid].insert(pid);
      }
      if (alert.details.size() < kDetailsMax) {
        alert.details.push_back(
            absl::StrFormat("%d waited %s for %s%s%s%s", wait->pid,
                            HumanMs(static_cast<double>(wait->waited_us) / 1000), wait->mode,
                            wait->holders.empty() ? "" : ", held by " + wait->holders,
                            wait->queue.empty() ? "" : ", queue " + wait->queue,
                            wait->statement.empty() ? "" : ": " + OneLine(wait->statement, 120)));
      }
    }
    alert.count = pids.size();
    alert.peak_unit = "ms";
    alert.begin_us = begin_us;
    alert.end_us = end_us;
    Place(waits.front()->place, &alert);
    alert.message = absl::StrFormat("%s waited for %s%s", Counted(pids.size(), "session"),
                                    waits.front()->object, Chain(pids, holders));
  }

  // Those who hold and do not wait themselves.
  static std::string Chain(const std::set<uint32_t>& pids,
                           const std::map<uint32_t, std::set<uint32_t>>& holders) {
    std::set<uint32_t> roots;
    for (const auto& [waiter, held_by] : holders) {
      for (uint32_t holder : held_by) {
        if (!pids.contains(holder)) roots.insert(holder);
      }
    }
    if (roots.empty()) return {};
    std::string text = ", held by ";
    for (uint32_t root : roots) {
      if (!text.ends_with("by ")) text += ", ";
      text += absl::StrFormat("process %d", root);
    }
    return text;
  }

  void Checkpoints() {
    const double limit = settings_.Threshold("checkpoints_per_minute");
    const auto say = [&](const Burst& burst) {
      return absl::StrFormat("%s forced by WAL, sooner than checkpoint_warning",
                             Counted(burst.count, "checkpoint"));
    };
    if (EventsOf(Event::kCheckpointsTooFrequent).count > 0) {
      return Of(Event::kCheckpointsTooFrequent, "checkpoint-storm", Severity::kWarning, 0, say);
    }
    if (totals_.checkpoints.wal == 0) return;
    Of(Event::kCheckpointStarting, "checkpoint-storm", Severity::kWarning, limit,
       [](const Burst& burst) { return Counted(burst.count, "checkpoint") + " in a row"; });
  }

  void Storms() {
    for (const Burst& burst :
         BurstsOf(totals_.connections.series, settings_.Threshold("connections_per_minute"))) {
      HealthAlert& alert = alerts_.emplace_back();
      alert.name = "connection-storm";
      alert.message = Counted(burst.count, "new connection");
      Take(burst, &alert);
      for (const auto& [name, group] : totals_.groups) {
        uint64_t opened = 0;
        for (size_t i = 0; i < group.opens.buckets().size(); ++i) {
          const int64_t begin = group.opens.BeginOf(i);
          if (begin < burst.end_us && begin + group.opens.width_us() > burst.begin_us) {
            opened += group.opens.buckets()[i].count;
          }
        }
        if (opened * 10 >= burst.count && alert.details.size() < kDetailsMax) {
          alert.details.push_back(absl::StrFormat("%s opened %s", name.empty() ? "(unknown)" : name,
                                                  Counted(opened, "connection")));
        }
      }
    }
  }

  const Evidence& evidence_;
  const WorkloadTotals& totals_;
  const HealthSettings& settings_;
  std::vector<HealthAlert>& alerts_;
};

// Who blocks whom, up to the session that waits for no one.
std::string BlockerChain(const Snapshot& snapshot, const SessionState& session) {
  std::string chain = absl::StrFormat("%d", session.pid);
  std::set<int64_t> seen = {session.pid};
  const SessionState* at = &session;
  while (at != nullptr && !at->blocked_by.empty()) {
    const int64_t blocker = at->blocked_by.front();
    chain += absl::StrFormat(" <- %d", blocker);
    if (!seen.insert(blocker).second) break;
    const auto found = std::find_if(snapshot.activity.begin(), snapshot.activity.end(),
                                    [&](const SessionState& each) { return each.pid == blocker; });
    at = found == snapshot.activity.end() ? nullptr : &*found;
    if (at != nullptr && at->blocked_by.empty()) {
      chain += absl::StrFormat(" (%s%s%s)", at->state,
                               at->application.empty() ? "" : ", " + at->application,
                               at->query.empty() ? "" : ": " + OneLine(at->query, 80));
    }
  }
  return chain;
}

void AddSnapshotAlerts(const Snapshot& snapshot, const HealthSettings& settings,
                       std::vector<HealthAlert>* alerts) {
  const auto add = [&](const char* name, Severity severity, std::string message) -> HealthAlert& {
    HealthAlert& alert = alerts->emplace_back();
    alert.name = name;
    alert.severity = severity;
    alert.message = std::move(message);
    alert.path = snapshot.path;
    alert.count = 1;
    return alert;
  };
  for (const SessionState& session : snapshot.activity) {
    if (!IsClient(session)) continue;
    const auto since_ms = [&](int64_t us) {
      return us == 0 ? -1 : static_cast<double>(snapshot.taken_us - us) / 1000;
    };
    const double open_ms = since_ms(session.transaction_start_us);
    if (IsIdleInTransaction(session) && open_ms >= settings.Threshold("idle_in_transaction_ms")) {
      HealthAlert& alert =
          add("idle-in-transaction", Severity::kWarning,
              absl::StrFormat("process %d (%s) does nothing in a transaction that is open for %s",
                              session.pid, session.application, HumanMs(open_ms)));
      alert.begin_us = session.transaction_start_us;
      alert.end_us = snapshot.taken_us;
      alert.peak = open_ms;
      alert.peak_unit = "ms";
    }
    const double blocked_ms = since_ms(session.query_start_us);
    if (!session.blocked_by.empty() && blocked_ms >= settings.Threshold("blocked_ms")) {
      HealthAlert& alert = add("blocked-session", Severity::kWarning,
                               absl::StrFormat("process %d waits since %s: %s", session.pid,
                                               HumanMs(blocked_ms), OneLine(session.query, 120)));
      alert.begin_us = session.query_start_us;
      alert.end_us = snapshot.taken_us;
      alert.peak = blocked_ms;
      alert.peak_unit = "ms";
      alert.details.push_back(BlockerChain(snapshot, session));
    }
  }
  double age = -1;
  std::string oldest = "the database";
  if (const auto found = snapshot.database_counters.find("xid_age");
      found != snapshot.database_counters.end()) {
    age = found->second;
  }
  for (const auto& [name, table] : snapshot.tables) {
    if (table.xid_age <= age) continue;
    age = table.xid_age;
    oldest = name.ToString();
  }
  if (age >= settings.Threshold("wraparound_ratio") * kWraparoundAge) {
    HealthAlert& alert =
        add("wraparound-near", Severity::kError,
            absl::StrFormat("%s is %s transactions old: the server stops at 2.1 billion", oldest,
                            Grouped(static_cast<uint64_t>(age))));
    alert.peak = age / kWraparoundAge;
    alert.peak_unit = "ratio";
  }
  for (const ReplicationSlot& slot : snapshot.slots) {
    if (slot.retained_bytes < settings.Threshold("slot_bytes")) continue;
    HealthAlert& alert = add("replication-slot", Severity::kWarning,
                             absl::StrFormat("slot \"%s\"%s holds %s of WAL", slot.name,
                                             slot.active ? "" : ", which no one reads,",
                                             HumanBytes(slot.retained_bytes)));
    alert.peak = slot.retained_bytes;
    alert.peak_unit = "bytes";
  }
}

}  // namespace

void AddAlerts(const Evidence& evidence, const HealthSettings& settings, HealthReport* health) {
  if (evidence.workload != nullptr) LogAlerts(evidence, settings, &health->alerts).Add();
  if (evidence.snapshot() != nullptr) {
    AddSnapshotAlerts(*evidence.snapshot(), settings, &health->alerts);
  }
}

}  // namespace pgsift
