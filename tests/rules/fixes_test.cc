#include "rules/fixes.h"

#include <gtest/gtest.h>

namespace pgsift {
namespace {

Edit Replace(uint64_t begin, uint32_t size, std::string text) {
  return {.span = {.begin = begin, .size = size, .file = FileId{0}}, .text = std::move(text)};
}

Finding With(FixSafety safety, std::vector<Edit> edits) {
  Finding finding;
  finding.Offer({.title = "fix", .safety = safety, .edits = std::move(edits)});
  return finding;
}

std::string Applied(std::string_view text, const std::vector<Finding>& findings,
                    FixSafety least = FixSafety::kSafe) {
  return ApplyFixes(text, FileId{0}, findings, least).text;
}

TEST(Fixes, AreMadeInTheOrderOfTheirPlaces) {
  EXPECT_EQ(Applied("abcdef", {With(FixSafety::kSafe, {Replace(4, 1, "E")}),
                               With(FixSafety::kSafe, {Replace(0, 1, "A"), Replace(2, 0, "-")})}),
            "Ab-cdEf");
}

TEST(Fixes, OnlyThoseThatAreSafeEnough) {
  const std::vector<Finding> findings = {With(FixSafety::kUnsafe, {Replace(0, 1, "A")}),
                                         With(FixSafety::kDisplay, {Replace(1, 1, "B")})};
  EXPECT_EQ(Applied("abc", findings), "abc");
  EXPECT_EQ(Applied("abc", findings, FixSafety::kUnsafe), "Abc");
}

TEST(Fixes, OfThoseThatOverlapTheFirstIsMadeWhole) {
  const std::vector<Finding> findings = {
      With(FixSafety::kSafe, {Replace(1, 3, "X"), Replace(5, 1, "Y")}),
      With(FixSafety::kSafe, {Replace(3, 1, "Z"), Replace(0, 1, "W")})};
  const FixedText fixed = ApplyFixes("abcdef", FileId{0}, findings, FixSafety::kSafe);
  EXPECT_EQ(fixed.text, "WbcZef");
  EXPECT_EQ(fixed.overlapping, 1u);
  EXPECT_EQ(fixed.fixed.size(), 1u);
}

TEST(Fixes, TheSameEditIsMadeOnce) {
  const FixedText fixed = ApplyFixes(
      "ab", FileId{0},
      {With(FixSafety::kSafe, {Replace(1, 0, "-")}), With(FixSafety::kSafe, {Replace(1, 0, "-")})},
      FixSafety::kSafe);
  EXPECT_EQ(fixed.text, "a-b");
  EXPECT_EQ(fixed.fixed.size(), 2u);
}

TEST(Fixes, SuppressedFindingsAndOtherFilesAreLeftAlone) {
  std::vector<Finding> findings = {With(FixSafety::kSafe, {Replace(0, 1, "A")})};
  findings[0].suppressed = true;
  EXPECT_EQ(Applied("abc", findings), "abc");
  findings[0].suppressed = false;
  findings[0].fixes[0].edits[0].span.file = FileId{1};
  EXPECT_EQ(Applied("abc", findings), "abc");
}

}  // namespace
}  // namespace pgsift
