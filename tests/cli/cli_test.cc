// The program as its users call it: answers, exit statuses, complaints, bad input.

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "tests/cli/program.h"

namespace {

namespace fs = std::filesystem;

class Cli : public ProgramTest {
 protected:
  Result Run(const std::string& arguments, const std::string& before = "") {
    return ProgramTest::Run(arguments, before + " COLUMNS=100");
  }

  // Every report is checked against the published schema.
  nlohmann::json Json(const std::string& arguments, int status) {
    const Result result = Run(arguments + " --format json");
    EXPECT_EQ(result.status, status) << result.err;
    const std::string path = File("report.json", result.out);
    EXPECT_EQ(std::system(("python3 '" PGSIFT_SOURCE_DIR
                           "/tests/reports/validate_json.py' '" PGSIFT_SOURCE_DIR
                           "/docs/report.schema.json' '" +
                           path + "'")
                              .c_str()),
              0);
    return nlohmann::json::parse(result.out);
  }

  const std::string shop_ = PGSIFT_SOURCE_DIR "/testdata/shop";
};

TEST_F(Cli, AnalyzeNamesRealProblemsOfAllKindsOfInput) {
  const auto report = Json("analyze '" + shop_ + "'", 0);
  std::set<std::string> families;
  bool joined = false;
  for (const auto& finding : report["findings"]) {
    families.insert(finding["rule"].get<std::string>().substr(0, 3));
    std::set<std::string> kinds;
    for (const auto& item : finding["evidence"]) kinds.insert(item["kind"]);
    if (finding["rule"] == "IDX004" && finding["relation"] == "public.order_items") {
      joined = kinds == std::set<std::string>{"log", "plan", "schema"};
      EXPECT_TRUE(finding["helps"][0].get<std::string>().starts_with(
          "CREATE INDEX CONCURRENTLY order_items_product_id_idx ON public.order_items "
          "(product_id)"))
          << finding["helps"][0];
    }
  }
  EXPECT_TRUE(joined);
  EXPECT_EQ(families, (std::set<std::string>{"IDX", "MIG", "PLN", "QRY", "SRV"}));
  EXPECT_GT(report["workload"]["queries"].size(), 20u);
  EXPECT_GE(report["plans"].size(), 15u);
}

TEST_F(Cli, EachCommandAnswersInTextAndJson) {
  for (const std::string command : {"lint", "plans", "indexes", "analyze"}) {
    EXPECT_FALSE(Run(command + " '" + shop_ + "'").out.empty()) << command;
    Json(command + " '" + shop_ + "'", command == "lint" ? 1 : 0);
  }
  const auto logs = Json("logs '" + shop_ + "/postgresql.log'", 0);
  EXPECT_EQ(logs["inputs"][0]["kind"], "log");
  EXPECT_EQ(logs["workload"]["events"]["deadlock"]["count"], 1);
  EXPECT_NE(Run("rules").out.find("blocking-index-build"), std::string::npos);
  EXPECT_NE(Run("rules blocking-index-build").out.find("CONCURRENTLY"), std::string::npos);
  EXPECT_TRUE(nlohmann::json::parse(Run("rules --format json").out).contains("rules"));
  EXPECT_NE(Run("snapshot").out.find("pgsift_snapshot"), std::string::npos);
  EXPECT_NE(Run("--version").out.find("grammar of PostgreSQL"), std::string::npos);
}

TEST_F(Cli, TheSameBytesWhateverTheJobs) {
  const std::string one = Run("analyze --jobs 1 --format json '" + shop_ + "'").out;
  EXPECT_EQ(one, Run("analyze --jobs 4 --format json '" + shop_ + "'").out);
  EXPECT_EQ(one, Run("analyze --jobs 4 --format json '" + shop_ + "'").out);
}

TEST_F(Cli, ExitStatusFollowsFailOn) {
  const std::string bad = File("a.sql", "CREATE INDEX i ON t (a);\n");
  const std::string fine = File("b.sql", "CREATE INDEX CONCURRENTLY i ON t (a);\n");
  EXPECT_EQ(Run("lint a.sql").status, 1);
  EXPECT_EQ(Run("lint b.sql").status, 0);
  EXPECT_EQ(Run("lint --fail-on never a.sql").status, 0);
  EXPECT_EQ(Run("analyze a.sql").status, 0);
  EXPECT_EQ(Run("analyze --fail-on error a.sql").status, 1);
  EXPECT_EQ(Run("lint --ignore blocking-index-build a.sql").status, 0);
  EXPECT_EQ(Run("lint --select QRY a.sql").status, 0);
}

TEST_F(Cli, ReadsStandardInput) {
  File("a.sql", "CREATE INDEX i ON t (a);\n");
  const Result result = Run("lint --stdin-filename db/1.sql --format concise - < a.sql");
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.out.find("db/1.sql:1:1: error[MIG001]"), std::string::npos);
}

TEST_F(Cli, BadInputIsNamedAndTheRestIsAnalyzed) {
  File("good.sql", "CREATE INDEX i ON t (a);\n");
  File("empty.sql", "");
  File("binary.sql", std::string("\x7f"
                                 "ELF\0\0\0\0\0\0\0\0\0\0",
                                 14));
  File("broken.json", "[{\"Plan\": {\"Node Type\": \"Seq Scan\", ");
  File("no.txt", "Dear diary, nothing happened today.\n");
  fs::create_directories(folder_ / "nothing/here");
  for (const std::string name :
       {"missing.sql", "empty.sql", "binary.sql", "broken.json", "nothing", "no.txt"}) {
    const auto report = Json("analyze good.sql " + name, 2);
    const Result result = Run("analyze good.sql " + name);
    EXPECT_NE(result.err.find(name), std::string::npos) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    bool found = false;
    for (const auto& finding : report["findings"]) found = found || finding["rule"] == "MIG001";
    EXPECT_TRUE(found) << name;
    bool said = false;
    for (const auto& input : report["inputs"])
      said = said || input.contains("error") || input.value("skipped_records", 0) > 0;
    EXPECT_TRUE(said) << name;
  }
}

TEST_F(Cli, TruncatedLogSaysWhatWasSkipped) {
  const std::string whole = [&] {
    std::ostringstream text;
    text << std::ifstream(shop_ + "/postgresql.log").rdbuf();
    return text.str();
  }();
  File("cut.log", whole.substr(1000, 200'000));
  const auto report = Json("logs cut.log", 0);
  const auto& input = report["inputs"][0];
  EXPECT_GT(input["records"], 100);
  EXPECT_EQ(input["bytes"], 200'000);
  EXPECT_GT(input["skipped_bytes"], 0);
  EXPECT_EQ(input["first_skipped_line"], 1);
}

TEST_F(Cli, WrongCallsSayWhatWasMeant) {
  EXPECT_EQ(Run("analyse x").status, 2);
  EXPECT_NE(Run("analyse x").err.find("did you mean 'analyze'"), std::string::npos);
  EXPECT_NE(Run("lint --formt json x").err.find("did you mean '--format'"), std::string::npos);
  EXPECT_EQ(Run("lint --format jsn x").status, 2);
  EXPECT_NE(Run("rules blocking-indx-build").err.find("did you mean 'blocking-index-build'"),
            std::string::npos);
  EXPECT_NE(Run("lint --ignore blocking-indx-build x").err.find("did you mean"), std::string::npos);
  EXPECT_EQ(Run("lint --pg-version banana x").status, 2);
}

TEST_F(Cli, ConfigurationIsFoundUpwardsAndChecked) {
  File("pgsift.toml",
       "fail_on = \"error\"\n[severity]\nblocking-index-build = \"info\"\n"
       "[per_file_ignores]\n\"old/*.sql\" = [\"MIG\"]\n[rules.offset-paging]\noffset_min = 5\n");
  File("db/a.sql", "CREATE INDEX i ON t (a);\n");
  File("old/a.sql", "CREATE INDEX i ON t (a);\n");
  EXPECT_EQ(Run("lint db/a.sql").status, 0);
  EXPECT_NE(Run("lint --format concise db/a.sql").out.find("info[MIG001]"), std::string::npos);
  EXPECT_EQ(Run("lint --format concise old/a.sql").out, "");
  File("pgsift.toml", "selct = [\"MIG\"]\n");
  const Result wrong = Run("lint db/a.sql");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_NE(wrong.err.find("pgsift.toml:1: unknown key 'selct': did you mean 'select'?"),
            std::string::npos);
}

TEST_F(Cli, BaselineHidesWhatIsKnownAndSurvivesMovedLines) {
  File("a.sql", "CREATE INDEX i ON t (a);\n");
  EXPECT_EQ(Run("lint --write-baseline known a.sql").status, 0);
  EXPECT_EQ(Run("lint --baseline known a.sql").status, 0);
  File("a.sql", "-- moved\n\nCREATE INDEX i ON t (a);\nCREATE INDEX j ON t (b);\n");
  const Result result = Run("lint --baseline known --format concise a.sql");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1) << result.out;
  EXPECT_NE(result.out.find("a.sql:4:1"), std::string::npos);
}

TEST_F(Cli, WritesFilesByTheirEndings) {
  File("a.sql", "CREATE INDEX i ON t (a);\n");
  EXPECT_EQ(Run("analyze a.sql -o r.html -o r.json -o r.sarif -o r.md -o r.xml -o r.txt").status,
            0);
  for (const char* name : {"r.html", "r.json", "r.sarif", "r.md", "r.xml", "r.txt"}) {
    EXPECT_GT(fs::file_size(folder_ / name), 100u) << name;
  }
  EXPECT_EQ(Run("analyze a.sql -o r.what").status, 2);
  EXPECT_EQ(Run("analyze a.sql -o /nowhere/r.json").status, 2);
}

TEST_F(Cli, QuietVerboseAndContextFiles) {
  File("a.sql", "ALTER TABLE t ALTER COLUMN n TYPE text;\n");
  File("schema.sql", "CREATE TABLE t (n varchar(10));\n");
  EXPECT_NE(Run("lint a.sql").out.find("in 1 migration"), std::string::npos);
  EXPECT_EQ(Run("lint -q a.sql").out.find("in 1 migration"), std::string::npos);
  EXPECT_NE(Run("lint -q a.sql").out.find("MIG006"), std::string::npos);
  // With the schema it is known that only the catalog changes.
  EXPECT_EQ(Run("lint -q --schema schema.sql a.sql").out, "");
  EXPECT_NE(Run("lint -v a.sql").err.find("read 1 input"), std::string::npos);
  File("new.json", "{\"pgsift_snapshot\": 1, \"server_version_num\": 150004}\n");
  EXPECT_EQ(Run("lint --snapshot new.json a.sql").status, 1);
  EXPECT_EQ(Run("lint --snapshot missing.json a.sql").status, 2);
}

TEST_F(Cli, WhatUndoesAMigrationIsNotLinted) {
  File("m/1_a.up.sql", "CREATE TABLE t (a int);\n");
  File("m/1_a.down.sql", "DROP INDEX IF EXISTS i;\nDROP TABLE t;\n");
  File("m/2_b.sql",
       "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON t (a);\n"
       "-- migrate:down\nDROP INDEX i;\n");
  EXPECT_EQ(Run("lint m").status, 0) << Run("lint m").out;
}

TEST_F(Cli, LogsComeFromStandardInput) {
  const Result result = Run("logs --format json - < '" + shop_ + "/postgresql.log'");
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(nlohmann::json::parse(result.out)["workload"]["events"]["deadlock"]["count"], 1);
}

TEST_F(Cli, HostileTextStaysText) {
  const std::string evil = "</script><img src=x onerror=alert(1)>";
  File("a.sql", "-- " + evil + "\nCREATE INDEX \"" + evil + "\" ON t (a);\n");
  const std::string html = Run("analyze --format html a.sql").out;
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_NE(html.find("&lt;img src=x"), std::string::npos);
  EXPECT_EQ(Run("analyze --format markdown a.sql").out.find("\n<img"), std::string::npos);
  EXPECT_EQ(Run("analyze --format junit a.sql").out.find("<img"), std::string::npos);
  File("b.sql", "SELECT '\x1b[2J\xff';\nCREATE INDEX i ON t (\"\x1b[31m\");\n");
  EXPECT_EQ(Run("analyze --color never b.sql").out.find('\x1b'), std::string::npos);
  Json("analyze b.sql", 0);
}

TEST_F(Cli, AMegabyteOfParenthesesIsAFinding) {
  File("deep.sql", std::string(1 << 20, '(') + ";\nCREATE INDEX i ON t (a);\n");
  const auto report = Json("analyze deep.sql", 0);
  std::set<std::string> rules;
  for (const auto& finding : report["findings"]) rules.insert(finding["rule"]);
  EXPECT_EQ(rules, (std::set<std::string>{"MIG000", "MIG001"}));
}

// What is just below the limit is read, by everything that walks expressions.
TEST_F(Cli, DeepExpressionsAreWalked) {
  std::string chain = "'a'";
  for (int i = 0; i < 4000; ++i) chain += " || b";
  File("chain.sql",
       "CREATE TABLE t (b text, CHECK (" + chain + " <> ''));\nCREATE INDEX i ON t ((" + chain +
           "));\nCREATE INDEX j ON t ((" + chain + "));\nCREATE VIEW v AS SELECT " + chain +
           " FROM t WHERE " + chain + " = 'x';\nALTER TABLE t RENAME b TO c;\n");
  EXPECT_EQ(Run("analyze chain.sql").status, 0);
}

TEST_F(Cli, AReaderThatGoesAwayIsNoError) {
  // The report is longer than a pipe holds: writing meets the closed end.
  std::FILE* pipe =
      popen(("'" PGSIFT_BINARY_DIR "/pgsift' analyze --format json '" + shop_ + "'").c_str(), "r");
  std::array<char, 16> buffer;
  EXPECT_EQ(fread(buffer.data(), 1, buffer.size(), pipe), buffer.size());
  EXPECT_EQ(WEXITSTATUS(pclose(pipe)), 0);
}

}  // namespace
