#include "ingest/log/open_sessions.h"

#include <algorithm>

namespace pgsift {
namespace {

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0); }

}  // namespace

void LevelSeries::Join(const Bucket& next, Bucket* bucket) {
  if (!next.used) return;
  bucket->max = bucket->used ? std::max(bucket->max, next.max) : next.max;
  bucket->last = next.last;
  bucket->used = true;
}

void LevelSeries::Coarsen() {
  const int64_t first = FloorDivide(first_, 2);
  std::vector<Bucket> coarse;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    const auto at = static_cast<size_t>(FloorDivide(first_ + static_cast<int64_t>(i), 2) - first);
    if (at >= coarse.size()) coarse.resize(at + 1);
    Join(buckets_[i], &coarse[at]);
  }
  buckets_ = std::move(coarse);
  first_ = first;
  ++doublings_;
}

void LevelSeries::AddBucket(int64_t time_us, const Bucket& bucket) {
  int64_t index = FloorDivide(time_us, width_us());
  if (buckets_.empty()) {
    first_ = index;
    buckets_.resize(1);
  }
  for (;;) {
    const int64_t last = first_ + static_cast<int64_t>(buckets_.size()) - 1;
    if (std::max(last, index) - std::min(first_, index) < kBucketsMax) break;
    Coarsen();
    index = FloorDivide(time_us, width_us());
  }
  if (index < first_) {
    buckets_.insert(buckets_.begin(), static_cast<size_t>(first_ - index), Bucket{});
    first_ = index;
  }
  const auto at = static_cast<size_t>(index - first_);
  if (at >= buckets_.size()) buckets_.resize(at + 1);
  Join(bucket, &buckets_[at]);
}

void LevelSeries::Merge(const LevelSeries& next, int64_t shift) {
  while (!next.buckets_.empty() && doublings_ < next.doublings_) {
    if (buckets_.empty()) {
      ++doublings_;
    } else {
      Coarsen();
    }
  }
  for (size_t i = 0; i < next.buckets_.size(); ++i) {
    Bucket bucket = next.buckets_[i];
    if (!bucket.used) continue;
    bucket.max += shift;
    bucket.last += shift;
    AddBucket(next.BeginOf(i), bucket);
  }
}

void OpenSessions::Change(int64_t time_us, int64_t by) {
  if (was_reset_) {
    after_ = std::max<int64_t>(after_ + by, 0);
    after_max_ = std::max(after_max_, after_);
    if (time_us != 0) after_series.Add(time_us, after_);
    return;
  }
  open_ += by;
  min_ = std::min(min_, open_);
  max_ = std::max(max_, open_);
  if (time_us != 0) before_series.Add(time_us, open_);
}

void OpenSessions::Reset(int64_t time_us) {
  was_reset_ = true;
  after_ = 0;
  if (time_us != 0) after_series.Add(time_us, 0);
}

void OpenSessions::Merge(const OpenSessions& next) {
  if (was_reset_) {
    after_max_ = std::max(after_max_, after_ + next.max_);
    after_series.Merge(next.before_series, after_);
    after_ = std::max<int64_t>(after_ + next.open_, 0);
  } else {
    min_ = std::min(min_, open_ + next.min_);
    max_ = std::max(max_, open_ + next.max_);
    before_series.Merge(next.before_series, open_);
    open_ += next.open_;
  }
  if (!next.was_reset_) return;
  was_reset_ = true;
  after_ = next.after_;
  after_max_ = std::max(after_max_, next.after_max_);
  after_series.Merge(next.after_series, 0);
}

uint64_t OpenSessions::Peak() const {
  return static_cast<uint64_t>(std::max(max_ - min_, after_max_));
}

std::vector<OpenSessions::Point> OpenSessions::Points() const {
  LevelSeries all;
  all.Merge(before_series, -min_);
  all.Merge(after_series, 0);
  std::vector<Point> points;
  int64_t level = 0;
  for (size_t i = 0; i < all.buckets().size(); ++i) {
    const LevelSeries::Bucket& bucket = all.buckets()[i];
    const int64_t max = bucket.used ? std::max(bucket.max, level) : level;
    if (bucket.used) level = bucket.last;
    points.push_back(
        {.time_us = all.BeginOf(i), .sessions = static_cast<uint64_t>(std::max<int64_t>(max, 0))});
  }
  return points;
}

OpenSessions OpenSessions::Of(const std::vector<Point>& points, uint64_t peak) {
  OpenSessions sessions;
  if (points.size() >= 2) {
    sessions.before_series.Widen(points[1].time_us - points[0].time_us);
  }
  for (size_t i = 0; i < points.size(); ++i) {
    const auto level = static_cast<int64_t>(points[i].sessions);
    // It has sunk in a stretch if the next one has fewer.
    const int64_t last = i + 1 < points.size()
                             ? std::min(level, static_cast<int64_t>(points[i + 1].sessions))
                             : level;
    sessions.before_series.AddBucket(points[i].time_us, {.max = level, .last = last, .used = true});
    sessions.open_ = last;
  }
  sessions.max_ = static_cast<int64_t>(peak);
  return sessions;
}

}  // namespace pgsift
