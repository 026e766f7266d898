#ifndef PGSIFT_BASE_SPAN_H_
#define PGSIFT_BASE_SPAN_H_

#include <compare>
#include <cstdint>

namespace pgsift {

// An input file of this run: an index into the run's SourceSet.
enum class FileId : uint32_t { kNone = 0xffffffff };

// A stretch of bytes in one input file. Always bytes; lines and columns are worked out where a
// report is written (see LineIndex), so a span costs 16 bytes and no scan.
struct Span {
  uint64_t begin = 0;  // Offset of the first byte.
  uint32_t size = 0;   // Bytes. 0: a place between two bytes.
  FileId file = FileId::kNone;

  uint64_t end() const { return begin + size; }
  bool known() const { return file != FileId::kNone; }
  friend auto operator<=>(const Span&, const Span&) = default;
};

}  // namespace pgsift

#endif  // PGSIFT_BASE_SPAN_H_
