#include "base/text.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "base/parallel.h"
#include "base/source.h"

namespace pgsift {
namespace {

TEST(Text, OneLineCutsAtACodePoint) {
  EXPECT_EQ(OneLine("  SELECT\n\t1  ", 80), "SELECT 1");
  EXPECT_EQ(OneLine("aé", 2), "a…");
}

TEST(Text, NumbersForPeople) {
  EXPECT_EQ(Grouped(1234567), "1,234,567");
  EXPECT_EQ(Grouped(12), "12");
  EXPECT_EQ(HumanBytes(999), "999 B");
  EXPECT_EQ(HumanBytes(3'100'000), "3.1 MB");
  EXPECT_EQ(HumanMs(61'000), "1 min 1 s");
  EXPECT_EQ(Counted(1, "row"), "1 row");
  EXPECT_EQ(Counted(2, "row"), "2 rows");
}

TEST(Text, NearestWordIsNearOrNothing) {
  EXPECT_EQ(NearestWord("blocking-indx-build", {"blocking-index-build", "other"}),
            "blocking-index-build");
  EXPECT_EQ(NearestWord("zzz", {"blocking-index-build"}), "");
}

TEST(Text, Utf8IsCheckedStrictly) {
  EXPECT_TRUE(IsUtf8("é€𝄞"));
  EXPECT_FALSE(IsUtf8("\xc0\x80"));      // Overlong.
  EXPECT_FALSE(IsUtf8("\xed\xa0\x80"));  // Surrogate.
  EXPECT_FALSE(IsUtf8("\xe2\x82"));      // Cut short.
}

TEST(LineIndex, CountsCodePointsAndMixedLineEnds) {
  const std::string text =
      "\xef\xbb\xbf"
      "é1\r\nab\nc";
  const LineIndex index(text);
  EXPECT_EQ(index.lines(), 3u);
  EXPECT_EQ(index.Line(1), "é1");
  EXPECT_EQ(index.Line(2), "ab");
  EXPECT_EQ(index.At(3).column, 1u);
  EXPECT_EQ(index.At(5).column, 2u);
  EXPECT_EQ(index.At(text.size()).line, 3u);
  EXPECT_EQ(index.Line(9), "");
}

TEST(ParallelFor, DoesEveryItemOnce) {
  std::vector<std::atomic<int>> done(1000);
  ParallelFor(4, done.size(), [&](size_t i) { ++done[i]; });
  for (const auto& count : done) EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace pgsift
