#include "ingest/log/sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace pgsift {

// Page 0 holds 0 to 63 one by one; page p > 0 holds [2^(p+5), 2^(p+6)) in 64 equal steps.
uint32_t LatencySketch::BucketOf(uint64_t value) {
  if (value < kPageSize) return static_cast<uint32_t>(value);
  const auto shift = static_cast<uint32_t>(std::bit_width(value)) - 7;
  const uint32_t page = shift + 1;
  if (page >= kPages) return kPages * kPageSize - 1;
  return page * kPageSize + static_cast<uint32_t>((value >> shift) - kPageSize);
}

double LatencySketch::ValueOf(uint32_t bucket) {
  const uint32_t page = bucket / kPageSize;
  if (page <= 1) return bucket;
  const double step = std::ldexp(1.0, static_cast<int>(page) - 1);
  return (static_cast<double>(bucket % kPageSize + kPageSize) + 0.5) * step - 0.5;
}

uint32_t* LatencySketch::Page(uint32_t page) {
  uint8_t& at = page_at_[page];
  if (at == 0) {
    cells_.resize(cells_.size() + kPageSize);
    at = static_cast<uint8_t>(cells_.size() / kPageSize);
  }
  return &cells_[(at - 1u) * kPageSize];
}

void LatencySketch::AddBucket(uint32_t bucket, uint32_t count) {
  if (bucket >= kPages * kPageSize) return;
  uint32_t& cell = Page(bucket / kPageSize)[bucket % kPageSize];
  const uint32_t room = std::numeric_limits<uint32_t>::max() - cell;
  cell += std::min(count, room);
  count_ += count;
}

void LatencySketch::AddTimes(int64_t value_us, uint64_t count) {
  constexpr uint64_t kMax = std::numeric_limits<uint32_t>::max();
  AddBucket(BucketOf(static_cast<uint64_t>(value_us < 0 ? 0 : value_us)),
            static_cast<uint32_t>(std::min(count, kMax)));
}

void LatencySketch::Add(int64_t value_us) {
  AddBucket(BucketOf(static_cast<uint64_t>(std::max<int64_t>(value_us, 0))), 1);
}

void LatencySketch::Merge(const LatencySketch& other) {
  for (uint32_t page = 0; page < kPages; ++page) {
    if (other.page_at_[page] == 0) continue;
    const uint32_t* from = &other.cells_[(other.page_at_[page] - 1u) * kPageSize];
    uint32_t* to = Page(page);
    for (uint32_t i = 0; i < kPageSize; ++i) {
      const uint32_t sum = to[i] + from[i];
      to[i] = sum < from[i] ? std::numeric_limits<uint32_t>::max() : sum;
    }
  }
  count_ += other.count_;
}

double LatencySketch::Quantile(double q) const {
  if (count_ == 0) return 0;
  // The smallest value that at least the share q of all does not exceed, as percentile_disc does.
  const double rank =
      std::max(1.0, std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(count_)));
  uint64_t seen = 0;
  uint32_t at = 0;
  bool found = false;
  ForEachBucket([&](uint32_t bucket, uint32_t count) {
    if (found) return;
    seen += count;
    at = bucket;
    found = static_cast<double>(seen) >= rank;
  });
  return ValueOf(at);
}

uint64_t LatencySketch::CountAtOrAbove(int64_t value_us) const {
  const uint32_t from = BucketOf(static_cast<uint64_t>(std::max<int64_t>(value_us, 0)));
  uint64_t above = 0;
  ForEachBucket([&](uint32_t bucket, uint32_t count) { above += bucket >= from ? count : 0; });
  return above;
}

}  // namespace pgsift
