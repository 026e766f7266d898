#ifndef PGSIFT_PARSER_SPLITTER_H_
#define PGSIFT_PARSER_SPLITTER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pgsift {

enum class PieceKind : uint8_t {
  kStatement,    // SQL for the server, without its semicolon.
  kMetaCommand,  // A psql backslash command, to the end of its line.
  kCopyData,     // The lines after COPY … FROM stdin, without the closing `\.`.
};

// The deepest nesting that is handed to the grammar: parentheses, brackets and operators in one
// chain, added up along the way from the statement's start. The grammar recurses over them.
inline constexpr uint32_t kNestingMax = 10'000;

// One piece of a SQL file. A statement reaches from its first token to its last: neither comments
// around it nor the semicolon belong to it, comments inside do.
struct Piece {
  PieceKind kind = PieceKind::kStatement;
  uint64_t begin = 0;
  uint64_t size = 0;
  uint32_t nesting = 0;     // Deepest point, see kNestingMax.
  bool terminated = false;  // A semicolon (or \g) ended it, not the end of the file.
  // Why it cannot be a statement, with `error_at` the byte to blame; empty when nothing is known.
  std::string error;
  uint64_t error_at = 0;
  // psql commands in the middle of the statement: stretches that the grammar must not see.
  struct Gap {
    uint64_t begin = 0;
    uint64_t size = 0;
  };
  std::vector<Gap> gaps;
};

// A comment, with its marks (`--` or `/*` and `*/`), without the line's end.
struct Comment {
  uint64_t begin = 0;
  uint64_t size = 0;
};

struct SplitSql {
  std::vector<Piece> pieces;      // In file order.
  std::vector<Comment> comments;  // In file order; comments inside statements too.
};

// Cuts a SQL file into statements as psql and the server do: dollar quotes, nested comments, E'',
// U&'' and doubled quotes, BEGIN ATOMIC bodies, psql's commands and COPY data, a byte-order mark,
// any line end. A quote that is never closed costs one statement, not the rest of the file: the
// statement ends at the next line that ends in a semicolon, and says so. Linear time; offsets are
// bytes of `text`.
SplitSql SplitStatements(std::string_view text);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_SPLITTER_H_
