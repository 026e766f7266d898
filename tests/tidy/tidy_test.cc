// The project's rules of style that a compiler does not know.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = PGSIFT_SOURCE_DIR;
constexpr auto kFolders = std::to_array<const char*>(
    {"base", "parser", "ingest", "rules", "reports", "cli", "tests", "bench"});

std::string ReadWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> Sources() {
  std::vector<fs::path> sources;
  for (const char* folder : kFolders) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const std::string extension = entry.path().extension().string();
      const bool source = extension == ".h" || extension == ".cc";
      if (source && entry.path().string().find("node_modules") == std::string::npos) {
        sources.push_back(entry.path());
      }
    }
  }
  return sources;
}

std::string Relative(const fs::path& path) { return fs::relative(path, kRoot).generic_string(); }

TEST(Tidy, FilesStayBelowTheirLength) {
  for (const fs::path& path : Sources()) {
    const std::string text = ReadWhole(path);
    const auto lines = std::count(text.begin(), text.end(), '\n');
    EXPECT_LE(lines, 700) << Relative(path) << " has outgrown its one idea: divide it";
  }
}

TEST(Tidy, HeaderGuardsNameTheirFile) {
  for (const fs::path& path : Sources()) {
    if (path.extension() != ".h") continue;
    std::string guard = "PGSIFT_" + Relative(path) + "_";
    for (char& c : guard)
      c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? static_cast<char>(std::toupper(c))
                                                           : '_';
    EXPECT_NE(ReadWhole(path).find("#ifndef " + guard + "\n#define " + guard + "\n"),
              std::string::npos)
        << Relative(path) << " needs the guard " << guard;
  }
}

TEST(Tidy, NothingIsCalledUtil) {
  for (const fs::path& path : Sources()) {
    for (const fs::path& part : fs::relative(path, kRoot)) {
      const std::string name = part.stem().string();
      EXPECT_TRUE(name != "util" && name != "utils" && name != "common" && name != "misc" &&
                  name != "helpers")
          << Relative(path) << ": name it after what it is";
    }
  }
}

TEST(Tidy, EveryRuleFileIsListed) {
  const std::string list = ReadWhole(kRoot / "rules/rule_list.inc");
  for (const char* family : {"migration", "query", "plan", "index", "server", "input"}) {
    for (const auto& entry : fs::directory_iterator(kRoot / "rules" / family)) {
      const std::string name = entry.path().stem().string();
      if (entry.path().extension() != ".cc" || name.ends_with("_rule")) continue;
      EXPECT_NE(list.find(std::string(family) + ", " + name + ","), std::string::npos)
          << Relative(entry.path()) << " is not in rules/rule_list.inc";
    }
  }
}

TEST(Tidy, LinksInDocumentsLeadSomewhere) {
  std::vector<fs::path> documents;
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  }
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "docs")) {
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  }
  for (const fs::path& document : documents) {
    const std::string text = ReadWhole(document);
    for (size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
      const std::string target = text.substr(at + 2, text.find_first_of(")#", at + 2) - at - 2);
      if (target.empty() || target.starts_with("http")) continue;
      EXPECT_TRUE(fs::exists(document.parent_path() / target))
          << Relative(document) << ": " << target;
    }
  }
}

}  // namespace
