#ifndef PGSIFT_PARSER_FOREIGN_PLACEHOLDERS_H_
#define PGSIFT_PARSER_FOREIGN_PLACEHOLDERS_H_

// Internal to parser/: what programs fill in before they send a statement, in forms that no dialect
// of migrations has. Looked for only in statements that the grammar rejects.

#include <cstdint>
#include <string_view>
#include <vector>

#include "parser/sql_file.h"

namespace pgsift {

struct ForeignPlaceholders {
  std::vector<Substitution> found;  // In order; none overlaps another.
  // One of them cannot be SQL, right or wrong: a statement that is still rejected with all of them
  // filled in is not to blame.
  bool certain = false;
};

// Those of `sql`, which starts `base` bytes into its file, outside of its strings, quoted names and
// comments: ${a}, {{a}}, {a}, #{a}, $(a), <%= a %>, {% if a %}, <? if a ?>; %s, %(a)s, %a%, :a,
// #a#, #__a, $a, <a> and ?, which may be mistakes as well.
ForeignPlaceholders FindForeignPlaceholders(std::string_view sql, uint64_t base);

}  // namespace pgsift

#endif  // PGSIFT_PARSER_FOREIGN_PLACEHOLDERS_H_
