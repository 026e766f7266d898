#ifndef PGSIFT_REPORTS_TEXT_STYLE_H_
#define PGSIFT_REPORTS_TEXT_STYLE_H_

#include <string>
#include <string_view>

#include "base/rule_info.h"

namespace pgsift {

// Colours and widths of text reports. Without colour every mark is plain text, so that nothing is
// said by colour alone.
class TextStyle {
 public:
  explicit TextStyle(bool color) : color_(color) {}

  std::string Bold(std::string_view text) const { return Wrap("1", text); }
  std::string Dim(std::string_view text) const { return Wrap("2", text); }
  std::string Gutter(std::string_view text) const { return Wrap("1;34", text); }
  std::string Help(std::string_view text) const { return Wrap("1;36", text); }
  std::string Added(std::string_view text) const { return Wrap("32", text); }
  std::string Removed(std::string_view text) const { return Wrap("31", text); }
  // With the parameters of ANSI's SGR: "1;31".
  std::string Code(std::string_view code, std::string_view text) const {
    return Wrap(std::string(code).c_str(), text);
  }
  std::string Of(Severity severity, std::string_view text) const;

 private:
  std::string Wrap(const char* code, std::string_view text) const;
  bool color_;
};

// Columns that a terminal uses for the text: code points, combining marks not looked at.
size_t Columns(std::string_view text);
// Cut to `columns`, "…" at the end if something is missing.
std::string Cut(std::string_view text, size_t columns);
// Padded with spaces on the right, or on the left.
std::string PadRight(std::string_view text, size_t columns);
std::string PadLeft(std::string_view text, size_t columns);
// Control characters as they are written in source, so that a log cannot move the cursor.
std::string Printable(std::string_view text);
// Broken at spaces into lines of at most `width` columns; later lines begin with `indent`.
std::string Wrapped(std::string_view text, size_t width, std::string_view indent);
// `share` (0 to 1) as a bar of at most `columns` blocks.
std::string Bar(double share, size_t columns);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_TEXT_STYLE_H_
