#ifndef PGSIFT_INGEST_LOG_SHAPE_H_
#define PGSIFT_INGEST_LOG_SHAPE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

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

// The shape as text, in lower case: what is shown where the grammar rejects the statement.
std::string ShapeText(std::string_view sql);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_SHAPE_H_
