#include "ingest/log/distinct_count.h"

#include <gtest/gtest.h>

#include <string>

#include "ingest/log/shape.h"

namespace pgsift {
namespace {

TEST(DistinctCountTest, IsNearTheTruthAndCountsNothingTwice) {
  for (const int count : {1, 10, 100, 1000, 20'000, 300'000}) {
    DistinctCount all, left, right;
    for (int i = 0; i < count; ++i) {
      const uint64_t hash =
          ShapeAndLiteralsOf("SELECT name FROM users WHERE id = " + std::to_string(i)).literals;
      all.Add(hash);
      all.Add(hash);
      (i % 3 == 0 ? left : right).Add(hash);
      if (i % 5 == 0) left.Add(hash);
    }
    EXPECT_NEAR(all.Estimate(), count, 1 + 0.2 * count);
    left.Merge(right);
    EXPECT_EQ(left.Estimate(), all.Estimate());
    EXPECT_EQ(left.registers(), all.registers());
  }
  EXPECT_EQ(DistinctCount().Estimate(), 0);
}

}  // namespace
}  // namespace pgsift
