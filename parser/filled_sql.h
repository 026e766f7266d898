#ifndef PGSIFT_PARSER_FILLED_SQL_H_
#define PGSIFT_PARSER_FILLED_SQL_H_

// Internal to parser/: a statement as the server sees it, where that is not what its file holds.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parser/splitter.h"
#include "parser/sql_file.h"

namespace pgsift {

// A statement with its placeholders filled in and psql's commands blanked out. Knows where in the
// file each of its bytes came from.
class FilledSql {
 public:
  // What stands in place of a placeholder without a known value.
  enum class Unknown : uint8_t { kIdentifier, kNumber };

  // `sql` starts `base` bytes into its file; `substitutions` are those inside it.
  FilledSql(std::string_view sql, uint64_t base, std::span<const Piece::Gap> gaps,
            std::span<const Substitution> substitutions, Unknown unknown);

  const std::string& text() const { return text_; }
  // Where in the file the byte at `offset` of text() comes from; a filled-in value comes from the
  // beginning of its placeholder.
  uint64_t InFile(uint64_t offset) const;

 private:
  struct Shift {
    uint64_t from = 0;    // In text(): from here on …
    uint64_t file = 0;    // … bytes come from here on in the file …
    bool filled = false;  // … or all from this very place.
  };
  std::string text_;
  std::vector<Shift> shifts_;  // By `from`.
};

}  // namespace pgsift

#endif  // PGSIFT_PARSER_FILLED_SQL_H_
