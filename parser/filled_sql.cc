#include "parser/filled_sql.h"

#include <algorithm>

namespace pgsift {

FilledSql::FilledSql(std::string_view sql, uint64_t base, std::span<const Piece::Gap> gaps,
                     std::span<const Substitution> substitutions, Unknown unknown) {
  std::string blanked(sql);
  for (const Piece::Gap& gap : gaps) {
    blanked.replace(gap.begin - base, gap.size, gap.size, ' ');
  }
  shifts_.push_back({.from = 0, .file = base});
  uint64_t at = 0;
  for (const Substitution& substitution : substitutions) {
    const uint64_t begin = substitution.begin - base;
    text_.append(blanked, at, begin - at);
    shifts_.push_back({.from = text_.size(), .file = substitution.begin, .filled = true});
    const bool number = !substitution.known && unknown == Unknown::kNumber;
    text_ += number ? "1" : substitution.text;
    at = begin + substitution.size;
    shifts_.push_back({.from = text_.size(), .file = base + at});
  }
  text_.append(blanked, at);
}

uint64_t FilledSql::InFile(uint64_t offset) const {
  const auto after =
      std::upper_bound(shifts_.begin(), shifts_.end(), offset,
                       [](uint64_t value, const Shift& shift) { return value < shift.from; });
  const Shift& shift = *std::prev(after);
  return shift.filled ? shift.file : shift.file + (offset - shift.from);
}

}  // namespace pgsift
