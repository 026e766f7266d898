#ifndef PGSIFT_INGEST_LOG_SHAPE_H_
#define PGSIFT_INGEST_LOG_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pgsift {

// The shape of a statement is its text with literals and parameters folded to `?`, lists of such
// and repeated rows of VALUES to their first, comments dropped, white space folded, and the case of
// what is not quoted ignored. It is told by a lexer alone, at the speed of the log, so that the
// grammar need see each shape only once. Text that is cut off has a shape too.

// A hash of the shape. Written to files: the same for every build and machine.
uint64_t ShapeHash(std::string_view sql);

// The shape's hash and what it leaves out, as hashes that tell executions of one shape apart. These
// are compared within one run only.
struct ShapeAndLiterals {
  uint64_t shape = 0;
  uint64_t literals = 0;     // All of them.
  uint64_t after_where = 0;  // Those after the last WHERE; all if there is none.
};
ShapeAndLiterals ShapeAndLiteralsOf(std::string_view sql);

// ShapeAndLiteralsOf() for statements of which many differ in literals only, which is what a log
// holds: it remembers what is between the literals, and reads no more than these where all of it is
// the same. Memory is bounded: a few thousand statements of a few kilobytes. Not thread-safe.
class ShapeCache {
 public:
  ShapeAndLiterals Of(std::string_view sql);

 private:
  // Bytes that do not change, and then a literal.
  struct Gap {
    uint32_t fixed = 0;
    uint8_t byte_class = 0;  // Of the literal's first byte.
    bool where = false;      // WHERE is in the fixed bytes.
  };
  struct Known {
    uint64_t shape = 0;
    std::string fixed;  // All fixed bytes, in order; the last are behind the last literal.
    std::vector<Gap> gaps;
    bool ends_with_where = false;
  };
  static constexpr int kBucketBits = 9;
  static constexpr size_t kBucketMax = 12;
  static constexpr size_t kBytesMax = 4096;
  static constexpr size_t kGapsMax = 40;

  static size_t BucketOf(std::string_view sql);
  static bool Matches(const Known& known, std::string_view sql, ShapeAndLiterals* result);

  std::array<std::vector<Known>, size_t{1} << kBucketBits> buckets_;
};

// The shape as text, in lower case: what is shown where the grammar rejects the statement.
std::string ShapeText(std::string_view sql);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_SHAPE_H_
