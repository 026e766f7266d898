#ifndef PGSIFT_PARSER_REPEATED_ROWS_H_
#define PGSIFT_PARSER_REPEATED_ROWS_H_

// INSERTs that differ in nothing but their literals, told without the grammar. Files of data hold
// hundreds of thousands; what one of them does, all do.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "parser/splitter.h"
#include "parser/statement.h"

namespace pgsift {

// What an INSERT … VALUES looks like when its literals are taken out.
struct RowShape {
  // Its text with 's' for each string and 0 for each number among the values; of rows that look
  // alike the first two. Empty: it is no INSERT … VALUES, or not one that is told this way.
  std::string text;
  uint64_t rows = 0;
  // Rows beyond the first kRowsReadMax that look like one before them.
  std::vector<Piece::Gap> surplus;
};

// So many rows of a shape are read one after the other as they stand.
inline constexpr uint64_t kRowsReadMax = 1000;

// Tells shapes. Keeps its buffers from one statement to the next; not thread-safe.
class RowShapeReader {
 public:
  // The shape of `sql`, which starts `base` bytes into its file. Valid until the next call.
  const RowShape& Read(std::string_view sql, uint64_t base);

 private:
  bool Head();
  bool Rows(uint64_t base);
  bool Row();
  bool Rest();
  // Goes past the quoted name or string at at_; false: it is never closed.
  bool Quoted(char quote);
  bool Number();
  void Spaces(bool keep);

  std::string_view sql_;
  size_t at_ = 0;
  RowShape shape_;
  absl::flat_hash_set<std::string> seen_;
};

// Whether a statement leaves tables as they are, but for their rows: INSERTs behind it do what
// those before it did.
bool LeavesTables(const Statement& statement);

// The shapes since the last statement that may change tables, and the rows that there were of each.
class RepeatedRows {
 public:
  struct Seen {
    uint32_t statement = 0;   // The last one that was read.
    uint64_t statements = 0;  // That it stands for, besides itself.
    uint64_t rows = 0;
  };

  // Counts a statement that is to be read, or finds one in `statements` that stands for it.
  bool IsRepeated(const RowShape& shape, const std::vector<Statement>& statements);
  // A statement that may change tables follows, or none: tells those that stand for others.
  void End(std::vector<Statement>* statements);

 private:
  absl::flat_hash_map<std::string, Seen> seen_;
};

// Makes an INSERT stand for rows that it does not hold, and for `statements` more behind it: a last
// row is added to its own, or taken for it, whose values are none that can be known.
void StandForRows(uint64_t statements, StatementNode* node);
// How many statements behind it an INSERT stands for.
uint64_t RepeatsOf(const Statement& statement);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_REPEATED_ROWS_H_
