#include "ingest/log/time_series.h"

#include <algorithm>

namespace pgsift {
namespace {

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0); }
void Sum(const TimeBucket& what, TimeBucket* bucket) {
  bucket->count += what.count;
  bucket->errors += what.errors;
  bucket->total_us += what.total_us;
}

}  // namespace

int64_t TimeSeries::IndexOf(int64_t time_us) const { return FloorDivide(time_us, width_us()); }

void TimeSeries::Coarsen() {
  const int64_t first = FloorDivide(first_, 2);
  std::vector<TimeBucket> coarse;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    const auto at = static_cast<size_t>(FloorDivide(first_ + static_cast<int64_t>(i), 2) - first);
    if (at >= coarse.size()) coarse.resize(at + 1);
    Sum(buckets_[i], &coarse[at]);
  }
  buckets_ = std::move(coarse);
  first_ = first;
  ++doublings_;
  recent_end_us_ = recent_begin_us_;
}

void TimeSeries::AddAt(int64_t index, const TimeBucket& what) {
  const auto size = static_cast<int64_t>(buckets_.size());
  if (size == 0) {
    first_ = index;
    buckets_.resize(1);
  } else if (index < first_) {
    buckets_.insert(buckets_.begin(), static_cast<size_t>(first_ - index), TimeBucket{});
    first_ = index;
  } else if (index >= first_ + size) {
    buckets_.resize(static_cast<size_t>(index - first_ + 1));
  }
  recent_ = static_cast<size_t>(index - first_);
  recent_begin_us_ = index * width_us();
  recent_end_us_ = recent_begin_us_ + width_us();
  Sum(what, &buckets_[recent_]);
}

void TimeSeries::Add(int64_t time_us, const TimeBucket& what) {
  if (what.empty()) return;
  if (time_us >= recent_begin_us_ && time_us < recent_end_us_) {
    return Sum(what, &buckets_[recent_]);
  }
  if (!buckets_.empty()) {
    for (;;) {
      const int64_t index = IndexOf(time_us);
      const int64_t last = first_ + static_cast<int64_t>(buckets_.size()) - 1;
      if (std::max(last, index) - std::min(first_, index) < buckets_max_) break;
      Coarsen();
    }
  }
  AddAt(IndexOf(time_us), what);
}

void TimeSeries::Merge(const TimeSeries& other) {
  if (other.buckets_.empty()) return;
  while (doublings_ < other.doublings_) {
    if (buckets_.empty()) {
      ++doublings_;
    } else {
      Coarsen();
    }
  }
  for (size_t i = 0; i < other.buckets_.size(); ++i) {
    const TimeBucket& bucket = other.buckets_[i];
    Add(other.BeginOf(i), bucket);
  }
}

}  // namespace pgsift
