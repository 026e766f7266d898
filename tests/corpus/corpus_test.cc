// testdata/corpus: migrations in the conventions of the tools that run them. Everything in them is
// SQL that PostgreSQL 18 accepts, so nothing may fail to parse.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kCorpus = fs::path(PGSIFT_SOURCE_DIR) / "testdata/corpus";

nlohmann::json Lint(const fs::path& folder, const std::string& more = "") {
  const std::string command =
      "cd '" + folder.string() +
      "' && '" PGSIFT_BINARY_DIR "/pgsift' lint --format json --fail-on never " + more + " .";
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 65536> buffer;
  for (size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    text.append(buffer.data(), got);
  }
  EXPECT_EQ(pclose(pipe), 0) << folder;
  return nlohmann::json::parse(text);
}

std::vector<fs::path> Projects() {
  std::vector<fs::path> projects;
  for (const auto& entry : fs::directory_iterator(kCorpus)) {
    if (entry.is_directory()) projects.push_back(entry.path());
  }
  std::sort(projects.begin(), projects.end());
  return projects;
}

class Corpus : public ::testing::TestWithParam<fs::path> {};

TEST_P(Corpus, IsToldAndParsed) {
  const std::string project = GetParam().filename().string();
  const nlohmann::json report = Lint(GetParam());
  std::set<std::string> dialects;
  for (const auto& input : report["inputs"]) {
    EXPECT_FALSE(input.contains("error")) << input;
    dialects.insert(input["format"]);
    // The only statement that nothing can be known of.
    const bool shared = project == "tern" && input["path"] == "./004_shared.sql";
    EXPECT_EQ(input["skipped_records"], shared ? 1 : 0) << input;
    EXPECT_EQ(input.contains("unresolved_placeholders"), shared) << input;
  }
  const std::string told = project == "rails" ? "pg_dump" : project;
  EXPECT_TRUE(dialects.contains(told)) << project;
  dialects.erase(told);
  // dbmate keeps a dump beside its migrations, psql's included files hold plain SQL.
  if (project == "dbmate") dialects.erase("pg_dump");
  if (project == "psql") dialects.erase("sql");
  EXPECT_TRUE(dialects.empty()) << project << ": " << *dialects.begin();
  for (const auto& finding : report["findings"]) {
    EXPECT_NE(finding["rule"], "MIG000") << finding["path"] << ": " << finding["message"];
    // Each project does it as its tool wants it done.
    EXPECT_NE(finding["rule"], "MIG007") << finding["path"] << ": " << finding["message"];
  }
  EXPECT_GE(report["inputs"].size(), project == "rails" || project == "alembic" ? 1u : 3u);
}

INSTANTIATE_TEST_SUITE_P(Projects, Corpus, ::testing::ValuesIn(Projects()), [](const auto& test) {
  std::string name = test.param.filename().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

std::vector<std::string> Applied(const nlohmann::json& report) {
  std::vector<std::string> paths;
  for (const auto& statement : report["statements"]) {
    const std::string path = fs::path(statement["path"].get<std::string>()).filename().string();
    if (paths.empty() || paths.back() != path) paths.push_back(path);
  }
  return paths;
}

TEST(CorpusOrder, IsThatOfTheTools) {
  EXPECT_EQ(
      Applied(Lint(kCorpus / "flyway")),
      (std::vector<std::string>{"V1__accounts.sql", "V1_1__invoices.sql", "V1_2__invoice_lines.sql",
                                "V1_10__state_index.sql", "V2__due_date_required.sql",
                                "V2.1__vacuum.sql", "R__views.sql"}));
  EXPECT_EQ(
      Applied(Lint(kCorpus / "sqitch")),
      (std::vector<std::string>{"appschema.sql", "topics.sql", "posts@v1.0.sql", "posts.sql"}));
  EXPECT_EQ(Applied(Lint(kCorpus / "golang-migrate")),
            (std::vector<std::string>{"1_create_teams.up.sql", "2_member_index.up.sql",
                                      "9_team_slug.up.sql", "10_rename_team.up.sql",
                                      "11_merge_members.up.sql"}));
  EXPECT_EQ(Applied(Lint(kCorpus / "psql")),
            (std::vector<std::string>{"stock.sql", "moves.sql", "install.sql"}));
}

TEST(CorpusTransactions, AreThoseOfTheTools) {
  const nlohmann::json flyway = Lint(kCorpus / "flyway");
  for (const auto& statement : flyway["statements"]) {
    const std::string path = statement["path"];
    const bool alone =
        path.ends_with("V1_10__state_index.sql") || path.ends_with("V2.1__vacuum.sql");
    EXPECT_EQ(statement.contains("transaction"), !alone) << statement;
  }
}

TEST(CorpusValues, AreThoseOfTheSettings) {
  const nlohmann::json flyway = Lint(kCorpus / "flyway", "--select dropped-column,MIG");
  for (const auto& finding : flyway["findings"]) {
    if (!finding.contains("relation")) continue;
    EXPECT_TRUE(finding["relation"].get<std::string>().starts_with("billing.")) << finding;
  }
}

}  // namespace
