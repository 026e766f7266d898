#ifndef PGSIFT_INGEST_LOG_OPEN_SESSIONS_H_
#define PGSIFT_INGEST_LOG_OPEN_SESSIONS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pgsift {

// How many sessions are open, over time: in each of a bounded number of equal stretches, the most
// at once. Levels count from the beginning of a part of a log, so they may be negative.
class LevelSeries {
 public:
  struct Bucket {
    int64_t max = 0, last = 0;
    bool used = false;  // Else nothing changed in it.
  };
  // REQUIRES: times do not matter for order; what is added later comes later.
  void Add(int64_t time_us, int64_t level) { AddBucket(time_us, {level, level, true}); }
  void AddBucket(int64_t time_us, const Bucket& bucket);
  // Adds `next` with `shift` added to its levels.
  void Merge(const LevelSeries& next, int64_t shift);

  // Makes the buckets of an empty series `width_us` wide, if that is more: for reading it back.
  void Widen(int64_t width_us) {
    while (buckets_.empty() && this->width_us() < width_us && doublings_ < 40) ++doublings_;
  }

  const std::vector<Bucket>& buckets() const { return buckets_; }
  int64_t width_us() const { return int64_t{60'000'000} << doublings_; }
  int64_t BeginOf(size_t index) const {
    return (first_ + static_cast<int64_t>(index)) * width_us();
  }

 private:
  static constexpr int64_t kBucketsMax = 720;
  void Coarsen();
  static void Join(const Bucket& next, Bucket* bucket);

  std::vector<Bucket> buckets_;
  int64_t first_ = 0;
  uint32_t doublings_ = 0;
};

// The open sessions of a part of a log, by its connections and disconnections. Merging is
// associative: what was open before the part shifts what the part says.
class OpenSessions {
 public:
  void Open(int64_t time_us) { Change(time_us, 1); }
  void Close(int64_t time_us) { Change(time_us, -1); }
  // The server lost all its sessions.
  void Reset(int64_t time_us);
  void Merge(const OpenSessions& next);

  // The most at once; sessions that were open before the log began show when they end.
  uint64_t Peak() const;
  struct Point {
    int64_t time_us = 0;  // When the stretch begins.
    uint64_t sessions = 0;
  };
  std::vector<Point> Points() const;
  // Sessions that have these Points() and this Peak(), for reading a report back.
  static OpenSessions Of(const std::vector<Point>& points, uint64_t peak);

  // For writing and reading partial results.
  template <typename Self, typename Visit>
  static void ForEachField(Self& self, const Visit& visit) {
    visit(self.open_);
    visit(self.min_);
    visit(self.max_);
    visit(self.was_reset_);
    visit(self.after_);
    visit(self.after_max_);
  }
  LevelSeries before_series, after_series;  // Before the first reset, and after it.

 private:
  void Change(int64_t time_us, int64_t by);

  // Until the first reset, counted from the part's beginning.
  int64_t open_ = 0, min_ = 0, max_ = 0;
  bool was_reset_ = false;
  int64_t after_ = 0, after_max_ = 0;  // Since the last reset: exact.
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_OPEN_SESSIONS_H_
