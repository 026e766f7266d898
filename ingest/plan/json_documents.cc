#include "ingest/plan/json_documents.h"

#include <algorithm>

#include "base/text.h"

namespace pgsift {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kWhite = " \t\r\n";

// Of the string that begins at `at`, or the end of its line, which no string of JSON goes beyond;
// the text's size or more: it is not closed.
size_t ClosingQuote(std::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"' && text[at] != '\n'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at;
}

// What closes what is open at the end of `text`, the innermost last.
std::string OpenAtEnd(std::string_view text) {
  std::string open;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      i = ClosingQuote(text, i);
    } else if (c == '[' || c == '{') {
      open += c == '[' ? ']' : '}';
    } else if ((c == ']' || c == '}') && !open.empty()) {
      open.pop_back();
    }
  }
  return open;
}

// Where the next line that begins with `mark` begins, at or after `at`; npos: none.
size_t NextLineWith(std::string_view text, std::string_view mark, size_t at) {
  for (size_t end = text.find('\n', at); end != text.npos; end = text.find('\n', end + 1)) {
    if (text.substr(end + 1, mark.size()) == mark) return end + 1;
  }
  return text.npos;
}

// The first few bytes that are no blanks: a document's bracket and the name of its first member.
std::string FirstBytes(std::string_view text) {
  constexpr size_t kBytes = 8;
  std::string bytes;
  for (size_t at = text.find_first_not_of(kWhite); at != text.npos && bytes.size() < kBytes;
       at = text.find_first_not_of(kWhite, at + 1)) {
    bytes += text[at];
  }
  return bytes;
}

}  // namespace

bool NextJsonDocument(std::string_view text, size_t at, bool repair, size_t depth_max,
                      JsonDocument* document) {
  while (at < text.size() && text[at] != '[' && text[at] != '{') ++at;
  if (at >= text.size()) return false;
  *document = {.begin = at, .end = text.size()};
  std::string open;  // What closes what is open, the innermost last.
  const auto whole = [&](size_t place) {
    if (repair && open.size() <= depth_max) document->whole = place;
  };
  for (size_t i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      i = ClosingQuote(text, i);
    } else if (c == '[' || c == '{') {
      open += c == '[' ? ']' : '}';
      document->depth = std::max(document->depth, open.size());
    } else if (c == ',') {
      whole(i);
    } else if (c == ']' || c == '}') {
      open.pop_back();
      whole(i + 1);
      if (open.empty()) {
        document->end = i + 1;
        document->closed = true;
        return true;
      }
    }
  }
  if (document->whole > 0) {
    document->closing = OpenAtEnd(text.substr(at, document->whole - at));
    std::reverse(document->closing.begin(), document->closing.end());
  }
  return true;
}

size_t LikelyEndOfJson(std::string_view text, size_t at) {
  const char close = text[at] == '[' ? ']' : '}';
  const size_t line_end = std::min(text.find('\n', at), text.size());
  const std::string_view line = Trim(text.substr(at, line_end - at));
  // Of a document on a line of its own, an item of an array has a comma behind it.
  const size_t comma = line.ends_with(',') ? 1 : 0;
  if (line.size() > comma + 1 && line[line.size() - 1 - comma] == close) {
    return at + line.size() - comma;
  }
  if (line.size() != 1) return 0;
  const size_t before = at == 0 ? text.npos : text.find_last_of('\n', at - 1);
  const size_t line_begin = before == text.npos ? 0 : before + 1;
  const std::string_view indent = text.substr(line_begin, at - line_begin);
  if (indent.find_first_not_of(kBlanks) != indent.npos) return 0;
  // JSON's strings hold no line ends: this is no text.
  const size_t end = NextLineWith(text, std::string(indent) + close, line_end);
  return end == text.npos ? 0 : end + indent.size() + 1;
}

size_t NextLineLike(std::string_view text, size_t begin) {
  const size_t before = begin == 0 ? text.npos : text.find_last_of('\n', begin - 1);
  const size_t line = before == text.npos ? 0 : before + 1;
  const std::string_view mark = text.substr(line, begin + 1 - line);
  if (mark.find_first_not_of(kBlanks) != mark.size() - 1) return text.npos;
  // Where nothing is indented, a document's inner objects stand there too, with other members.
  const std::string member = FirstBytes(text.substr(begin));
  for (size_t at = begin;;) {
    at = NextLineWith(text, mark, at);
    if (at == text.npos || FirstBytes(text.substr(at)) == member) return at;
  }
}

std::vector<std::string_view> CutJson(std::string_view text, size_t part_bytes) {
  const size_t first = text.find_first_not_of(kWhite);
  if (text.size() <= 2 * part_bytes || first == text.npos) return {text};
  std::string_view rest = text;
  std::string marks[2] = {"{", "["};
  size_t count = 2;
  // An array whose first item has a line of its own: cut before items that are indented like it.
  const size_t second = text.find_first_not_of(kWhite, first + 1);
  if (text[first] == '[' && second != text.npos && text[second] == '{') {
    const size_t line = text.find_last_of('\n', second);
    if (line == text.npos || line < first) return {text};
    marks[0] = std::string(text.substr(line + 1, second - line));
    // Items at the margin look like documents: so does the array's end.
    if (marks[0].size() == 1) return {text};
    count = 1;
    rest.remove_prefix(line + 1);
  } else if (first > 0 && text[first] == '{' && text[first - 1] != '\n') {
    // Items of an array that began before the text.
    const size_t line = text.find_last_of('\n', first);
    marks[0] = std::string(text.substr(line + 1, first - line));
    count = 1;
  }
  std::vector<std::string_view> parts;
  while (rest.size() > 2 * part_bytes) {
    size_t next = rest.npos;
    for (size_t i = 0; i < count; ++i) {
      next = std::min(next, NextLineWith(rest, marks[i], part_bytes));
    }
    if (next == rest.npos) break;
    parts.push_back(rest.substr(0, next));
    rest.remove_prefix(next);
  }
  parts.push_back(rest);
  return parts;
}

}  // namespace pgsift
