#include "base/source.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pgsift {
namespace {

// Lines as one reads them, byte by byte.
std::vector<size_t> Starts(const std::string& text) {
  std::vector<size_t> starts = {0};
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\n') starts.push_back(i + 1);
  }
  return starts;
}

void ExpectPlaces(const std::string& text) {
  const LineIndex index(text);
  const std::vector<size_t> starts = Starts(text);
  ASSERT_EQ(index.lines(), starts.size());
  size_t line = 0;
  for (size_t offset = 0; offset <= text.size(); ++offset) {
    while (line + 1 < starts.size() && starts[line + 1] <= offset) ++line;
    const LineColumn at = index.At(offset);
    ASSERT_EQ(at.line, line + 1) << offset;
    ASSERT_EQ(at.column, offset - starts[line] + 1) << offset;
  }
  for (size_t i = 0; i < starts.size(); ++i) {
    const size_t end = i + 1 < starts.size() ? starts[i + 1] : text.size();
    std::string whole = text.substr(starts[i], end - starts[i]);
    while (whole.ends_with('\n')) whole.pop_back();
    ASSERT_EQ(index.Line(i + 1), whole) << i;
  }
  EXPECT_EQ(index.Line(0), "");
  EXPECT_EQ(index.Line(starts.size() + 1), "");
}

TEST(LineIndex, PlacesAreThoseOfCounting) {
  for (const char* text : {"", "a", "\n", "a\n", "a\nb", "\n\n", "\n\na\n"}) ExpectPlaces(text);
  std::string mixed;
  for (int i = 0; mixed.size() < 20'000; ++i) {
    mixed += std::string(static_cast<size_t>(i * 37 % 131), 'x') + "\n";
    if (i == 60) mixed += std::string(5'000, '\n');
    if (i == 70) mixed += std::string(9'000, 'y');
  }
  ExpectPlaces(mixed);
  ExpectPlaces(mixed + "end");
  // Newlines at the edges of blocks.
  std::string edges(3 * 4096, 'z');
  for (size_t at : {4095, 4096, 8191, 12287}) edges[at] = '\n';
  ExpectPlaces(edges);
}

TEST(LineIndex, ColumnsAreCodePoints) {
  const LineIndex index(
      "\xef\xbb\xbf\xc3\xa4\xe2\x82\xac"
      "x\ny");
  EXPECT_EQ(index.At(8).column, 3u);
  EXPECT_EQ(index.At(10).line, 2u);
}

}  // namespace
}  // namespace pgsift
