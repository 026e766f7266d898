#include "reports/places.h"

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
  }
  return place;
}

std::string IsoTime(int64_t time_us) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMicros(time_us),
                          absl::UTCTimeZone());
}

}  // namespace pgsift
