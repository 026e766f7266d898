#ifndef PGSIFT_RULES_BASELINE_H_
#define PGSIFT_RULES_BASELINE_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "base/source.h"

namespace pgsift {

// The findings that a project knows and lives with, so that only new ones fail. A text file, one
// finding a line: fingerprint, rule, path, message; lines that begin with # are comments. Matched
// by fingerprint, so moved lines do not matter.
std::string WriteBaseline(const std::vector<Finding>& findings, const SourceSet& sources);

struct BaselineResult {
  size_t matched = 0;
  size_t stale = 0;   // Entries that no finding matches any more.
  std::string error;  // The text is no baseline: which line, and the way out.
};

// Marks the findings that `text` names as suppressed.
BaselineResult ApplyBaseline(std::string_view text, std::vector<Finding>* findings);

}  // namespace pgsift

#endif  // PGSIFT_RULES_BASELINE_H_
