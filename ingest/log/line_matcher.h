#ifndef PGSIFT_INGEST_LOG_LINE_MATCHER_H_
#define PGSIFT_INGEST_LOG_LINE_MATCHER_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "ingest/log/log_clock.h"
#include "ingest/log/prefix.h"

namespace pgsift {

// Matches the lines of a log: by its prefix, and where log_line_prefix was changed in the middle,
// or another server writes too, by the prefix that the line itself shows. What a line is depends on
// the line alone, so that a log may be cut anywhere. Not thread-safe.
class LineMatcher {
 public:
  // `prefix` must outlive the matcher.
  explicit LineMatcher(const LinePrefix& prefix) : prefix_(prefix) {}

  // Like LinePrefix::Match, with a NamesCache: all lines must outlive the matcher.
  const char* Match(const char* begin, const char* end, LogRecord* record, LinePart* part) {
    const char* text = prefix_.Match(begin, end, &clock_, record, part, &names_);
    return text != nullptr || begin == end || *begin == '\t' ? text
                                                             : MatchOther(begin, end, record, part);
  }
  uint64_t unknown_zones() const { return clock_.unknown_zones(); }

 private:
  const char* MatchOther(const char* begin, const char* end, LogRecord* record, LinePart* part);

  const LinePrefix& prefix_;
  LogClock clock_;
  NamesCache names_;
  absl::flat_hash_map<std::string, std::optional<LinePrefix>> others_;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_LINE_MATCHER_H_
