#ifndef PGSIFT_REPORTS_PLAN_REPORT_H_
#define PGSIFT_REPORTS_PLAN_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

namespace pgsift {

// One node of a plan as reports show it. Rows are totals over all loops.
struct PlanNodeReport {
  int id = 0;
  int parent = -1;
  int depth = 0;
  std::string type, relation, index, detail;  // `detail`: its condition or sort key.
  bool analyzed = false;
  double exclusive_ms = 0, inclusive_ms = 0;
  double rows = 0, rows_planned = 0, loops = 0, rows_removed = 0;
  double cost = 0;   // The planner's, with what is below.
  double share = 0;  // Of the plan's time, 0 to 1; of its cost where it was not analyzed.
  uint64_t line = 0;
};

struct PlanReport {
  std::string path;
  uint64_t line = 0;
  std::string query;
  bool analyzed = false;
  double execution_ms = 0, planning_ms = 0;
  std::vector<PlanNodeReport> nodes;
};

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_PLAN_REPORT_H_
