#ifndef PGSIFT_REPORTS_PLAN_REPORT_H_
#define PGSIFT_REPORTS_PLAN_REPORT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pgsift {

// One node of a plan as reports show it. Rows are totals over all loops.
struct PlanNodeReport {
  int id = 0;
  int parent = -1;
  int depth = 0;
  std::string type, relation, index, detail;  // `detail`: its condition or sort key.
  std::string relationship;                   // To its parent, "SubPlan 1" where it has a name.
  bool analyzed = false;
  bool never_executed = false;
  double exclusive_ms = 0, inclusive_ms = 0;
  double uncertainty_ms = 0;  // Of inclusive_ms, from rounding.
  double rows = 0, rows_planned = 0, loops = 0, rows_removed = 0;
  double processes = 1;
  double misestimate = 1;  // Times by which rows and rows planned differ; > 1: more, < 1: fewer.
  double cost = 0;         // The planner's, with what is below.
  double share = 0;  // Of the plan's time, 0 to 1; of its blocks or cost where it has no times.
  bool critical = false;  // On the path from the root along the slowest children.
  uint64_t line = 0;
  uint64_t offset = 0;  // In the input, for what links findings to nodes.
  // All else that EXPLAIN said, in a fixed order: names in snake case, units last.
  std::vector<std::pair<std::string, std::string>> texts;
  std::vector<std::pair<std::string, std::vector<std::string>>> lists;
  std::vector<std::pair<std::string, double>> numbers;
  std::vector<std::pair<std::string, double>> buffers;  // Blocks, children included.
  std::vector<std::pair<std::string, double>> own_buffers;
};

// What is said of a whole plan, apart from its nodes.
struct PlanTriggerReport {
  std::string name, constraint, relation;
  double time_ms = 0, calls = 0;
};

struct PlanReport {
  std::string path;
  uint64_t line = 0;
  uint64_t offset = 0;
  std::string format;  // "json", "text", "yaml", "xml".
  std::string query;
  std::string query_id;  // The log's, or EXPLAIN's.
  std::string shape;     // Equal for plans of equal nodes, relations and indexes.
  bool analyzed = false;
  bool timed = false;
  bool truncated = false;
  double execution_ms = 0, planning_ms = 0;
  std::vector<std::pair<std::string, double>> numbers;  // jit_ms, trigger_ms, outside_ms …
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<PlanTriggerReport> triggers;
  std::vector<PlanNodeReport> nodes;
};

// The ways in which one query was planned, as a log shows them; by time.
struct PlanVariantReport {
  std::string shape;
  size_t plan = 0;  // Index into the report's plans: its slowest execution.
  double runs = 0, mean_ms = 0, longest_ms = 0;
  int64_t first_us = 0, last_us = 0;
};
struct PlanGroupReport {
  std::string query_id, query;
  std::vector<PlanVariantReport> variants;  // In the order in which they were first seen.
};

// One line of a comparison of two plans of one query. Of a node that only one plan has, the other's
// numbers are 0.
struct PlanChangeReport {
  std::string what;             // "same", "changed", "added", "removed".
  int before = -1, after = -1;  // Node ids; -1: none.
  int depth = 0;
  std::string before_node, after_node;
  double before_ms = 0, after_ms = 0;  // Exclusive.
  double before_rows = 0, after_rows = 0;
  double before_blocks = 0, after_blocks = 0;
};
struct PlanComparisonReport {
  std::string before_path, after_path;
  uint64_t before_line = 0, after_line = 0;
  std::string query;
  bool timed = false;
  bool same_shape = false;
  double before_ms = 0, after_ms = 0;  // Whole; of plans without times, the cost.
  double before_cost = 0, after_cost = 0;
  std::string verdict;  // "same", "faster", "slower".
  std::vector<PlanChangeReport> changes;
};

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_PLAN_REPORT_H_
