#include "ingest/plan/plan_characters.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

constexpr size_t kSampleBytes = size_t{64} << 10;

struct Replacement {
  std::string_view foreign;
  std::string_view plain;
};

// Spaces that do not break, are as wide as a letter, or have no width; dashes and arrows that word
// processors make of "->"; what pages escape.
constexpr Replacement kReplacements[] = {
    {"\xC2\xA0", " "},      {"\xE2\x80\x80", " "},   {"\xE2\x80\x81", " "},
    {"\xE2\x80\x82", " "},  {"\xE2\x80\x83", " "},   {"\xE2\x80\x84", " "},
    {"\xE2\x80\x85", " "},  {"\xE2\x80\x86", " "},   {"\xE2\x80\x87", " "},
    {"\xE2\x80\x88", " "},  {"\xE2\x80\x89", " "},   {"\xE2\x80\x8A", " "},
    {"\xE2\x80\xAF", " "},  {"\xE3\x80\x80", " "},   {"\xE2\x80\x8B", ""},
    {"\xEF\xBB\xBF", ""},   {"\xE2\x80\x93>", "->"}, {"\xE2\x80\x94>", "->"},
    {"\xE2\x86\x92", "->"}, {"\xE2\x9E\x94", "->"},  {"\xE2\x80\x9C", "\""},
    {"\xE2\x80\x9D", "\""}, {"&nbsp;", " "},         {"&#160;", " "},
    {"&gt;", ">"},          {"&lt;", "<"},           {"&quot;", "\""},
    {"&#34;", "\""},        {"&#39;", "'"},          {"&apos;", "'"},
    {"&amp;", "&"},
};

// What a plan has in none of its own texts, unless someone else's hand was at it.
constexpr std::string_view kSigns[] = {"\x1B[",
                                       "\xC2\xA0->",
                                       "\xC2\xA0(",
                                       "\xC2\xA0\xC2\xA0",
                                       " \xC2\xA0",
                                       "\n\xC2\xA0",
                                       "\xE2\x80\x82->",
                                       "\xE2\x80\x83->",
                                       "\xE3\x80\x80->",
                                       "\xE2\x80\xAF->",
                                       "\xE2\x80\x93>  ",
                                       "\xE2\x80\x94>  ",
                                       "\xE2\x86\x92  ",
                                       "\xE2\x9E\x94  ",
                                       "&nbsp;",
                                       "-&gt;",
                                       "&quot;Plan&quot;",
                                       "\xE2\x80\x9CPlan\xE2\x80\x9D",
                                       "\xE2\x80\x9DPlan\xE2\x80\x9D",
                                       "&lt;explain"};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

// What pages set plans in.
constexpr std::string_view kTags[] = {"<pre",   "</pre", "<code", "</code", "<span",
                                      "</span", "<div",  "</div", "<p>",    "</p>",
                                      "<br",    "<samp", "</samp"};

// The text begins with a tag of a page, or its lines end in one.
bool IsPage(std::string_view text) {
  const std::string_view start = Trim(text.substr(0, 200));
  for (std::string_view tag : {"<pre", "<code", "<span", "<div", "<samp"}) {
    if (start.starts_with(tag)) return true;
  }
  for (std::string_view end : {"<br>\n", "<br/>\n", "<br />\n", "<br>\r\n", "<br/>\r\n"}) {
    if (text.find(end) != text.npos) return true;
  }
  return false;
}

size_t TagLength(std::string_view text) {
  for (std::string_view tag : kTags) {
    if (!text.starts_with(tag)) continue;
    const size_t end = text.find('>');
    if (end != text.npos && text.find('\n') > end) return end + 1;
  }
  return 0;
}

// "0.00…43.00", as a word processor writes two points.
bool IsRange(std::string_view text, size_t at) {
  const size_t after = at + kEllipsis.size();
  return at > 0 && IsDigit(text[at - 1]) && after < text.size() && IsDigit(text[after]);
}

bool HasNumbers(std::string_view text) {
  return text.find("(cost=") != text.npos || text.find("(actual ") != text.npos;
}

// The length of a sequence that colours a terminal, which begins here; 0: none does.
size_t ColourLength(std::string_view text) {
  if (!text.starts_with("\x1B[")) return 0;
  size_t end = 2;
  while (end < text.size() && (text[end] == ';' || (text[end] >= '0' && text[end] <= '9'))) ++end;
  const bool closed = end < text.size() && (text[end] == 'm' || text[end] == 'K');
  return closed ? end + 1 : 0;
}

const Replacement* ReplacementOf(std::string_view text) {
  const auto* found = std::find_if(
      std::begin(kReplacements), std::end(kReplacements),
      [&](const Replacement& replacement) { return text.starts_with(replacement.foreign); });
  return found == std::end(kReplacements) ? nullptr : found;
}

}  // namespace

uint64_t PlainCharacters::OriginalOffset(uint64_t offset) const {
  const auto after =
      std::upper_bound(shifts.begin(), shifts.end(), offset,
                       [](uint64_t at, const Shift& shift) { return at < shift.begin; });
  return after == shifts.begin() ? offset : offset + std::prev(after)->ahead;
}

bool HasForeignCharacters(std::string_view text) {
  const std::string_view start = text.substr(0, kSampleBytes);
  if (start.starts_with(kByteOrderMark) || IsPage(start)) return true;
  if (start.find('\r') != start.npos && start.find('\n') == start.npos) return true;
  for (size_t at = start.find(kEllipsis); at != start.npos; at = start.find(kEllipsis, at + 1)) {
    if (IsRange(start, at)) return true;
  }
  return std::any_of(std::begin(kSigns), std::end(kSigns),
                     [&](std::string_view sign) { return start.find(sign) != start.npos; });
}

bool IsPrintedByPython(std::string_view text) {
  const std::string_view start = text.substr(0, kSampleBytes);
  return start.find("'Node Type':") != start.npos && start.find("\"Node Type\"") == start.npos;
}

PlainCharacters FromPython(std::string_view text) {
  PlainCharacters plain;
  plain.text.reserve(text.size());
  char quote = '\0';
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::string_view rest = text.substr(at);
    if (quote == '\0') {
      if (c == '\'' || c == '"') {
        quote = c;
        plain.text += '"';
      } else if (rest.starts_with("True") || rest.starts_with("None") ||
                 rest.starts_with("False")) {
        plain.text += c == 'T' ? "true" : c == 'N' ? "null" : "false";
        at += c == 'F' ? 5 : 4;
        continue;
      } else if (c == ',' && rest.substr(1, 1) == ")") {
        plain.text += ' ';
      } else {
        plain.text += c == '(' ? '[' : c == ')' ? ']' : c;
      }
      ++at;
    } else if (c == quote) {
      quote = '\0';
      plain.text += '"';
      ++at;
    } else if (c == '\\' && rest.substr(1, 1) == "'") {
      plain.text += '\'';
      at += 2;
      plain.shifts.push_back({.begin = plain.text.size(), .ahead = at - plain.text.size()});
    } else if (c == '"') {
      plain.text += "\\\"";
      ++at;
    } else if (c == '\\') {
      plain.text += rest.substr(0, 2);
      at += std::min<size_t>(2, rest.size());
    } else {
      plain.text += c;
      ++at;
    }
  }
  return plain;
}

bool IsListOfLiterals(std::string_view text) {
  const std::string_view start = Trim(text.substr(0, kSampleBytes));
  if (start.empty()) return false;
  const bool escaped =
      start.find("\\\"Plan\\\"") != start.npos && start.find("\\\"Node Type\\\"") != start.npos;
  if (start.find("\"Node Type\"") != start.npos || !(escaped || HasNumbers(start))) return false;
  const size_t digits = std::min(start.find_first_not_of("0123456789"), start.size());
  switch (start.front()) {
    case '[':
    case '(':
    case '{':
      return start.find_first_of("\"'") < 100;
    case '"': {
      // Lines in quotes that are doubled within are a client's frame.
      const std::string_view first = start.substr(0, start.find('\n'));
      return escaped || first.find("\\n") != first.npos || first.starts_with("\"\",") ||
             first.starts_with("\"1\",");
    }
    default:
      return digits > 0 && start.substr(digits, 2) == "\t\"";
  }
}

PlainCharacters WithPlainCharacters(std::string_view text) {
  PlainCharacters plain;
  plain.text.reserve(text.size());
  const std::string_view start = text.substr(0, kSampleBytes);
  const bool page = IsPage(start);
  const bool returns = start.find('\n') == start.npos;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const auto first = static_cast<unsigned char>(rest.front());
    size_t length = 0;
    std::string_view instead;
    if (first == 0x1B) {
      length = ColourLength(rest);
    } else if (first == '<' && page) {
      length = TagLength(rest);
      // A line ends there, whether the page's source has another or not.
      const bool ends = rest.starts_with("<br") && rest.substr(length, 1) != "\n" &&
                        rest.substr(length, 1) != "\r";
      if (length > 0 && ends) instead = "\n";
    } else if (first == '\r' && returns) {
      length = 1;
      instead = "\n";
    } else if (first >= 0x80 || first == '&') {
      if (rest.starts_with(kEllipsis) && IsRange(text, at)) {
        length = kEllipsis.size();
        instead = "..";
      } else if (const Replacement* replacement = ReplacementOf(rest)) {
        length = replacement->foreign.size();
        instead = replacement->plain;
      }
    }
    if (length == 0) {
      plain.text += rest.front();
      ++at;
      continue;
    }
    plain.text += instead;
    at += length;
    plain.shifts.push_back({.begin = plain.text.size(), .ahead = at - plain.text.size()});
  }
  return plain;
}

PlainCharacters FromLiterals(std::string_view text) {
  PlainCharacters plain;
  size_t at = 0;
  const auto add = [&](char c, size_t length) {
    plain.text += c;
    at += length;
    if (length > 1)
      plain.shifts.push_back({.begin = plain.text.size(), .ahead = at - plain.text.size()});
  };
  while ((at = text.find_first_of("\"'", at)) != text.npos) {
    const char quote = text[at++];
    const size_t begin = plain.text.size();
    plain.shifts.push_back({.begin = begin, .ahead = at - begin});
    while (at < text.size()) {
      const char next = at + 1 < text.size() ? text[at + 1] : '\0';
      if (text[at] == quote && next != quote) break;
      if (text[at] == quote) {
        add(quote, 2);
      } else if (text[at] == '\\' && next == 'n') {
        add('\n', 2);
      } else if (text[at] == '\\' && next == 't') {
        add('\t', 2);
      } else if (text[at] == '\\' && next == 'r') {
        add(' ', 2);
      } else if (text[at] == '\\' && next != '\0') {
        add(next, 2);
      } else {
        add(text[at], 1);
      }
    }
    if (at < text.size()) ++at;
    const std::string_view literal = std::string_view(plain.text).substr(begin);
    const bool number = literal.find_first_not_of("0123456789") == literal.npos;
    if (number || Trim(literal) == "QUERY PLAN") {
      plain.text.resize(begin);
      while (!plain.shifts.empty() && plain.shifts.back().begin >= begin) plain.shifts.pop_back();
    } else {
      plain.text += '\n';
    }
  }
  return plain;
}

}  // namespace pgsift
