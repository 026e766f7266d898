#include "rules/health/health_settings.h"

#include <algorithm>
#include <array>

namespace pgsift {
namespace {

constexpr auto kObjectives = std::to_array<Objective>({
    {"p95_query_time", "ms", 100, 1000, false, 3, "95 of 100 statements take no longer than this"},
    {"error_rate", "ratio", 0.01, 0.1, false, 2, "statements that fail"},
    {"rejected_connections", "ratio", 0, 0.05, false, 2, "clients that were turned away"},
    {"fatal_errors", "per_hour", 1, 60, false, 1,
     "sessions that ended with FATAL, and crashes, by the hour"},
    {"lock_wait_time", "ratio", 0.01, 0.2, false, 2,
     "time in long lock waits, of the time in statements"},
    {"deadlocks", "per_hour", 0, 10, false, 2, "deadlocks by the hour"},
    {"temp_file_statements", "ratio", 0.01, 0.2, false, 1,
     "temporary files for each statement: what work_mem does not hold"},
    {"idle_in_transaction_time", "ratio", 0.25, 1, false, 1,
     "time in which transactions are open and do nothing"},
    {"requested_checkpoints", "ratio", 0.1, 1, false, 1,
     "checkpoints that WAL forced, not the clock"},
    {"index_use", "ratio", 0.8, 0.2, true, 2,
     "scans of tables of 1000 rows and more that use an index"},
    {"idle_connections", "ratio", 0.1, 1, false, 1, "client sessions that do nothing"},
    {"idle_in_transaction", "ratio", 0.01, 0.3, false, 2,
     "client sessions that do nothing in an open transaction"},
    {"blocked_sessions", "ratio", 0, 0.2, false, 2, "client sessions that wait for another"},
    {"connection_use", "ratio", 0.8, 1, false, 1, "client sessions, of max_connections"},
    {"cache_hit", "ratio", 0.95, 0.5, true, 1, "blocks found in shared_buffers"},
    {"rollbacks", "ratio", 0.05, 0.5, false, 1, "transactions that were rolled back"},
    {"dead_rows", "ratio", 0.1, 0.5, false, 2, "row versions that VACUUM has to remove"},
    {"vacuum_backlog", "ratio", 0, 0.5, false, 1,
     "tables with more dead rows than the threshold of autovacuum"},
    {"freeze_age", "ratio", 0.15, 0.9, false, 3,
     "age of the oldest row, of what transaction ids allow"},
});

constexpr auto kThresholds = std::to_array<AlertThreshold>({
    {"extremely_slow_ms", 10'000, "a statement that takes longer"},
    {"errors_per_minute", 10, "an error burst begins here"},
    {"fatals", 1, "FATAL and PANIC messages"},
    {"deadlocks", 1, "deadlocks"},
    {"lock_wait_ms", 5'000, "a wait for a lock that is longer"},
    {"temp_files_per_minute", 20, "a flood of temporary files"},
    {"checkpoints_per_minute", 2, "a storm of checkpoints that WAL forces"},
    {"connections_per_minute", 300, "a storm of new connections"},
    {"wraparound_ratio", 0.5, "age of the oldest row, of what transaction ids allow"},
    {"idle_in_transaction_ms", 300'000, "a session that does nothing in its transaction"},
    {"blocked_ms", 5'000, "a session that waits for another"},
    {"slot_bytes", 10e9, "WAL that a replication slot holds"},
});

template <typename List>
const auto& Named(const List& list, std::string_view name) {
  return *std::find_if(list.begin(), list.end(),
                       [name](const auto& each) { return each.name == name; });
}

}  // namespace

std::span<const Objective> DefaultObjectives() { return kObjectives; }
std::span<const AlertThreshold> DefaultThresholds() { return kThresholds; }

Objective HealthSettings::ObjectiveOf(std::string_view name) const {
  Objective objective = Named(kObjectives, name);
  const auto change = objectives.find(name);
  if (change == objectives.end()) return objective;
  // The limit keeps its distance from a target that was moved, unless it is given too.
  if (change->second.has_target) {
    const double moved = change->second.target;
    const bool ratio = objective.unit == "ratio";
    if (objective.target > 0 && !ratio) {
      objective.limit *= moved / objective.target;
    } else if (objective.at_least ? objective.limit >= moved : objective.limit <= moved) {
      objective.limit = objective.at_least ? moved / 2 : moved + 0.5;
    }
    objective.target = moved;
  }
  if (change->second.has_limit) objective.limit = change->second.limit;
  if (change->second.has_weight) objective.weight = change->second.weight;
  return objective;
}

double HealthSettings::Threshold(std::string_view name) const {
  const auto set = thresholds.find(name);
  return set != thresholds.end() ? set->second : Named(kThresholds, name).value;
}

}  // namespace pgsift
