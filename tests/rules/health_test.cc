// The score: what it is, and that nothing that gets worse raises it.

#include "rules/health/health.h"

#include <gtest/gtest.h>

#include <random>

namespace pgsift {
namespace {

std::vector<HealthComponent> Components(const std::vector<double>& values) {
  HealthReport health;
  size_t i = 0;
  for (const Objective& objective : DefaultObjectives()) {
    AddComponent(objective.name, values[i++], "log", HealthSettings(), &health);
  }
  return health.components;
}

TEST(HealthTest, AValueAtItsTargetScoresAHundredAndAtItsLimitNothing) {
  for (const Objective& objective : DefaultObjectives()) {
    EXPECT_EQ(ScoreOf(objective.target, objective), 100) << objective.name;
    EXPECT_EQ(ScoreOf(objective.limit, objective), 0) << objective.name;
    EXPECT_NEAR(ScoreOf((objective.target + objective.limit) / 2, objective), 50, 1e-9);
  }
}

TEST(HealthTest, TheWorstCountsApart) {
  EXPECT_EQ(OverallScore({}), 100);
  EXPECT_NEAR(OverallScore({{.weight = 1, .score = 100}, {.weight = 1, .score = 0}}), 35, 1e-9);
  EXPECT_NEAR(OverallScore({{.weight = 1, .score = 100}, {.weight = 0, .score = 0}}), 100, 1e-9);
}

TEST(HealthTest, AWorseValueNeverRaisesTheScore) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> share(-0.2, 1.2);
  const auto objectives = DefaultObjectives();
  for (int round = 0; round < 2000; ++round) {
    std::vector<double> values;
    for (const Objective& objective : objectives) {
      values.push_back(objective.target + share(random) * (objective.limit - objective.target));
    }
    const double before = OverallScore(Components(values));
    ASSERT_GE(before, 0);
    ASSERT_LE(before, 100);
    const size_t worse = random() % values.size();
    const double step = std::abs(share(random)) + 1e-6;
    values[worse] += step * (objectives[worse].limit - objectives[worse].target);
    ASSERT_LE(OverallScore(Components(values)), before + 1e-9) << objectives[worse].name;
  }
}

TEST(HealthTest, AMovedTargetTakesItsLimitAlong) {
  HealthSettings settings;
  settings.objectives["p95_query_time"] = {.target = 250, .has_target = true};
  EXPECT_EQ(settings.ObjectiveOf("p95_query_time").limit, 2500);
  for (const Objective& objective : DefaultObjectives()) {
    for (double target : {0.0, 0.2, 0.5, 0.99, 1.0, 300.0}) {
      if (objective.unit == "ratio" && target > 1) continue;
      settings.objectives[std::string(objective.name)] = {.target = target, .has_target = true};
      const Objective moved = settings.ObjectiveOf(objective.name);
      EXPECT_EQ(ScoreOf(target, moved), 100);
      EXPECT_LE(ScoreOf(moved.at_least ? target - 0.1 : target + 0.1, moved), 100);
      if (target > 0) {
        EXPECT_LT(ScoreOf(moved.limit, moved), 100) << objective.name << target;
      }
    }
  }
}

Snapshot At(int64_t taken_us, int64_t reset_us, double commits, const char* database = "shop") {
  Snapshot snapshot;
  snapshot.taken_us = taken_us;
  snapshot.reset_us = reset_us;
  snapshot.database = database;
  snapshot.database_counters["xact_commit"] = commits;
  return snapshot;
}

double Commits(const Snapshot& of) { return of.database_counters.at("xact_commit"); }

TEST(HealthTest, CountersGrowBetweenExports) {
  const std::vector<Snapshot> two = {At(1, 0, 100), At(2, 0, 150)};
  EXPECT_EQ(CounterWindow(two).Grown(&Commits), 50);
  const std::vector<Snapshot> reset = {At(1, 0, 100), At(2, 1, 30)};
  EXPECT_TRUE(CounterWindow(reset).reset());
  EXPECT_EQ(CounterWindow(reset).Grown(&Commits), 30);
  const std::vector<Snapshot> mixed = {At(1, 0, 100, "other"), At(2, 0, 150)};
  EXPECT_TRUE(CounterWindow(mixed).mixed());
  EXPECT_EQ(CounterWindow(mixed).Grown(&Commits), 150);
}

TEST(HealthTest, StorageParametersOfATableWin) {
  Snapshot snapshot;
  snapshot.settings["autovacuum_vacuum_scale_factor"] = {.value = "0.2"};
  TableStatistics table;
  table.rows = 1000;
  EXPECT_EQ(AutovacuumThreshold(snapshot, table), 250);
  table.options = {"autovacuum_vacuum_scale_factor=0.01", "fillfactor=90"};
  EXPECT_EQ(AutovacuumThreshold(snapshot, table), 60);
  EXPECT_EQ(TableOption(table, "fillfactor", 100), 90);
}

}  // namespace
}  // namespace pgsift
