#include "ingest/plan/plan_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "base/parallel.h"

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

TEST(PlanReader, DeepPlansAreReadOnASmallStack) {
  constexpr int kDepth = 9'000;
  std::string text = "[{\"Plan\": ";
  for (int i = 0; i < kDepth; ++i) {
    if (i > 0) text += ", \"Plans\": [";
    text +=
        "{\"Node Type\": \"Limit\", \"Actual Total Time\": 5, \"Actual Loops\": 1, \"Total Cost\": "
        "3";
  }
  for (int i = 1; i < kDepth; ++i) text += "}]";
  text += "}, \"Execution Time\": 6}]";
  PlanReadResult whole, broken;
  ParallelFor(
      1, 1,
      [&](size_t) {
        whole = ReadPlans(text, FileId{0});
        broken = ReadPlans(std::string_view(text).substr(0, text.size() / 2), FileId{0});
      },
      size_t{256} << 10);
  ASSERT_EQ(whole.plans.size(), 1u);
  EXPECT_TRUE(whole.errors.empty());
  const Plan& plan = whole.plans[0];
  ASSERT_EQ(plan.nodes.size(), static_cast<size_t>(kDepth));
  EXPECT_EQ(plan.nodes.back().depth, kDepth - 1);
  EXPECT_EQ(plan.nodes.back().parent, kDepth - 2);
  EXPECT_DOUBLE_EQ(plan.nodes.back().exclusive_ms, 5);
  EXPECT_DOUBLE_EQ(plan.nodes.front().exclusive_ms, 0);
  ASSERT_EQ(broken.plans.size(), 1u);
  EXPECT_TRUE(broken.plans[0].truncated);
  EXPECT_GT(broken.plans[0].nodes.size(), 4'000u);
}

TEST(PlanReader, PlansThatAMailCitesAreRead) {
  const PlanReadResult result = ReadPlans(
      "> Limit  (cost=0.00..1.00 rows=1 width=4) (actual time=0.1..0.2 rows=1 loops=1)\n"
      ">   ->  Seq Scan on t  (cost=0.00..9.00 rows=5 width=4) (actual time=0.1..0.2 rows=1 "
      "loops=1)\n>         Filter: (a > 1)\n> Execution Time: 0.3 ms\n",
      FileId{0});
  ASSERT_EQ(result.plans.size(), 1u);
  ASSERT_EQ(result.plans[0].nodes.size(), 2u);
  EXPECT_EQ(result.plans[0].nodes[1].filter, "(a > 1)");
  EXPECT_DOUBLE_EQ(result.plans[0].execution_ms, 0.3);
}

TEST(PlanReader, NodesStandInTheOrderOfTheText) {
  const PlanReadResult result = ReadPlans(
      R"([{"Plan": {"Node Type": "Append", "Plans": [
        {"Node Type": "Sort", "Plans": [{"Node Type": "Limit", "Plans": [{"Node Type": "Seq Scan"}]}]},
        {"Node Type": "Hash", "Plans": [{"Node Type": "Result"}]},
        {"Node Type": "Unique"}]}}])",
      FileId{0});
  ASSERT_EQ(result.plans.size(), 1u);
  std::string order;
  for (const PlanNode& node : result.plans[0].nodes)
    order += node.type + "<" + std::to_string(node.parent) + " ";
  EXPECT_EQ(order, "Append<-1 Sort<0 Limit<1 Seq Scan<2 Hash<0 Result<4 Unique<0 ");
  EXPECT_EQ(result.plans[0].nodes[0].children, (std::vector<int>{1, 4, 6}));
  EXPECT_EQ(result.plans[0].nodes[4].line, 3u);
}

TEST(PlanReader, OnePlanALineIsReadAroundBrokenLines) {
  const std::string plan = R"({"Query Text": "select 1", "Plan": {"Node Type": "Result"}})";
  const PlanReadResult result =
      ReadPlans(plan + "\n" + "[" + plan + "]\n\n{\"Plan\": {,}}\n  " + plan + "\r\n{\n" +
                    R"("Plan": {"Node Type": "Limit"})" + "\n}\n",
                FileId{0});
  ASSERT_EQ(result.plans.size(), 4u);
  EXPECT_EQ(result.plans[1].line, 2u);
  EXPECT_EQ(result.plans[2].line, 5u);
  EXPECT_EQ(result.plans[3].nodes[0].type, "Limit");
  EXPECT_EQ(result.plans[3].nodes[0].line, 7u);
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_EQ(result.errors[0].line, 4u);
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
