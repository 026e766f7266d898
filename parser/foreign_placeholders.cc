#include "parser/foreign_placeholders.h"

#include <algorithm>
#include <array>
#include <string>

#include "parser/characters.h"

namespace pgsift {
namespace {

// What stands between the signs of a template is short.
constexpr size_t kBytesMax = 200;

bool IsWord(char c) { return IsWordStart(c) || IsDigit(c); }

// A form that a template's language has, and no SQL.
struct Form {
  std::string_view open;
  std::string_view close;
  bool directive = false;  // Decides what is sent and leaves no text itself.
};
constexpr auto kCertain = std::to_array<Form>({
    {"${", "}"},
    {"#{", "}"},
    {"{{", "}}"},
    {"{%", "%}", true},
    {"{#", "#}", true},
    {"<%=", "%>"},
    {"<%-", "%>"},
    {"<%", "%>", true},
    {"<?=", "?>"},
    {"<?", "?>", true},
    {"$(", ")"},
    {"{", "}"},
});

class Finder {
 public:
  Finder(std::string_view sql, uint64_t base) : sql_(sql), base_(base) {}

  ForeignPlaceholders Run() {
    while (at_ < sql_.size()) {
      if (SkipQuoted() || Certain() || Doubtful()) continue;
      // What belongs to a word begins nothing.
      if (IsWord(sql_[at_])) {
        while (at_ < sql_.size() && IsWord(sql_[at_])) ++at_;
      } else {
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  char Next(size_t distance = 1) const {
    return at_ + distance < sql_.size() ? sql_[at_ + distance] : '\0';
  }
  char Before() const { return at_ > 0 ? sql_[at_ - 1] : ' '; }

  bool SkipTo(std::string_view end, size_t from) {
    const size_t close = sql_.find(end, from);
    at_ = close == sql_.npos ? sql_.size() : close + end.size();
    return true;
  }

  bool SkipQuoted() {
    const char c = sql_[at_];
    if (c == '\'' || c == '"') return SkipTo(std::string_view(&sql_[at_], 1), at_ + 1);
    if (c == '-' && Next() == '-') return SkipTo("\n", at_);
    if (c == '/' && Next() == '*') return SkipTo("*/", at_ + 2);
    if (c != '$') return false;
    size_t end = at_ + 1;
    while (end < sql_.size() && IsWord(sql_[end])) ++end;
    if (end >= sql_.size() || sql_[end] != '$' || IsDigit(Next())) return false;
    const std::string_view tag = sql_.substr(at_, end + 1 - at_);
    if (sql_.find(tag, end + 1) == sql_.npos) return false;
    return SkipTo(tag, end + 1);
  }

  bool Certain() {
    const std::string_view rest = sql_.substr(at_);
    for (const Form& form : kCertain) {
      if (!rest.starts_with(form.open)) continue;
      const size_t close = rest.find(form.close, form.open.size());
      const std::string_view inner =
          rest.substr(form.open.size(), std::min(close, rest.size()) - form.open.size());
      if (close == rest.npos || inner.empty() || inner.size() > kBytesMax) continue;
      if (!form.directive && inner.find('\n') != inner.npos) continue;
      out_.certain = true;
      Add(close + form.close.size(), inner, form.directive);
      return true;
    }
    return false;
  }

  bool Doubtful() {
    const char c = sql_[at_];
    const char before = Before();
    size_t end = at_ + 1;
    while (end < sql_.size() && IsWord(sql_[end])) ++end;
    const bool word = end > at_ + 1 && IsWordStart(sql_[at_ + 1]);
    const char after = end < sql_.size() ? sql_[end] : ' ';
    const std::string_view name = sql_.substr(at_ + 1, end - at_ - 1);
    if (c == '?') {
      constexpr std::string_view kAround = " \t\r\n(),=;";
      const bool alone = kAround.find(before) != kAround.npos &&
                         (Next() == '\0' || kAround.find(Next()) != kAround.npos);
      if (!alone) return false;
      return Add(1, "parameter", false);
    }
    if (c == '%' && Next() == '(') {
      const size_t close = sql_.find(")s", at_);
      if (close == sql_.npos || close - at_ > kBytesMax) return false;
      return Add(close + 2 - at_, sql_.substr(at_ + 2, close - at_ - 2), false);
    }
    if (!word) return false;
    if (c == '%' && after == '%') return Add(end + 1 - at_, name, false);
    if (c == '%' && (name == "s" || name == "d" || name == "I" || name == "L")) {
      return Add(2, name, false);
    }
    if (c == ':' && before != ':') return Add(end - at_, name, false);
    if (c == '$') return Add(end - at_, name, false);
    if (c == '#' && after == c) return Add(end + 1 - at_, name, false);
    if (c == '#' && name.starts_with("__")) return Add(3, "prefix_", false);
    if (c == '<' && after == '>') return Add(end + 1 - at_, name, false);
    return false;
  }

  // What stands in place of `size` bytes: a name, or a part of the longer one around it.
  bool Add(size_t size, std::string_view name, bool directive) {
    Substitution one{.begin = base_ + at_, .size = size, .text = {}, .known = directive};
    const char before = Before();
    const char after = Next(size);
    const std::string_view whole = sql_.substr(at_, size);
    at_ += size;
    if (!directive) {
      const bool part = IsWord(before) || IsWord(after);
      for (char c : part ? name : whole) {
        if (part) {
          one.text += IsWord(c) ? c : '_';
        } else {
          one.text += c == '"' ? '\'' : c;
        }
      }
      if (!part) one.text = "\"" + one.text + "\"";
    }
    out_.found.push_back(std::move(one));
    return true;
  }

  const std::string_view sql_;
  const uint64_t base_;
  size_t at_ = 0;
  ForeignPlaceholders out_;
};

}  // namespace

ForeignPlaceholders FindForeignPlaceholders(std::string_view sql, uint64_t base) {
  return Finder(sql, base).Run();
}

}  // namespace pgsift
