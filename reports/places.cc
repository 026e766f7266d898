#include "reports/places.h"

#include <algorithm>
#include <chrono>

#include "absl/time/time.h"

namespace pgsift {

const LineIndex* Places::Lines(FileId file) {
  if (file == FileId::kNone || sources_[file].text.empty()) return nullptr;
  std::unique_ptr<LineIndex>& index = indexes_[file];
  if (index == nullptr) index = std::make_unique<LineIndex>(sources_[file].text);
  return index.get();
}

Place Places::Of(Span span) {
  Place place;
  if (!span.known()) return place;
  place.path = std::string(sources_.path(span.file));
  if (const LineIndex* index = Lines(span.file)) {
    place.has_lines = true;
    place.begin = index->At(span.begin);
    place.end = index->At(span.end());
    return place;
  }
  const std::vector<SourceFile::KnownLine>& known = sources_[span.file].known_lines;
  const auto at = std::lower_bound(
      known.begin(), known.end(), span.begin,
      [](const SourceFile::KnownLine& each, uint64_t offset) { return each.offset < offset; });
  if (at != known.end() && at->offset == span.begin) {
    place.has_lines = true;
    place.begin = place.end = {.line = at->line, .column = 1};
  }
  return place;
}

std::string IsoTime(int64_t time_us) {
  // Series hold thousands of times: those of four-digit years are written without a time zone's
  // rules.
  constexpr int64_t kYear10000Us = 253'402'300'800'000'000;
  if (time_us >= 0 && time_us < kYear10000Us) {
    const std::chrono::milliseconds time(time_us / 1000);
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{std::chrono::sys_days(day)};
    const std::chrono::hh_mm_ss clock(time - day);
    std::string text = "0000-00-00T00:00:00.000Z";
    const auto put = [&text](size_t end, int64_t value) {
      for (; value > 0; value /= 10) text[--end] = static_cast<char>('0' + value % 10);
    };
    put(4, static_cast<int>(date.year()));
    put(7, static_cast<unsigned>(date.month()));
    put(10, static_cast<unsigned>(date.day()));
    put(13, clock.hours().count());
    put(16, clock.minutes().count());
    put(19, clock.seconds().count());
    put(23, clock.subseconds().count());
    return text;
  }
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMicros(time_us),
                          absl::UTCTimeZone());
}

}  // namespace pgsift
