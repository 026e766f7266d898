// Sessions over time, and the pool that each application needs.

#include <algorithm>
#include <cmath>

#include "ingest/log/workload.h"
#include "rules/health/health.h"

namespace pgsift {
namespace {

constexpr size_t kPoolsMax = 50;

// The most sessions that the connections and disconnections of an application leave open.
double MostOpen(const SessionGroup& group) {
  std::vector<std::pair<int64_t, int64_t>> changes;
  for (size_t i = 0; i < group.opens.buckets().size(); ++i) {
    changes.emplace_back(group.opens.BeginOf(i),
                         static_cast<int64_t>(group.opens.buckets()[i].count));
  }
  // What closes in a stretch is taken to close at its end.
  for (size_t i = 0; i < group.closes.buckets().size(); ++i) {
    changes.emplace_back(group.closes.BeginOf(i) + group.closes.width_us(),
                         -static_cast<int64_t>(group.closes.buckets()[i].count));
  }
  std::sort(changes.begin(), changes.end());
  int64_t open = 0, most = 0, least = 0;
  for (const auto& [time_us, change] : changes) {
    open += change;
    most = std::max(most, open);
    least = std::min(least, open);
  }
  return static_cast<double>(most - least);
}

}  // namespace

// How many statements run at once, by Little's law: the time that statements take in a stretch by
// its length. Of the stretches in which the application works.
void AddConcurrency(const TimeSeries& busy, double headroom, PoolHealth* pool) {
  std::vector<double> levels;
  double calls = 0;
  double us = 0;
  for (const TimeBucket& bucket : busy.buckets()) {
    calls += static_cast<double>(bucket.count);
    us += static_cast<double>(bucket.total_us);
    if (bucket.count > 0) {
      levels.push_back(static_cast<double>(bucket.total_us) / static_cast<double>(busy.width_us()));
    }
  }
  if (levels.empty()) return;
  std::sort(levels.begin(), levels.end());
  const auto quantile = [&](double q) {
    return levels[static_cast<size_t>(std::ceil(q * static_cast<double>(levels.size()))) - 1];
  };
  const double seconds =
      static_cast<double>(busy.width_us()) / 1e6 * static_cast<double>(busy.buckets().size());
  pool->calls_per_second = calls / seconds;
  pool->service_ms = us / calls / 1000;
  pool->busy_mean = us / 1e6 / seconds;
  pool->busy_p50 = quantile(0.5);
  pool->busy_p99 = quantile(0.99);
  pool->busy_max = levels.back();
  // Within a stretch calls come at random: with a mean of `m` at once, more than
  // m + 2.33 sqrt(m) are rare (1 %).
  const double at_once = pool->busy_p99 + 2.33 * std::sqrt(pool->busy_p99);
  pool->needed = static_cast<uint64_t>(std::max(1.0, std::ceil(headroom * at_once)));
}

void AddSessions(const Evidence& evidence, const HealthSettings& settings, HealthReport* health) {
  if (evidence.workload != nullptr) {
    const WorkloadTotals& totals = evidence.workload->totals();
    for (const OpenSessions::Point& point : totals.connections.open) {
      health->sessions.push_back(
          {.time_us = point.time_us, .open = static_cast<double>(point.sessions)});
    }
    for (const auto& [name, group] : totals.groups) {
      PoolHealth pool{.name = name};
      if (group.opened + group.closed > 0) {
        pool.opened = static_cast<double>(group.opened);
        pool.closed = static_cast<double>(group.closed);
        pool.left_open = static_cast<double>(group.left_open);
        pool.open_max = MostOpen(group);
      }
      AddConcurrency(group.busy, settings.headroom, &pool);
      if (pool.needed > 0 || pool.opened > 0) health->pools.push_back(std::move(pool));
    }
  }
  for (const Snapshot& snapshot : evidence.snapshots) {
    if (!snapshot.has_activity) continue;
    SessionsAt at{.time_us = snapshot.taken_us, .active = 0, .idle = 0, .idle_in_transaction = 0};
    for (const SessionState& session : snapshot.activity) {
      if (!IsClient(session)) continue;
      ++at.open;
      at.idle += session.state == "idle";
      at.idle_in_transaction += IsIdleInTransaction(session);
      at.active += session.state == "active" || session.state == "fastpath function call";
    }
    health->sessions.push_back(at);
  }
  std::stable_sort(health->sessions.begin(), health->sessions.end(),
                   [](const SessionsAt& a, const SessionsAt& b) { return a.time_us < b.time_us; });
  std::stable_sort(
      health->pools.begin(), health->pools.end(),
      [](const PoolHealth& a, const PoolHealth& b) { return a.busy_mean > b.busy_mean; });
  if (health->pools.size() > kPoolsMax) health->pools.resize(kPoolsMax);
}

}  // namespace pgsift
