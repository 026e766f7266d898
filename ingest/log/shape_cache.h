#ifndef PGSIFT_INGEST_LOG_SHAPE_CACHE_H_
#define PGSIFT_INGEST_LOG_SHAPE_CACHE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/log/shape.h"

namespace pgsift {

// ShapeAndLiteralsOf() for statements that come again and again with other literals. What stands
// between the literals of a text is remembered; a text that has the same bytes there, and literals
// of the same kind between them, has the same tokens, so only its literals are read. All answers
// are those of ShapeAndLiteralsOf(). Memory is bounded: two thousand texts of up to four kilobytes.
// Not thread-safe.
class ShapeCache {
 public:
  ShapeAndLiterals Of(std::string_view sql);

 private:
  // A text without its literals.
  struct Pattern {
    uint64_t place = 0;  // PlaceOf() its text; 0: empty.
    uint64_t shape = 0;
    std::string
        fixed;  // All bytes but those of the literals, and of list elements after the first.
    struct Cut {
      uint16_t at = 0;       // Of `fixed`: before this byte stands a literal.
      uint8_t begins = 0;    // What the literal begins with, as a ByteClass.
      bool where = false;    // The last WHERE is between the literal before and this one.
      bool element = false;  // Others may follow, after commas.
    };
    std::vector<Cut> cuts;
    bool ends_with_where = false;  // The last WHERE is behind the last literal.
  };
  static constexpr int kRowBits = 9;
  static constexpr size_t kWays = 4;
  struct Row {
    std::array<Pattern, kWays> patterns;
    uint32_t hits = 0, misses = 0;
    uint8_t next = 0;  // The pattern that gives way to a new one.
  };

  static bool Matches(const Pattern& pattern, std::string_view sql, ShapeAndLiterals* result);
  static ShapeAndLiterals Learn(std::string_view sql, uint64_t place, Row* row);

  std::array<Row, size_t{1} << kRowBits> rows_;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_SHAPE_CACHE_H_
