#ifndef PGSIFT_INGEST_LOG_SKETCH_H_
#define PGSIFT_INGEST_LOG_SKETCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pgsift {

// The distribution of many durations in little memory: a histogram whose buckets grow with the
// value, 64 to each power of two. A quantile read from it is within 1 % of the true one (half of a
// bucket, 1/128, at most), whatever the distribution; values below 128 are exact.
//
// Only powers of two that occur take memory, 256 bytes each. Merging adds the counts, so it is
// associative and commutative, and equal values give equal sketches in any order. Counts stop at
// 2^32 - 1 per bucket. Not thread-safe.
class LatencySketch {
 public:
  // Microseconds; negative counts as 0.
  void Add(int64_t value_us);
  // The same value `count` times.
  void AddTimes(int64_t value_us, uint64_t count);
  // Asks the processor for the memory that Add(value_us) will change, for who has other things to
  // do before.
  void Prefetch(int64_t value_us) const {
    const uint32_t bucket = BucketOf(static_cast<uint64_t>(value_us < 0 ? 0 : value_us));
    const uint8_t at = page_at_[bucket / kPageSize];
    if (at != 0) __builtin_prefetch(&cells_[(at - 1u) * kPageSize + bucket % kPageSize], 1);
  }
  void Merge(const LatencySketch& other);
  uint64_t count() const { return count_; }
  // The value below which the share `q` (0 to 1) of the values lies; 0 if there are none.
  double Quantile(double q) const;
  // How many values were at or above `value_us`, to the bucket.
  uint64_t CountAtOrAbove(int64_t value_us) const;

  // For writing and reading partial results: calls visit(bucket, count) in ascending order.
  template <typename Visit>
  void ForEachBucket(const Visit& visit) const {
    for (uint32_t page = 0; page < kPages; ++page) {
      if (page_at_[page] == 0) continue;
      const uint32_t* cells = &cells_[(page_at_[page] - 1u) * kPageSize];
      for (uint32_t i = 0; i < kPageSize; ++i) {
        if (cells[i] != 0) visit(page * kPageSize + i, cells[i]);
      }
    }
  }
  void AddBucket(uint32_t bucket, uint32_t count);

 private:
  static constexpr uint32_t kPageSize = 64;
  static constexpr uint32_t kPages = 40;  // Up to 2^45 µs, a year.

  uint32_t* Page(uint32_t page);  // Its cells; makes them.
  static uint32_t BucketOf(uint64_t value);
  static double ValueOf(uint32_t bucket);

  std::array<uint8_t, kPages> page_at_ = {};  // 1 + index of the page in cells_; 0: not there.
  std::vector<uint32_t> cells_;
  uint64_t count_ = 0;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_SKETCH_H_
