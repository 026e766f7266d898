#include "rules/health/health.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_format.h"
#include "ingest/log/workload.h"
#include "parser/name.h"

namespace pgsift {
namespace {

// What limits the figures, in words.
void AddNotes(const Evidence& evidence, HealthReport* health) {
  if (evidence.snapshots.empty()) return;
  const CounterWindow window(evidence.snapshots);
  if (window.reset()) {
    health->notes.emplace_back(
        "counters were reset between the statistics: figures count since the reset");
  }
  if (window.mixed()) {
    health->notes.emplace_back(
        "the statistics are of several databases or servers: only the newest are used");
  }
  if (evidence.workload == nullptr) return;
  const WorkloadTotals& totals = evidence.workload->totals();
  const Snapshot& newest = window.newest();
  if (newest.database.empty()) return;
  bool named = false;
  bool same = false;
  for (const QueryStats& query : totals.queries) {
    for (const NameCount& database : query.databases) {
      named = named || !database.name.empty();
      same = same || database.name == newest.database;
    }
  }
  for (const auto& [name, count] : totals.connections.databases) {
    named = named || !name.empty();
    same = same || name == newest.database;
  }
  if (named && !same) {
    health->notes.push_back(
        absl::StrFormat("the statistics are of database \"%s\", of which the log has no statement: "
                        "they may be another server's",
                        newest.database));
  }
  if (totals.last_us != 0 && newest.started_us > totals.last_us) {
    health->notes.emplace_back(
        "the server of the statistics was started after the log ends: they are of different times, "
        "or of different servers");
  } else if (totals.last_us != 0 && newest.reset_us > totals.last_us) {
    health->notes.emplace_back(
        "counters were reset after the log ends: log and statistics are of different times");
  }
  constexpr int64_t kDayUs = int64_t{86'400} * 1'000'000;
  if (totals.last_us != 0 && newest.taken_us != 0 &&
      std::abs(newest.taken_us - totals.last_us) > kDayUs) {
    health->notes.push_back(absl::StrFormat(
        "the statistics were taken %.0f hours %s the log ends: check the time zones of both",
        static_cast<double>(std::abs(newest.taken_us - totals.last_us)) / 3.6e9,
        newest.taken_us > totals.last_us ? "after" : "before"));
  }
}

bool MoreGrave(const HealthAlert& a, const HealthAlert& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  if (a.begin_us != b.begin_us) return a.begin_us < b.begin_us;
  return a.name != b.name ? a.name < b.name : a.message < b.message;
}

}  // namespace

double ScoreOf(double value, const Objective& objective) {
  const double span = objective.target - objective.limit;
  if (objective.at_least ? value >= objective.target : value <= objective.target) return 100;
  if (span == 0) return 0;
  return 100 * std::clamp((value - objective.limit) / span, 0.0, 1.0) + 0.0;  // No -0.
}

double OverallScore(const std::vector<HealthComponent>& components) {
  double sum = 0;
  double weights = 0;
  double worst = 100;
  for (const HealthComponent& component : components) {
    if (component.weight <= 0) continue;
    sum += component.weight * component.score;
    weights += component.weight;
    worst = std::min(worst, component.score);
  }
  return weights == 0 ? 100 : 0.7 * sum / weights + 0.3 * worst;
}

void AddComponent(std::string_view name, double value, std::string_view source,
                  const HealthSettings& settings, HealthReport* health) {
  const Objective objective = settings.ObjectiveOf(name);
  health->components.push_back({.name = std::string(name),
                                .value = value,
                                .unit = std::string(objective.unit),
                                .target = objective.target,
                                .limit = objective.limit,
                                .at_least = objective.at_least,
                                .weight = objective.weight,
                                .score = ScoreOf(value, objective),
                                .source = std::string(source),
                                .about = std::string(objective.about)});
}

bool IsClient(const SessionState& session) {
  return session.backend_type == "client backend" ||
         (session.backend_type.empty() && !session.database.empty());
}

bool IsIdleInTransaction(const SessionState& session) {
  return session.state.starts_with("idle in transaction");
}

double TableOption(const TableStatistics& table, std::string_view name, double otherwise) {
  for (const std::string& option : table.options) {
    if (option.size() <= name.size() || !std::string_view(option).starts_with(name) ||
        option[name.size()] != '=') {
      continue;
    }
    char* end = nullptr;
    const double value = std::strtod(option.c_str() + name.size() + 1, &end);
    if (*end == '\0') return value;
  }
  return otherwise;
}

double AutovacuumThreshold(const Snapshot& snapshot, const TableStatistics& table) {
  const double rows = std::max(table.rows, 0.0);
  const double base = TableOption(table, "autovacuum_vacuum_threshold",
                                  snapshot.Setting("autovacuum_vacuum_threshold", 50));
  const double share = TableOption(table, "autovacuum_vacuum_scale_factor",
                                   snapshot.Setting("autovacuum_vacuum_scale_factor", 0.2));
  const double most = TableOption(table, "autovacuum_vacuum_max_threshold",
                                  snapshot.Setting("autovacuum_vacuum_max_threshold", -1));
  const double threshold = base + share * rows;
  return most >= 0 ? std::min(threshold, most) : threshold;
}

double AutoanalyzeThreshold(const Snapshot& snapshot, const TableStatistics& table) {
  const double base = TableOption(table, "autovacuum_analyze_threshold",
                                  snapshot.Setting("autovacuum_analyze_threshold", 50));
  const double share = TableOption(table, "autovacuum_analyze_scale_factor",
                                   snapshot.Setting("autovacuum_analyze_scale_factor", 0.1));
  return base + share * std::max(table.rows, 0.0);
}

CounterWindow::CounterWindow(std::span<const Snapshot> snapshots) {
  to_ = &snapshots.back();
  for (const Snapshot& snapshot : snapshots) {
    if (&snapshot == to_) break;
    if (snapshot.database != to_->database) {
      mixed_ = true;
      continue;
    }
    const auto commits = [](const Snapshot& of) {
      const auto found = of.database_counters.find("xact_commit");
      return found == of.database_counters.end() ? -1 : found->second;
    };
    if (snapshot.reset_us != to_->reset_us || commits(snapshot) > commits(*to_)) {
      reset_ = true;
      continue;
    }
    if (from_ == nullptr && snapshot.taken_us < to_->taken_us) from_ = &snapshot;
  }
}

HealthReport AssessHealth(const Evidence& evidence, const HealthSettings& settings) {
  HealthReport health;
  AddNotes(evidence, &health);
  AddLogComponents(evidence, settings, &health);
  AddSnapshotComponents(evidence, settings, &health);
  AddAlerts(evidence, settings, &health);
  AddSessions(evidence, settings, &health);
  // In the order of the objectives; what both log and statistics say, once, from the log.
  std::vector<HealthComponent> ordered;
  for (const Objective& objective : DefaultObjectives()) {
    for (const HealthComponent& component : health.components) {
      if (component.name != objective.name) continue;
      ordered.push_back(component);
      break;
    }
  }
  health.components = std::move(ordered);
  std::stable_sort(health.alerts.begin(), health.alerts.end(), &MoreGrave);
  health.score = OverallScore(health.components);
  return health;
}

}  // namespace pgsift
