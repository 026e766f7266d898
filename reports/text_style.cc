#include "reports/text_style.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace pgsift {

std::string TextStyle::Wrap(const char* code, std::string_view text) const {
  if (!color_) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string TextStyle::Of(Severity severity, std::string_view text) const {
  switch (severity) {
    case Severity::kError:
      return Wrap("1;31", text);
    case Severity::kWarning:
      return Wrap("1;33", text);
    case Severity::kInfo:
      return Wrap("1;34", text);
  }
  return std::string(text);
}

size_t Columns(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string Cut(std::string_view text, size_t columns) {
  if (Columns(text) <= columns) return std::string(text);
  size_t seen = 0;
  size_t at = 0;
  for (; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) continue;
    if (++seen >= columns) break;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::string PadRight(std::string_view text, size_t columns) {
  const size_t have = Columns(text);
  return std::string(text) + std::string(columns > have ? columns - have : 0, ' ');
}

std::string PadLeft(std::string_view text, size_t columns) {
  const size_t have = Columns(text);
  return std::string(columns > have ? columns - have : 0, ' ') + std::string(text);
}

std::string Printable(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string clean;
  const Utf8Text utf8 = ToUtf8(text);
  for (char c : utf8.text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t') {
      clean += ' ';
    } else if (byte < 0x20 || byte == 0x7f) {
      clean += "\\x";
      clean += kHex[byte >> 4];
      clean += kHex[byte & 15];
    } else {
      clean += c;
    }
  }
  return clean;
}

std::string Wrapped(std::string_view text, size_t width, std::string_view indent) {
  std::string out;
  size_t column = 0;
  bool first = true;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    const size_t columns = Columns(word);
    if (!first && column + 1 + columns > width) {
      out += "\n" + std::string(indent);
      column = 0;
      first = true;
    }
    if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += columns;
    first = false;
  }
  return out;
}

std::string Bar(double share, size_t columns) {
  const auto full =
      static_cast<size_t>(std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(columns)));
  std::string bar;
  for (size_t i = 0; i < full; ++i) bar += "█";
  return bar;
}

}  // namespace pgsift
