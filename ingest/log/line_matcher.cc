#include "ingest/log/line_matcher.h"

namespace pgsift {
namespace {

constexpr size_t kOthersMax = 1000;

}  // namespace

const char* LineMatcher::MatchOther(const char* begin, const char* end, LogRecord* record,
                                    LinePart* part) {
  const std::string_view line(begin, static_cast<size_t>(end - begin));
  const size_t severity = FindSeverity(line.substr(0, 700), prefix_.language());
  if (severity == line.npos || severity == 0) return nullptr;
  // Neighbouring lines often begin with the same bytes, up to the time.
  std::string key(line.substr(0, severity));
  auto known = others_.find(key);
  if (known == others_.end()) {
    if (others_.size() >= kOthersMax) others_.clear();
    known =
        others_.try_emplace(key, PrefixOfLine(line.substr(0, 700), severity, prefix_.language()))
            .first;
  }
  if (!known->second) return nullptr;
  *record = LogRecord{};
  return known->second->Match(begin, end, &clock_, record, part);
}

}  // namespace pgsift
