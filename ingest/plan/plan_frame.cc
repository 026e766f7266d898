#include "ingest/plan/plan_frame.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "base/text.h"

namespace pgsift {
namespace {

constexpr size_t kSampleBytes = size_t{64} << 10;
constexpr std::string_view kHeader = "QUERY PLAN";
// What psql draws columns with, beside "|": its unicode line styles.
constexpr std::string_view kBars[] = {"│", "║", "|"};
// What marks that a value goes on in the next line.
constexpr std::string_view kContinued[] = {"↵", "+", "…"};

// "(12 rows)", in any language.
bool IsRowCount(std::string_view content) {
  if (content.size() < 4 || content.front() != '(' || content.back() != ')') return false;
  size_t i = 1;
  while (i < content.size() && content[i] >= '0' && content[i] <= '9') ++i;
  return i > 1 && content[i] == ' ' && content.find_first_of("=.,", i) == content.npos;
}

// Nothing but what rules are drawn with.
bool IsRule(std::string_view content) {
  if (content.starts_with("-[ RECORD")) return true;
  bool any = false;
  for (size_t i = 0; i < content.size();) {
    if (content[i] == '-' || content[i] == '+' || content[i] == '|' || content[i] == '=') {
      any = any || content[i] == '-' || content[i] == '=';
      ++i;
    } else if (content.substr(i).starts_with("\xE2\x94") ||
               content.substr(i).starts_with("\xE2\x95")) {
      any = true;  // Box drawing.
      i += 3;
    } else {
      return false;
    }
  }
  return any;
}

// The first line that is not blank.
std::string_view FirstLine(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find('\n', begin) - begin);
}

// As mails and Markdown cite: lines behind "> ".
bool IsCited(std::string_view text) {
  return FirstLine(text).starts_with(">") || text.find("\n> ") != text.npos ||
         text.find("\n>> ") != text.npos;
}

// A CSV file's header need not be quoted where its cell is.
bool IsQuoted(std::string_view text) {
  if (FirstLine(text).starts_with('"')) return true;
  if (Trim(FirstLine(text)) != kHeader) return false;
  return FirstLine(text.substr(text.find(kHeader) + kHeader.size())).starts_with('"');
}

// Of a text plan's rows those are quoted that hold a comma or a quote: psql --csv, grids.
bool HasQuotedRows(std::string_view text) {
  const std::string_view start = text.substr(0, kSampleBytes);
  return start.find("\n\" ") != start.npos && start.find("\"Node Type\"") == start.npos &&
         std::min(start.find("(cost="), start.find("(actual ")) != start.npos;
}

// Where the line with the first node's numbers begins, but for blanks; npos: there is none.
size_t FirstNodeLine(std::string_view text) {
  const std::string_view start = text.substr(0, kSampleBytes);
  const size_t numbers =
      std::min({start.find("(cost="), start.find("(actual "), start.find("\"Plan\": {")});
  if (numbers == text.npos) return text.npos;
  const size_t newline = text.rfind('\n', numbers);
  const size_t begin = newline == text.npos ? 0 : newline + 1;
  return std::min(text.find_first_not_of(" \t", begin), text.size());
}

// What makes the lines of a plan the comment of a program; "": they are none.
std::string_view CommentMark(std::string_view text) {
  const size_t node = FirstNodeLine(text);
  if (node == text.npos) return {};
  for (std::string_view mark : {"--", "//", "#", "*"}) {
    if (text.substr(node).starts_with(mark)) return mark;
  }
  return {};
}

// A grid's rows, with their numbers in front: "1<tab>Seq Scan on t  (cost=…".
bool IsNumbered(std::string_view text) {
  const size_t node = FirstNodeLine(text);
  if (node == text.npos) return false;
  const size_t end = text.find_first_not_of("0123456789", node);
  return end != text.npos && end > node && text[end] == '\t';
}

class Frame {
 public:
  explicit Frame(std::string text) : text_(std::move(text)) {}

  std::string Take() {
    if (IsQuoted(text_)) Quotes();
    rows_ = HasQuotedRows(text_);
    const bool numbered = IsNumbered(text_);
    const std::string mark(CommentMark(text_));
    for (size_t at = 0; at < text_.size() && (numbered || !mark.empty());
         at = std::min(text_.find('\n', at), text_.size()) + 1) {
      const size_t begin = std::min(text_.find_first_not_of(" \t", at), text_.size());
      if (numbered) {
        const size_t end = std::min(text_.find_first_not_of("0123456789", begin), text_.size());
        if (end < text_.size() && text_[end] == '\t') Blank(begin, end);
      } else if (std::string_view(text_).substr(begin).starts_with(mark)) {
        Blank(begin, begin + mark.size());
      }
    }
    for (size_t at = 0; at < text_.size(); at = std::min(text_.find('\n', at), text_.size()) + 1) {
      // A citation may cite one.
      for (size_t i = at; i < text_.size() && (text_[i] == '>' || text_[i] == ' '); ++i) {
        text_[i] = ' ';
      }
    }
    for (size_t at = 0; at < text_.size();) {
      const size_t end = std::min(text_.find('\n', at), text_.size());
      Line(at, end);
      at = end + 1;
    }
    return std::move(text_);
  }

 private:
  void Blank(size_t begin, size_t end) {
    std::fill(text_.begin() + static_cast<std::ptrdiff_t>(begin),
              text_.begin() + static_cast<std::ptrdiff_t>(end), ' ');
  }

  // Quotes around the whole or around each line, and doubled within: the pair `""` that opens a
  // string becomes ` "`, the one that closes it `" `.
  void Quotes() {
    // The header of a CSV file is quoted by itself.
    size_t begin = text_.find_first_not_of(" \t\r\n");
    const std::string_view header = Trim(FirstLine(text_));
    if (header == "\"QUERY PLAN\"" || header == kHeader) {
      const size_t end = std::min(text_.find('\n', begin), text_.size());
      Blank(begin, end);
      begin = std::min(text_.find('"', end), text_.size());
    }
    const std::string_view first = Trim(FirstLine(std::string_view(text_).substr(begin)));
    const bool each_line = first.ends_with('"') && first != "\"";
    bool outside = true;
    bool in_string = false;
    for (size_t i = begin; i < text_.size(); ++i) {
      if (text_[i] == '\n' && each_line) {
        outside = true;
        in_string = false;
        continue;
      }
      if (text_[i] != '"') continue;
      if (outside) {
        text_[i] = ' ';
        outside = false;
      } else if (i + 1 < text_.size() && text_[i + 1] == '"') {
        if (i > 0 && text_[i - 1] == '\\') {
          text_[++i] = ' ';
          continue;
        }
        text_[i + (in_string ? 1 : 0)] = ' ';
        text_[i + (in_string ? 0 : 1)] = '"';
        in_string = !in_string;
        ++i;
      } else {
        text_[i] = ' ';
        outside = true;
      }
    }
  }

  void Line(size_t begin, size_t end) {
    std::string_view line = std::string_view(text_).substr(begin, end - begin);
    const size_t first = line.find_first_not_of(" \t\r");
    if (first == line.npos) return;
    std::string_view content = Trim(line);
    if (rows_ && content.size() > 2 && content.front() == '"' && content.back() == '"') {
      const size_t last = text_.rfind('"', end - 1);
      text_[begin + first] = text_[last] = ' ';
      bool in_string = false;
      for (size_t i = begin + first + 1; i + 1 < last; ++i) {
        if (text_[i] != '"' || text_[i + 1] != '"') continue;
        text_[in_string ? i + 1 : i] = ' ';
        in_string = !in_string;
        ++i;
      }
      // The quote was no part of the indentation.
      text_.insert(text_.begin() + static_cast<std::ptrdiff_t>(last), ' ');
      text_.erase(begin + first, 1);
      content = Trim(std::string_view(text_).substr(begin, end - begin));
    }
    bool drawn = false;
    for (std::string_view bar : kBars) {
      if (content.starts_with(bar)) {
        drawn = true;
        Blank(begin + first, begin + first + bar.size());
        content = Trim(std::string_view(text_).substr(begin, end - begin));
      }
      if (content.ends_with(bar) && !content.empty()) {
        const size_t last = text_.rfind(bar, end - 1);
        Blank(last, last + bar.size());
        content = Trim(std::string_view(text_).substr(begin, end - begin));
      }
    }
    if (content.starts_with(kHeader)) {
      // In expanded form the first line of the value follows it.
      const size_t header = text_.find(kHeader, begin);
      Blank(header, header + kHeader.size());
      content = Trim(std::string_view(text_).substr(begin, end - begin));
      for (std::string_view bar : kBars) {
        if (!content.starts_with(bar)) continue;
        const size_t place = text_.find(bar, begin);
        Blank(place, place + bar.size());
      }
      content = Trim(std::string_view(text_).substr(begin, end - begin));
    }
    if (IsRule(content) || IsRowCount(content)) return Blank(begin, end);
    for (std::string_view mark : kContinued) {
      if (!content.ends_with(mark)) continue;
      const size_t last = text_.rfind(mark, end - 1);
      Blank(last, last + mark.size());
      return;
    }
    // A pager marks so that it has cut the line off.
    if (drawn && content.ends_with(" >")) {
      const size_t last = text_.rfind('>', end - 1);
      Blank(last, last + 1);
    }
  }

  std::string text_;
  bool rows_ = false;  // Some of them are quoted.
};

}  // namespace

bool HasFrame(std::string_view text) {
  return text.find(kHeader) != text.npos || IsNumbered(text) || HasQuotedRows(text) ||
         !CommentMark(text).empty() || IsQuoted(text) || IsCited(text) ||
         std::any_of(std::begin(kBars), std::end(kBars),
                     [&](std::string_view bar) { return FirstLine(text).starts_with(bar); });
}

std::string WithoutFrame(std::string_view text) { return Frame(std::string(text)).Take(); }

}  // namespace pgsift
