// EXPLAIN (FORMAT YAML): the subset of YAML that PostgreSQL writes. Blocks by indentation, `key:
// value`, `- item`, `[a, b]`, strings in double quotes with JSON's escapes.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "ingest/plan/value_plan_reader.h"

namespace pgsift {
namespace {

struct YamlLine {
  std::string_view text;  // Without line end.
  uint64_t offset = 0;
  uint64_t number = 0;
};

std::vector<YamlLine> LinesOf(std::string_view text) {
  std::vector<YamlLine> lines;
  uint64_t number = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    if (end == text.npos) end = text.size();
    ++number;
    const std::string_view line = text.substr(at, end - at);
    if (!Trim(line).empty()) lines.push_back({line, at, number});
    at = end + 1;
  }
  return lines;
}

void AppendUtf8(uint32_t code, std::string* out) {
  if (code < 0x80) {
    *out += static_cast<char>(code);
  } else if (code < 0x800) {
    *out += static_cast<char>(0xC0 | (code >> 6));
    *out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *out += static_cast<char>(0xE0 | (code >> 12));
    *out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// The string that begins at text[*at], a quote; *at is then behind it.
std::string QuotedString(std::string_view text, size_t* at) {
  std::string out;
  size_t i = *at + 1;
  for (; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    switch (c) {
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case 'r':
        out += '\r';
        break;
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'u': {
        uint32_t code = 0;
        for (size_t k = 0; k < 4 && i + 1 < text.size(); ++k) {
          const char digit = text[++i];
          code = code * 16 +
                 static_cast<uint32_t>(digit <= '9' ? digit - '0' : ((digit | 32) - 'a' + 10));
        }
        AppendUtf8(code & 0xFFFF, &out);
        break;
      }
      default:
        out += c;
    }
  }
  *at = i < text.size() ? i + 1 : text.size();
  return out;
}

PlanValue Scalar(std::string_view text) {
  text = Trim(text);
  size_t at = 0;
  if (text.starts_with('"')) return PlanValue::Scalar(QuotedString(text, &at));
  if (!text.starts_with('[')) return PlanValue::Scalar(std::string(text));
  PlanValue list = PlanValue::List();
  for (at = 1; at < text.size() && text[at] != ']';) {
    if (text[at] == '"') {
      list.items.push_back(PlanValue::Scalar(QuotedString(text, &at)));
    } else {
      const size_t end = std::min(text.find_first_of(",]", at), text.size());
      const std::string_view item = Trim(text.substr(at, end - at));
      if (!item.empty()) list.items.push_back(PlanValue::Scalar(std::string(item)));
      at = end;
    }
    while (at < text.size() && (text[at] == ',' || text[at] == ' ')) ++at;
  }
  return list;
}

class YamlReader {
 public:
  YamlReader(std::string_view text, FileId file, PlanReadResult* result)
      : lines_(LinesOf(text)), file_(file), result_(*result) {}

  void Run() {
    while (at_ < lines_.size()) {
      const std::string_view content = Trim(lines_[at_].text);
      const bool begins = content.starts_with("- Plan:") || content.starts_with("Plan:") ||
                          content.starts_with("- Query Text:") ||
                          content.starts_with("Query Text:");
      if (!begins) {
        Next();
        continue;
      }
      column_ = Column();
      if (content.starts_with("- ")) column_ += 2;
      const YamlLine first = lines_[at_];
      PlanValue statement = Value(0);
      statement.offset = first.offset;
      statement.line = first.number;
      if (!AddPlan(statement, PlanFormat::kYaml, false, file_, &result_)) {
        result_.errors.push_back({.line = first.number, .message = "YAML without a plan"});
      }
    }
    if (too_deep_) {
      result_.errors.push_back(
          {.line = 1, .message = "YAML that is nested too deep: not read to its end"});
    }
  }

 private:
  // Of the current line's first character.
  size_t Column() const { return lines_[at_].text.find_first_not_of(" \t"); }
  void Next() {
    ++at_;
    column_ = at_ < lines_.size() ? Column() : 0;
  }
  std::string_view Rest() const { return lines_[at_].text.substr(column_); }
  bool AtDash() const { return at_ < lines_.size() && (Rest().starts_with("- ") || Rest() == "-"); }

  // Reads the value at the current place, which begins at `column_`.
  PlanValue Value(int depth) {
    if (depth > 2 * kPlanRecursionMax + 8) {
      too_deep_ = true;
      Next();
      return {};
    }
    const size_t column = column_;
    PlanValue value;
    if (AtDash()) {
      value = PlanValue::List();
      while (AtDash() && column_ == column) {
        column_ += 2;
        if (column_ >= lines_[at_].text.size()) {
          Next();
          continue;
        }
        value.items.push_back(Value(depth + 1));
      }
      return value;
    }
    const size_t colon = Colon();
    if (colon == std::string_view::npos) {
      value = Scalar(Rest());
      Next();
      return value;
    }
    value = PlanValue::Object();
    value.offset = lines_[at_].offset + column;
    value.line = lines_[at_].number;
    while (at_ < lines_.size() && column_ == column && !AtDash()) {
      const size_t end = Colon();
      if (end == std::string_view::npos) break;
      std::string key(Rest().substr(0, end));
      const std::string_view rest = Trim(Rest().substr(end + 1));
      if (!rest.empty()) {
        value.Add(std::move(key), Scalar(rest));
        Next();
        continue;
      }
      Next();
      const bool deeper = at_ < lines_.size() && column_ > column;
      value.Add(std::move(key), deeper ? Value(depth + 1) : PlanValue::List());
    }
    // What is indented deeper than anything that could own it.
    while (at_ < lines_.size() && column_ > column && depth == 0) Next();
    return value;
  }

  // Where the key of the current place ends; npos: it begins with none.
  size_t Colon() const {
    const std::string_view rest = Rest();
    if (rest.starts_with('"')) return std::string_view::npos;
    const size_t colon = rest.find(": ");
    if (colon != rest.npos) return colon;
    return Trim(rest).ends_with(':') ? Trim(rest).size() - 1 : std::string_view::npos;
  }

  const std::vector<YamlLine> lines_;
  const FileId file_;
  PlanReadResult& result_;
  size_t at_ = 0;
  size_t column_ = 0;
  bool too_deep_ = false;
};

}  // namespace

void ReadYamlPlans(std::string_view text, FileId file, PlanReadResult* result) {
  YamlReader(text, file, result).Run();
}

}  // namespace pgsift
