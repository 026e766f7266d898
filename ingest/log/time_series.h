#ifndef PGSIFT_INGEST_LOG_TIME_SERIES_H_
#define PGSIFT_INGEST_LOG_TIME_SERIES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pgsift {

// What happened in one stretch of time.
struct TimeBucket {
  uint64_t count = 0;
  uint64_t errors = 0;
  int64_t total_us = 0;
  bool empty() const { return count == 0 && errors == 0 && total_us == 0; }
};

// Counts over time in a bounded number of equal buckets. They begin five seconds wide and double as
// the time they span grows; they lie on multiples of their width since the Unix epoch. So the
// result depends on what was added only, not on the order, and merging is associative. Not
// thread-safe.
class TimeSeries {
 public:
  explicit TimeSeries(uint32_t buckets_max = 120) : buckets_max_(buckets_max) {}
  void Add(int64_t time_us, const TimeBucket& what);
  void Merge(const TimeSeries& other);
  // Makes the buckets of an empty series `width_us` wide, if that is more: for reading it back.
  void Widen(int64_t width_us) {
    while (buckets_.empty() && this->width_us() < width_us && doublings_ < 40) ++doublings_;
  }

  // Buckets from the first to the last that holds something, empty ones between included.
  const std::vector<TimeBucket>& buckets() const { return buckets_; }
  int64_t width_us() const { return kFinest << doublings_; }
  // When bucket `index` begins, in microseconds since the epoch.
  int64_t BeginOf(size_t index) const {
    return (first_ + static_cast<int64_t>(index)) * width_us();
  }

 private:
  static constexpr int64_t kFinest = 5'000'000;
  int64_t IndexOf(int64_t time_us) const;
  void Coarsen();
  void AddAt(int64_t index, const TimeBucket& what);

  std::vector<TimeBucket> buckets_;
  int64_t recent_begin_us_ = 0;  // The bucket that was added to last: most are followed by one
  int64_t recent_end_us_ = 0;    // for the same. Empty when it is not known.
  size_t recent_ = 0;
  int64_t first_ = 0;  // Index of buckets_.front().
  uint32_t doublings_ = 0;
  uint32_t buckets_max_;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_TIME_SERIES_H_
