#ifndef PGSIFT_BASE_INDEX_ADVICE_H_
#define PGSIFT_BASE_INDEX_ADVICE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace pgsift {

// What is said about a schema's indexes: the `indexes` section of a report. Names are
// schema-qualified; SQL is complete, with its semicolon. Costs are in the planner's units.

// A statement that a proposed index serves.
struct ServedQueryAdvice {
  std::string id;
  std::string query;
  double calls = 0;
  double cost_before = 0, cost_after = 0;  // Of one call, with none and with all proposals.
  double saved_ms = 0;                     // Of its time in the log, by this index.
};

struct RecommendedIndex {
  std::string sql;
  std::string table;
  std::vector<std::string> columns;  // Or expressions.
  std::string where;                 // Empty: not partial.
  std::vector<std::string> include;
  std::string method;
  double score = 0;                  // 0 to 100.
  std::string benefit;               // In words, with figures.
  std::vector<std::string> queries;  // Ids.
  std::string name;
  std::string confidence;    // "high", "medium", "low".
  std::string required_sql;  // To run first; empty: nothing.
  std::string undo_sql;
  std::vector<std::string> replaces;      // Existing indexes that are not needed beside it.
  std::vector<std::string> replaces_sql;  // Their DROP INDEX,
  std::vector<std::string> restore_sql;   // and the CREATE INDEX that brings each back.
  double bytes = 0;                       // Estimated.
  std::string writes;                     // What it costs when rows are written, in words.
  std::string lock;                       // What building it holds, in words.
  std::vector<ServedQueryAdvice> served;
};

struct RejectedIndexAdvice {
  std::string sql;
  std::string table;
  std::string reason;
};

struct RedundantIndexAdvice {
  std::string index;
  std::string by;
  std::string table;
  std::string reason;
  std::string sql;
  std::string undo_sql;
};

struct UnusedIndexAdvice {
  std::string index;
  std::string table;
  uint64_t bytes = 0;
  std::string reason;
  std::string sql;
  std::string undo_sql;
};

// Something else about an index or a table's indexes.
struct IndexRemark {
  std::string kind;   // "invalid", "rarely-used", "bloated", "low-cardinality", "oversize",
                      // "missing-primary-key".
  std::string index;  // Empty: about the table.
  std::string table;
  uint64_t bytes = 0;  // 0: not known.
  std::string reason;
  std::string sql;
  std::string undo_sql;
};

struct IndexAdvice {
  std::vector<RecommendedIndex> recommended;  // In the order in which they should be built.
  std::vector<RejectedIndexAdvice> rejected;  // What was considered; a few.
  std::vector<RedundantIndexAdvice> redundant;
  std::vector<RedundantIndexAdvice> duplicate;
  std::vector<UnusedIndexAdvice> unused;
  std::vector<IndexRemark> remarks;
  std::vector<std::string> notes;          // What was read, what could not be used.
  double cost_before = 0, cost_after = 0;  // Of the whole workload.
};

}  // namespace pgsift

#endif  // PGSIFT_BASE_INDEX_ADVICE_H_
