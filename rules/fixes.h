#ifndef PGSIFT_RULES_FIXES_H_
#define PGSIFT_RULES_FIXES_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"

namespace pgsift {

// A file's text after fixes.
struct FixedText {
  std::string text;
  std::vector<const Finding*> fixed;  // Whose fix was applied, in the order of their places.
  size_t overlapping = 0;  // Fixes left out because they touch the same bytes as one before.
};

// Applies to `text`, the bytes of `file`, the first fix of each finding that is at least as safe as
// `least`. Edits of one fix go together or not at all; of fixes that overlap the first in the file
// wins, the same edit twice is made once. Suppressed findings are left alone.
FixedText ApplyFixes(std::string_view text, FileId file, const std::vector<Finding>& findings,
                     FixSafety least);

// The first fix of `finding` that may be applied to `file`, or null.
const Fix* FixOf(const Finding& finding, FileId file, FixSafety least);

}  // namespace pgsift

#endif  // PGSIFT_RULES_FIXES_H_
