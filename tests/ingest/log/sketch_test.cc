#include "ingest/log/sketch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "ingest/log/time_series.h"

namespace pgsift {
namespace {

TEST(SketchTest, QuantilesAreWithinOnePercent) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> distribution(6, 2.5);
  std::vector<int64_t> values;
  LatencySketch sketch;
  for (int i = 0; i < 50000; ++i) {
    values.push_back(static_cast<int64_t>(distribution(random)));
    sketch.Add(values.back());
  }
  std::sort(values.begin(), values.end());
  for (double q : {0.0, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
    const auto truth = static_cast<double>(
        values[static_cast<size_t>(q * static_cast<double>(values.size() - 1))]);
    EXPECT_NEAR(sketch.Quantile(q), truth, truth * 0.01) << q;
  }
}

TEST(SketchTest, MergingIsAdding) {
  LatencySketch all, left, right;
  for (int64_t i = 1; i < 100000; i = i * 5 / 4 + 1) {
    all.Add(i);
    (i % 2 == 0 ? left : right).Add(i);
  }
  left.Merge(right);
  EXPECT_EQ(left.count(), all.count());
  for (double q = 0; q <= 1; q += 0.01) EXPECT_EQ(left.Quantile(q), all.Quantile(q));
}

TEST(SketchTest, SmallValuesAreExactAndHugeOnesFit) {
  LatencySketch sketch;
  for (int64_t i = 0; i < 128; ++i) sketch.Add(i);
  EXPECT_EQ(sketch.Quantile(0.5), 63);
  EXPECT_EQ(sketch.Quantile(1), 127);
  sketch.Add(std::numeric_limits<int64_t>::max());
  sketch.Add(-5);
  EXPECT_EQ(sketch.count(), 130u);
}

TEST(TimeSeriesTest, DoesNotDependOnTheOrder) {
  std::mt19937_64 random(3);
  std::vector<int64_t> times;
  for (int i = 0; i < 500; ++i)
    times.push_back(static_cast<int64_t>(random() % 90'000'000'000'000));
  TimeSeries forward(50), backward(50), left(50), right(50);
  for (int64_t time : times) forward.Add(time, {.count = 1});
  std::reverse(times.begin(), times.end());
  for (size_t i = 0; i < times.size(); ++i) {
    backward.Add(times[i], {.count = 1});
    (i % 3 == 0 ? left : right).Add(times[i], {.count = 1});
  }
  left.Merge(right);
  for (const TimeSeries* other : {&backward, &left}) {
    ASSERT_EQ(other->width_us(), forward.width_us());
    ASSERT_EQ(other->buckets().size(), forward.buckets().size());
    EXPECT_EQ(other->BeginOf(0), forward.BeginOf(0));
    for (size_t i = 0; i < forward.buckets().size(); ++i) {
      EXPECT_EQ(other->buckets()[i].count, forward.buckets()[i].count);
    }
  }
  EXPECT_LE(forward.buckets().size(), 50u);
}

}  // namespace
}  // namespace pgsift
