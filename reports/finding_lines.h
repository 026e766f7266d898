#ifndef PGSIFT_REPORTS_FINDING_LINES_H_
#define PGSIFT_REPORTS_FINDING_LINES_H_

#include <string>

#include "reports/places.h"
#include "reports/report.h"

namespace pgsift {

// Where a finding is, for formats that want a path and a line of every finding: its own place, else
// that of its first evidence. The line is 1 where none is known.
struct FindingLine {
  std::string path;
  uint64_t line = 1, column = 1, end_line = 1, end_column = 1;
};
FindingLine LineOf(const Finding& finding, Places* places);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_FINDING_LINES_H_
