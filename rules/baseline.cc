#include "rules/baseline.h"

#include <charconv>
#include <set>

#include "absl/strings/str_format.h"
#include "base/text.h"

namespace pgsift {
namespace {

constexpr std::string_view kInBaseline = "in the baseline";

}  // namespace

std::string WriteBaseline(const std::vector<Finding>& findings, const SourceSet& sources) {
  std::string text = "# pgsift baseline 1: findings that are known. Written by --write-baseline.\n";
  for (const Finding& finding : findings) {
    // What an older baseline named is still there.
    if (finding.suppressed && finding.suppressed_because != kInBaseline) continue;
    text += absl::StrFormat("%s %s %s %s\n", Hex64(finding.fingerprint), finding.rule->id,
                            sources.path(finding.primary.span.file), OneLine(finding.message, 200));
  }
  return text;
}

BaselineResult ApplyBaseline(std::string_view text, std::vector<Finding>* findings) {
  BaselineResult result;
  std::set<uint64_t> known;
  size_t number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    uint64_t fingerprint = 0;
    const auto parsed = std::from_chars(
        line.data(), line.data() + std::min<size_t>(16, line.size()), fingerprint, 16);
    if (line.size() < 16 || parsed.ptr != line.data() + 16) {
      result.error = absl::StrFormat(
          "line %d is no baseline entry; write the file anew with "
          "--write-baseline",
          number);
      return result;
    }
    known.insert(fingerprint);
  }
  std::set<uint64_t> matched;
  for (Finding& finding : *findings) {
    if (!known.contains(finding.fingerprint)) continue;
    matched.insert(finding.fingerprint);
    if (finding.suppressed) continue;
    finding.suppressed = true;
    finding.suppressed_because = std::string(kInBaseline);
    ++result.matched;
  }
  result.stale = known.size() - matched.size();
  return result;
}

}  // namespace pgsift
