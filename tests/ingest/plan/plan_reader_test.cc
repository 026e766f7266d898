#include "ingest/plan/plan_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace pgsift {
namespace {

std::string ReadWhole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const char kOne[] = R"json([
  {
    "Plan": {
      "Node Type": "Sort", "Plan Rows": 10, "Actual Startup Time": 5.0, "Actual Total Time": 6.0,
      "Actual Rows": 10, "Actual Loops": 1, "Sort Key": ["a"],
      "Plans": [{
        "Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "t", "Alias": "t",
        "Plan Rows": 10, "Actual Startup Time": 0.1, "Actual Total Time": 4.0, "Actual Rows": 10.00,
        "Actual Loops": 1, "Filter": "(a > 1)", "Rows Removed by Filter": 90
      }]
    },
    "Planning Time": 0.2,
    "Execution Time": 6.1
  }
])json";

TEST(PlanReader, ReadsNodesInOrderWithTheirPlaces) {
  const PlanReadResult result = ReadPlans(kOne, FileId{3});
  ASSERT_TRUE(result.errors.empty());
  ASSERT_EQ(result.plans.size(), 1u);
  const Plan& plan = result.plans[0];
  EXPECT_EQ(plan.execution_ms, 6.1);
  ASSERT_EQ(plan.nodes.size(), 2u);
  EXPECT_EQ(plan.nodes[1].relation, "t");
  EXPECT_EQ(plan.nodes[1].parent, 0);
  EXPECT_EQ(plan.nodes[1].rows_removed_by_filter, 90);
  EXPECT_EQ(plan.nodes[0].line, 4u);
  EXPECT_EQ(plan.nodes[1].line, 7u);
  EXPECT_EQ(std::string_view(kOne).substr(plan.nodes[1].offset, 11), "\"Node Type\"");
  EXPECT_DOUBLE_EQ(plan.nodes[0].exclusive_ms, 2.0);
  EXPECT_DOUBLE_EQ(plan.nodes[1].exclusive_ms, 4.0);
}

TEST(PlanReader, ReadsSeveralDocumentsAndPsqlFrames) {
  const std::string two = std::string(kOne) + "\n" + kOne;
  EXPECT_EQ(ReadPlans(two, FileId{0}).plans.size(), 2u);
  EXPECT_GT(ReadPlans(two, FileId{0}).plans[1].line, 15u);
  std::string framed = "                  QUERY PLAN\n-----------------------\n";
  std::istringstream lines(kOne);
  for (std::string line; std::getline(lines, line);) framed += " " + line + "   +\n";
  framed += "(1 row)\n";
  const PlanReadResult result = ReadPlans(framed, FileId{0});
  ASSERT_EQ(result.plans.size(), 1u) << (result.errors.empty() ? "" : result.errors[0].message);
  EXPECT_EQ(result.plans[0].nodes[1].line, 9u);
}

TEST(PlanReader, BadInputIsSaidAndTheRestIsRead) {
  const std::string text =
      std::string("[{\"Plan\": tru}]\n") + kOne + "\n[{\"Plan\": {\"Node Type\": \"Sort\"";
  const PlanReadResult result = ReadPlans(text, FileId{0});
  EXPECT_EQ(result.plans.size(), 1u);
  ASSERT_EQ(result.errors.size(), 2u);
  EXPECT_EQ(result.errors[0].line, 1u);
  EXPECT_NE(result.errors[1].message.find("truncated"), std::string::npos);
  EXPECT_EQ(ReadPlans("", FileId{0}).errors.size(), 1u);
  EXPECT_EQ(ReadPlans("{}", FileId{0}).errors.size(), 1u);
}

TEST(PlanReader, DeepNestingIsRefusedWithAWord) {
  std::string text = "[";
  for (int i = 0; i < 10'000; ++i) text += "{\"Plan\":{\"Node Type\":\"Sort\",\"Plans\":[";
  PlanReadResult result = ReadPlans(text, FileId{0});
  EXPECT_EQ(result.errors.size(), 1u);
  for (int i = 0; i < 10'000; ++i) text += "]}}";
  text += "]";
  result = ReadPlans(text, FileId{0});
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_NE(result.errors[0].message.find("nested deeper"), std::string::npos);
}

// What each node took by itself adds up to the whole, whatever the plan: loops, workers, InitPlans.
TEST(PlanTimes, ExclusiveTimesAddUpToTheRoot) {
  size_t plans = 0;
  for (const auto& entry : std::filesystem::directory_iterator("testdata/shop/plans")) {
    const PlanReadResult result = ReadPlans(ReadWhole(entry.path()), FileId{0});
    EXPECT_TRUE(result.errors.empty()) << entry.path();
    for (const Plan& plan : result.plans) {
      ++plans;
      double sum = 0;
      double loops = 0;
      for (const PlanNode& node : plan.nodes) {
        sum += node.exclusive_ms;
        loops += node.loops;
        EXPECT_GE(node.exclusive_ms, 0);
      }
      const double root = plan.nodes[0].inclusive_ms;
      EXPECT_NEAR(sum, root, 0.02 * root + 0.001 * loops) << entry.path();
    }
  }
  EXPECT_GE(plans, 8u);
}

}  // namespace
}  // namespace pgsift
