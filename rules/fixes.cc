#include "rules/fixes.h"

#include <algorithm>
#include <utility>

namespace pgsift {
namespace {

bool SameEdit(const Edit& a, const Edit& b) { return a.span == b.span && a.text == b.text; }

// Whether both cannot be made: they share bytes, or insert at one place, or one inserts inside the
// other.
bool Overlap(const Edit& a, const Edit& b) {
  if (SameEdit(a, b)) return false;
  if (a.span.begin == b.span.begin) return true;
  const Edit& first = a.span.begin < b.span.begin ? a : b;
  const Edit& second = a.span.begin < b.span.begin ? b : a;
  return second.span.begin < first.span.end();
}

}  // namespace

const Fix* FixOf(const Finding& finding, FileId file, FixSafety least) {
  if (finding.suppressed) return nullptr;
  for (const Fix& fix : finding.fixes) {
    if (fix.safety < least || fix.edits.empty()) continue;
    const bool here = std::all_of(fix.edits.begin(), fix.edits.end(),
                                  [&](const Edit& edit) { return edit.span.file == file; });
    if (here) return &fix;
  }
  return nullptr;
}

FixedText ApplyFixes(std::string_view text, FileId file, const std::vector<Finding>& findings,
                     FixSafety least) {
  FixedText result;
  std::vector<std::pair<const Finding*, const Fix*>> chosen;
  for (const Finding& finding : findings) {
    if (const Fix* fix = FixOf(finding, file, least)) chosen.emplace_back(&finding, fix);
  }
  const auto begin = [](const Fix* fix) {
    uint64_t first = fix->edits.front().span.begin;
    for (const Edit& edit : fix->edits) first = std::min(first, edit.span.begin);
    return first;
  };
  std::stable_sort(chosen.begin(), chosen.end(),
                   [&](const auto& a, const auto& b) { return begin(a.second) < begin(b.second); });
  std::vector<const Edit*> edits;
  for (const auto& [finding, fix] : chosen) {
    const bool fits = std::none_of(fix->edits.begin(), fix->edits.end(), [&](const Edit& edit) {
      return edit.span.end() > text.size() ||
             std::any_of(edits.begin(), edits.end(),
                         [&](const Edit* made) { return Overlap(edit, *made); });
    });
    if (!fits) {
      ++result.overlapping;
      continue;
    }
    result.fixed.push_back(finding);
    for (const Edit& edit : fix->edits) {
      const bool made = std::any_of(edits.begin(), edits.end(),
                                    [&](const Edit* other) { return SameEdit(edit, *other); });
      if (!made) edits.push_back(&edit);
    }
  }
  std::stable_sort(edits.begin(), edits.end(),
                   [](const Edit* a, const Edit* b) { return a->span.begin < b->span.begin; });
  uint64_t at = 0;
  for (const Edit* edit : edits) {
    result.text.append(text, at, edit->span.begin - at);
    result.text += edit->text;
    at = edit->span.end();
  }
  result.text.append(text, at);
  return result;
}

}  // namespace pgsift
