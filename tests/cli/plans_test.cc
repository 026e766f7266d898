// `pgsift plans` as its users call it: formats, comparison, logs, redaction.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace {

namespace fs = std::filesystem;

constexpr const char* kFast =
    "Index Scan using items_product on items  (cost=0.42..8.44 rows=10 width=8) (actual "
    "time=0.1..0.2 rows=11 loops=1)\n"
    "  Index Cond: (product_id = 7)\n"
    "Execution Time: 0.3 ms\n";
constexpr const char* kSlow =
    "Seq Scan on items  (cost=0.00..4000.00 rows=10 width=8) (actual time=0.1..27.0 rows=11 "
    "loops=1)\n"
    "  Filter: (product_id = 7)\n"
    "  Rows Removed by Filter: 299989\n"
    "Execution Time: 27.1 ms\n";

class Plans : public ProgramTest {
 protected:
  // Output and exit status of `pgsift plans ARGUMENTS`, run in the folder.
  std::string Run(const std::string& arguments, int* status = nullptr) {
    const Result result = ProgramTest::Run("plans " + arguments, "COLUMNS=80 NO_COLOR=1");
    if (status != nullptr) *status = result.status;
    return result.out + result.err;
  }
};

TEST_F(Plans, TextPlansAreReadAndFitTheTerminal) {
  File("plan.txt", kSlow);
  const std::string text = Run("plan.txt");
  EXPECT_NE(text.find("> █████ 100%"), std::string::npos) << text;
  EXPECT_NE(text.find("CREATE INDEX CONCURRENTLY ON items (product_id)"), std::string::npos)
      << text;
  size_t begin = 0;
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    size_t columns = 0;
    for (size_t i = begin; i < end; ++i) columns += (text[i] & 0xC0) != 0x80 ? 1 : 0;
    EXPECT_LE(columns, 100u) << text.substr(begin, end - begin);
    begin = end + 1;
  }
}

TEST_F(Plans, JsonHasWhatTheContractNames) {
  File("plan.txt", kSlow);
  const auto report = nlohmann::json::parse(Run("--format json plan.txt"));
  const auto& plan = report["plans"][0];
  EXPECT_EQ(plan["format"], "text");
  const auto& node = plan["nodes"][0];
  EXPECT_EQ(node["type"], "Seq Scan");
  EXPECT_EQ(node["relation"], "items");
  EXPECT_DOUBLE_EQ(node["exclusive_ms"].get<double>(), 27.0);
  EXPECT_EQ(node["rows"], 11);
  EXPECT_EQ(node["rows_planned"], 10);
  EXPECT_EQ(node["rows_removed"], 299989);
}

TEST_F(Plans, ComparisonNamesWhatChangedAndFailsOnWhatGotSlower) {
  File("before.txt", kFast);
  File("after.txt", kSlow);
  int status = -1;
  const std::string text = Run("--compare before.txt after.txt", &status);
  EXPECT_EQ(status, 1) << text;
  EXPECT_NE(text.find("slower"), std::string::npos) << text;
  Run("--compare --fail-on never before.txt after.txt", &status);
  EXPECT_EQ(status, 0);
  Run("--compare after.txt before.txt", &status);
  EXPECT_EQ(status, 0);
  const auto report = nlohmann::json::parse(Run("--compare --format json before.txt after.txt"));
  const auto& comparison = report["plan_comparisons"][0];
  EXPECT_EQ(comparison["verdict"], "slower");
  EXPECT_EQ(comparison["same_shape"], false);
  EXPECT_EQ(comparison["nodes"][0]["change"], "changed");
  EXPECT_EQ(report["findings"][0]["name"], "plan-regression");
  Run("--compare before.txt", &status);
  EXPECT_EQ(status, 2);
}

TEST_F(Plans, TheGateOfAComparisonIsSetByOptionsAndSettings) {
  File("before.txt", kFast);
  File("after.txt", kSlow);
  int status = -1;
  Run("--compare --slower-ms 30 before.txt after.txt", &status);
  EXPECT_EQ(status, 0);
  Run("--compare --slower-factor 100 before.txt after.txt", &status);
  EXPECT_EQ(status, 0);
  Run("--compare --slower-factor 80 --slower-ms 20 before.txt after.txt", &status);
  EXPECT_EQ(status, 1);
  File("pgsift.toml", "[plans]\nslower_factor = 1.5\nslower_ms = 30\n");
  Run("--compare before.txt after.txt", &status);
  EXPECT_EQ(status, 0);
  Run("--compare --slower-ms 20 before.txt after.txt", &status);
  EXPECT_EQ(status, 1) << "an option wins over the settings";
  File("pgsift.toml", "[plans]\nslower = 30\n");
  const std::string text = Run("--compare before.txt after.txt", &status);
  EXPECT_EQ(status, 2);
  EXPECT_NE(text.find("slower_ms"), std::string::npos) << text;
  Run("--compare --slower-ms -1 before.txt after.txt", &status);
  EXPECT_EQ(status, 2);
}

TEST_F(Plans, PlansOfALogAreGroupedByQueryAndShape) {
  std::string log;
  for (int i = 0; i < 3; ++i) {
    const std::string minute = "2026-01-01 10:0" + std::to_string(i) + ":00.000 UTC [12] LOG:  ";
    std::string plan = i < 2 ? kFast : kSlow;
    plan = plan.substr(0, plan.find("Execution Time"));
    std::string body =
        "Query Text: select * from items where product_id = " + std::to_string(i) + "\n" + plan;
    log += minute + "duration: " + (i < 2 ? "0.3" : "227.1") + " ms  plan:\n";
    size_t begin = 0;
    for (size_t end = body.find('\n'); end != std::string::npos; end = body.find('\n', begin)) {
      log += "\t" + body.substr(begin, end - begin) + "\n";
      begin = end + 1;
    }
  }
  File("server.log", log);
  const auto report = nlohmann::json::parse(Run("--format json server.log"));
  ASSERT_EQ(report["plans"].size(), 2u) << report.dump(2);
  ASSERT_EQ(report["plan_groups"].size(), 1u);
  const auto& variants = report["plan_groups"][0]["variants"];
  ASSERT_EQ(variants.size(), 2u);
  EXPECT_EQ(variants[0]["runs"], 2);
  EXPECT_EQ(variants[1]["first_time"], "2026-01-01T10:02:00.000Z");
  bool flipped = false;
  for (const auto& finding : report["findings"])
    flipped = flipped || finding["name"] == "plan-regression";
  EXPECT_TRUE(flipped);
}

TEST_F(Plans, RedactedPlansHoldNoLiteral) {
  File("plan.txt",
       std::string("Query Text: select * from items where name = 'secret' and n = 4711\n") +
           "Seq Scan on items  (cost=0.00..4000.00 rows=10 width=8) (actual time=0.1..27.0 rows=11 "
           "loops=1)\n"
           "  Filter: ((name = 'secret'::text) AND (n = 4711))\n"
           "  Rows Removed by Filter: 299989\n");
  for (const char* format : {"text", "json", "html", "sarif"}) {
    const std::string text = Run(std::string("--redact --format ") + format + " plan.txt");
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
    EXPECT_EQ(text.find("4711"), std::string::npos) << text;
  }
}

}  // namespace
