#include "base/unified_diff.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace pgsift {
namespace {

namespace fs = std::filesystem;

TEST(UnifiedDiff, EqualTextsHaveNone) { EXPECT_EQ(UnifiedDiff("a", "x\n", "x\n"), ""); }

TEST(UnifiedDiff, ShowsThreeLinesAround) {
  EXPECT_EQ(UnifiedDiff("f.sql", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5!\n6\n7\n8\n9\n"),
            "--- a/f.sql\n+++ b/f.sql\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+5!\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, SaysThatALastLineHasNoEnd) {
  EXPECT_EQ(UnifiedDiff("f", "a", "a\nb"),
            "--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n"
            "\\ No newline at end of file\n");
}

// What git makes of the patch is the text that it leads to.
TEST(UnifiedDiff, AppliesToWhatItWasMadeFrom) {
  const fs::path folder =
      fs::temp_directory_path() / ("pgsift_diff_" + std::to_string(std::rand()));
  fs::create_directories(folder);
  std::mt19937 random(7);
  for (int round = 0; round < 25; ++round) {
    std::string before;
    std::string after;
    for (int line = 0; line < 60; ++line) {
      const std::string text = std::to_string(random() % 8) + "\n";
      const auto change = random() % 9;
      if (change != 0) before += text;
      if (change == 1) after += "new " + text;
      if (change != 2) after += text;
    }
    if (before == after) continue;
    std::ofstream(folder / "f", std::ios::binary) << before;
    std::ofstream(folder / "p", std::ios::binary) << UnifiedDiff("f", before, after);
    ASSERT_EQ(std::system(("cd '" + folder.string() + "' && git apply p 2>&1").c_str()), 0)
        << UnifiedDiff("f", before, after);
    std::ostringstream got;
    got << std::ifstream(folder / "f", std::ios::binary).rdbuf();
    ASSERT_EQ(got.str(), after);
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace pgsift
