#ifndef PGSIFT_BASE_UNIFIED_DIFF_H_
#define PGSIFT_BASE_UNIFIED_DIFF_H_

#include <string>
#include <string_view>

namespace pgsift {

// How to get from `before` to `after`, line by line with three lines around, as `patch` and `git
// apply` read it. "" if they are equal. Takes time and memory with the number of lines that differ;
// beyond some thousand of them the whole stretch is given as replaced.
std::string UnifiedDiff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace pgsift

#endif  // PGSIFT_BASE_UNIFIED_DIFF_H_
