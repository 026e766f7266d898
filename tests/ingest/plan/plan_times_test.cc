#include "ingest/plan/plan_times.h"

#include <gtest/gtest.h>

#include <string>

#include "ingest/plan/plan_reader.h"

namespace pgsift {
namespace {

Plan OnlyPlan(const std::string& text) {
  PlanReadResult result = ReadPlans(text, FileId{0});
  EXPECT_TRUE(result.errors.empty());
  EXPECT_EQ(result.plans.size(), 1u);
  return result.plans.empty() ? Plan{} : std::move(result.plans[0]);
}

double SumOf(const Plan& plan) {
  double sum = 0;
  for (const PlanNode& node : plan.nodes) sum += node.exclusive_ms;
  return sum;
}

// From 17 on a sub-query may bring its InitPlan along below a Gather: each process runs it.
TEST(PlanTimes, AnInitPlanThatWorkersRunTakesWhatOneOfThemTook) {
  const Plan plan = OnlyPlan(
      "Gather  (cost=0.00..90.00 rows=9 width=4) (actual time=30.000..90.000 rows=9 loops=1)\n"
      "  Workers Planned: 2\n"
      "  Workers Launched: 2\n"
      "  ->  HashAggregate  (cost=0.00..80.00 rows=3 width=4) (actual time=50.000..80.000 rows=3 "
      "loops=3)\n"
      "        Group Key: a.id\n"
      "        InitPlan 1\n"
      "          ->  Seq Scan on limits  (cost=0.00..9.00 rows=1 width=4) (actual "
      "time=20.000..20.000 rows=1 loops=3)\n"
      "        ->  Parallel Seq Scan on a  (cost=0.00..50.00 rows=3 width=4) (actual "
      "time=21.000..60.000 rows=3 loops=3)\n"
      "              Filter: (id > (InitPlan 1).col1)\n"
      "Execution Time: 91.000 ms\n");
  ASSERT_EQ(plan.nodes.size(), 4u);
  EXPECT_DOUBLE_EQ(plan.nodes[2].exclusive_ms, 20);
  EXPECT_DOUBLE_EQ(plan.nodes[3].exclusive_ms, 40);
  EXPECT_DOUBLE_EQ(plan.detached_ms, 0);
  EXPECT_DOUBLE_EQ(SumOf(plan), 90);
}

// What hangs on the Gather itself the leader has computed before it asks the workers.
TEST(PlanTimes, AnInitPlanOfTheGatherIsTheLeaders) {
  const Plan plan = OnlyPlan(
      "Gather  (cost=0.00..90.00 rows=9 width=4) (actual time=30.000..90.000 rows=9 loops=1)\n"
      "  Workers Planned: 2\n"
      "  Workers Launched: 2\n"
      "  InitPlan 1\n"
      "    ->  Seq Scan on limits  (cost=0.00..9.00 rows=1 width=4) (actual time=20.000..20.000 "
      "rows=1 loops=1)\n"
      "  ->  Parallel Seq Scan on a  (cost=0.00..50.00 rows=3 width=4) (actual time=1.000..60.000 "
      "rows=3 loops=3)\n"
      "        Filter: (id > (InitPlan 1).col1)\n"
      "Execution Time: 91.000 ms\n");
  ASSERT_EQ(plan.nodes.size(), 3u);
  EXPECT_DOUBLE_EQ(plan.nodes[1].exclusive_ms, 20);
}

// Up to 17 a node that a setting forbids costs 1e10 more: one that runs it again and again costs
// as many times that and is not forbidden itself.
TEST(PlanTimes, WhatRunsAForbiddenNodeAgainAndAgainIsNotForbidden) {
  const Plan plan = OnlyPlan(
      "Index Scan using a_pkey on a  (cost=0.15..290000032835.09 rows=29 width=17)\n"
      "  Index Cond: (id < 30)\n"
      "  SubPlan 1\n"
      "    ->  Aggregate  (cost=10000001132.00..10000001132.01 rows=1 width=8)\n"
      "          ->  Seq Scan on b  (cost=10000000000.00..10000001132.00 rows=1 width=0)\n"
      "                Filter: (title = a.label)\n");
  ASSERT_EQ(plan.nodes.size(), 3u);
  EXPECT_FALSE(plan.nodes[0].disabled);
  EXPECT_FALSE(plan.nodes[1].disabled);
  EXPECT_TRUE(plan.nodes[2].disabled);
}

}  // namespace
}  // namespace pgsift
