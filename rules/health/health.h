#ifndef PGSIFT_RULES_HEALTH_HEALTH_H_
#define PGSIFT_RULES_HEALTH_HEALTH_H_

#include <vector>

#include "base/health.h"
#include "ingest/log/time_series.h"
#include "rules/evidence.h"
#include "rules/health/health_settings.h"

namespace pgsift {

// How the server does, by all the evidence there is. Components without evidence are left out.
HealthReport AssessHealth(const Evidence& evidence, const HealthSettings& settings);

// The score of one value, 0 to 100: 100 where the objective is met, 0 at its limit, a straight line
// between. Never rises as the value gets worse.
double ScoreOf(double value, const Objective& objective);
// Of all components: 70 % their weighted mean, 30 % the worst that counts. Never rises as one of
// them falls. 100 if there is none.
double OverallScore(const std::vector<HealthComponent>& components);

// The parts of AssessHealth, each in a file of its own.
void AddLogComponents(const Evidence& evidence, const HealthSettings& settings,
                      HealthReport* health);
void AddSnapshotComponents(const Evidence& evidence, const HealthSettings& settings,
                           HealthReport* health);
void AddAlerts(const Evidence& evidence, const HealthSettings& settings, HealthReport* health);
void AddSessions(const Evidence& evidence, const HealthSettings& settings, HealthReport* health);
// Fills in how many statements of a series (their number and time) run at once, and the connections
// that these need. Leaves *pool as it is if there are none.
void AddConcurrency(const TimeSeries& busy, double headroom, PoolHealth* pool);
// Appends a component with its score.
void AddComponent(std::string_view name, double value, std::string_view source,
                  const HealthSettings& settings, HealthReport* health);

// A connection of a client, not a process of the server.
bool IsClient(const SessionState& session);
// Whether a session does nothing in an open transaction.
bool IsIdleInTransaction(const SessionState& session);
// What transaction ids allow: the age at which the server stops.
inline constexpr double kWraparoundAge =
    2'146'483'648.0;  // 2^31 less a safety margin of 1 million.
// Dead rows at which autovacuum takes a table up, by its own settings and the server's.
double AutovacuumThreshold(const Snapshot& snapshot, const TableStatistics& table);
// The same for ANALYZE, in modified rows.
double AutoanalyzeThreshold(const Snapshot& snapshot, const TableStatistics& table);
// A storage parameter of a table, or `otherwise`.
double TableOption(const TableStatistics& table, std::string_view name, double otherwise);

// What a counter grew by between the oldest and the newest statistics of one server and database;
// the newest's value where only one was given, or counters were reset between them.
class CounterWindow {
 public:
  explicit CounterWindow(std::span<const Snapshot> snapshots);
  // `of` reads the counter, -1 where it is missing.
  template <typename Read>
  double Grown(const Read& of) const {
    const double now = of(*to_);
    if (now < 0 || from_ == nullptr) return now;
    const double before = of(*from_);
    return before >= 0 && before <= now ? now - before : now;
  }
  const Snapshot& newest() const { return *to_; }
  const Snapshot* oldest() const { return from_; }  // Null: no window.
  bool reset() const { return reset_; }
  bool mixed() const { return mixed_; }  // Statistics of several databases were given.

 private:
  const Snapshot* from_ = nullptr;
  const Snapshot* to_ = nullptr;
  bool reset_ = false, mixed_ = false;
};

}  // namespace pgsift

#endif  // PGSIFT_RULES_HEALTH_HEALTH_H_
