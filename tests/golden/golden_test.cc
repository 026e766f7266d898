// Golden cases: testdata/rules/<rule>/<case> beside <case>.expected, which holds what `pgsift
// analyze
// --select <rule>` prints. A case is a file or a folder. In SQL cases a line that must be reported
// ends in `-- want`, and no other line may be: these marks are made by hand and never rewritten.
//
// UPDATE_GOLDEN=1 rewrites the .expected files (refused when CI is set); the marks are checked all
// the same, so an update cannot hide a lost finding.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = fs::path(PGSIFT_SOURCE_DIR) / "testdata/rules";

std::string ReadWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string Output(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string text;
  std::array<char, 4096> buffer;
  for (size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), got);
  pclose(pipe);
  return text;
}

std::string Analyze(const fs::path& folder, const fs::path& name, const std::string& rule,
                    const char* format) {
  return Output("cd '" + folder.string() +
                "' && COLUMNS=100 NO_COLOR=1 '" PGSIFT_BINARY_DIR "/pgsift' analyze --select " +
                rule + " --format " + format + " '" + name.string() + "' 2>&1");
}

std::vector<fs::path> Cases() {
  std::vector<fs::path> cases;
  for (const auto& rule : fs::directory_iterator(kRoot)) {
    for (const auto& entry : fs::directory_iterator(rule.path())) {
      if (entry.path().extension() != ".expected") cases.push_back(entry.path());
    }
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

class Golden : public ::testing::TestWithParam<fs::path> {};

TEST_P(Golden, SaysWhatIsExpected) {
  const fs::path& path = GetParam();
  const std::string rule = path.parent_path().filename().string();
  const std::string text = Analyze(path.parent_path(), path.filename(), rule, "text");
  const fs::path expected = path.string() + ".expected";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    ASSERT_EQ(std::getenv("CI"), nullptr) << "goldens are not written in CI";
    std::ofstream(expected, std::ios::binary) << text;
  }
  EXPECT_EQ(ReadWhole(expected), text) << "if the change is meant: ./dev golden, and read the diff";
}

TEST_P(Golden, ReportsTheMarkedLinesAndNoOther) {
  const fs::path& path = GetParam();
  if (path.extension() != ".sql") return;
  const std::string rule = path.parent_path().filename().string();
  std::set<uint64_t> wanted;
  std::istringstream lines(ReadWhole(path));
  uint64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.ends_with("-- want")) wanted.insert(number);
  }
  const auto report =
      nlohmann::json::parse(Analyze(path.parent_path(), path.filename(), rule, "json"));
  std::set<uint64_t> found;
  for (const auto& finding : report["findings"]) {
    if (!finding["suppressed"]) found.insert(finding["line"].get<uint64_t>());
  }
  EXPECT_EQ(found, wanted);
}

INSTANTIATE_TEST_SUITE_P(Rules, Golden, ::testing::ValuesIn(Cases()), [](const auto& test) {
  std::string name =
      test.param.parent_path().filename().string() + "_" + test.param.stem().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
});

TEST(GoldenFiles, EveryExpectedFileHasItsCase) {
  for (const auto& entry : fs::recursive_directory_iterator(kRoot)) {
    if (entry.path().extension() != ".expected") continue;
    EXPECT_TRUE(fs::exists(entry.path().parent_path() / entry.path().stem())) << entry.path();
  }
}

// docs/rules is written from the rules themselves.
TEST(GoldenFiles, RulePagesAreUpToDate) {
  const fs::path made = fs::temp_directory_path() / ("pgsift_docs_" + std::to_string(::getpid()));
  Output("'" PGSIFT_BINARY_DIR "/pgsift' rules --write-docs '" + made.string() + "'");
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(made / "rules")) {
    names.insert(entry.path().filename().string());
    EXPECT_EQ(ReadWhole(entry.path()),
              ReadWhole(fs::path(PGSIFT_SOURCE_DIR) / "docs/rules" / entry.path().filename()))
        << "./dev golden writes docs/rules anew";
  }
  for (const auto& entry : fs::directory_iterator(fs::path(PGSIFT_SOURCE_DIR) / "docs/rules")) {
    EXPECT_TRUE(names.contains(entry.path().filename().string()))
        << entry.path() << " is of no rule";
  }
  fs::remove_all(made);
}

}  // namespace
