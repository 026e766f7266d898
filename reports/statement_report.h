#ifndef PGSIFT_REPORTS_STATEMENT_REPORT_H_
#define PGSIFT_REPORTS_STATEMENT_REPORT_H_

#include <cstdint>
#include <string>

namespace pgsift {

// One statement of a migration, as the `statements` section shows it.
struct StatementReport {
  std::string path, sql, kind;
  uint64_t line = 0;
  int64_t transaction = -1;  // Which BEGIN … COMMIT of its file, from 0; -1: none.
  std::string error;         // Why it was not analyzed; empty: it was.
};

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_STATEMENT_REPORT_H_
