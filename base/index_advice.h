#ifndef PGSIFT_BASE_INDEX_ADVICE_H_
#define PGSIFT_BASE_INDEX_ADVICE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace pgsift {

// What is said about a schema's indexes: the `indexes` section of a report. Names are
// schema-qualified; SQL is complete, with its semicolon.

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
};

struct IndexAdvice {
  std::vector<RecommendedIndex> recommended;  // Best first.
  std::vector<RedundantIndexAdvice> redundant;
  std::vector<RedundantIndexAdvice> duplicate;
  std::vector<UnusedIndexAdvice> unused;
};

}  // namespace pgsift

#endif  // PGSIFT_BASE_INDEX_ADVICE_H_
