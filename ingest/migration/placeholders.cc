#include "ingest/migration/placeholders.h"

#include <algorithm>

#include "base/text.h"

namespace pgsift {
namespace {

constexpr size_t kNameBytesMax = 200;

bool IsWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool IsWord(char c) { return IsWordStart(c) || (c >= '0' && c <= '9'); }

// The end of the @extschema@, @extschema:name@ or @NAME@ that begins at `at`; `at`: none does.
size_t AtSignsEnd(std::string_view text, size_t at) {
  const size_t close = text.find('@', at + 1);
  if (close == text.npos || close - at > kNameBytesMax) return at;
  std::string_view name = text.substr(at + 1, close - at - 1);
  const auto word = [](std::string_view part) {
    return !part.empty() && IsWordStart(part.front()) &&
           std::all_of(part.begin(), part.end(), IsWord);
  };
  constexpr std::string_view kExtensions = "extschema:";
  const bool other = name.starts_with(kExtensions);
  if (other) name.remove_prefix(kExtensions.size());
  if (!word(name)) return at;
  const bool capitals =
      std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return other || capitals || name == "extschema" || name == "extowner" ? close + 1 : at;
}

size_t LineEnd(std::string_view text, size_t at) {
  return std::min(text.find('\n', at), text.size());
}

size_t DollarQuoteEnd(std::string_view text, size_t at) {
  size_t end = at + 1;
  if (end < text.size() && text[end] >= '0' && text[end] <= '9') return at;
  while (end < text.size() && IsWord(text[end])) ++end;
  if (end >= text.size() || text[end] != '$') return at;
  const std::string_view tag = text.substr(at, end + 1 - at);
  const size_t close = text.find(tag, end + 1);
  return close == text.npos ? text.size() : close + tag.size();
}

size_t StringEnd(std::string_view text, size_t at) {
  const char quote = text[at];
  const bool escapes = quote == '\'' && at > 0 && (text[at - 1] == 'e' || text[at - 1] == 'E') &&
                       (at < 2 || !IsWord(text[at - 2]));
  size_t end = at + 1;
  while (end < text.size() && text[end] != quote) end += escapes && text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size());
}

// One pass over a stretch of text.
class Finder {
 public:
  Finder(std::string_view text, const PlaceholderSyntax& syntax, const PlaceholderValues& values,
         std::vector<Substitution>* found)
      : text_(text), syntax_(syntax), values_(values), found_(*found) {}

  void Run(size_t begin, size_t end) {
    switch (syntax_.style) {
      case PlaceholderStyle::kNone:
        return;
      case PlaceholderStyle::kDollarBraces:
        return Delimited(begin, end, syntax_.prefix, syntax_.suffix, false);
      case PlaceholderStyle::kEnvironment:
        return Delimited(begin, end, "${", "}", true);
      case PlaceholderStyle::kTemplate:
        return Delimited(begin, end, "{{", "}}", false);
      case PlaceholderStyle::kAtSigns:
        return AtSigns(begin, end);
      case PlaceholderStyle::kDollars:
        return Dollars(begin, end);
      case PlaceholderStyle::kPsql:
      case PlaceholderStyle::kColonCapitals:
        return Colons(begin, end);
    }
  }

 private:
  void Delimited(size_t begin, size_t end, std::string_view prefix, std::string_view suffix,
                 bool defaults) {
    for (size_t at = text_.find(prefix, begin); at < end; at = text_.find(prefix, at)) {
      const size_t close = text_.find(suffix, at + prefix.size());
      if (close >= end || close - at > kNameBytesMax) {
        at += prefix.size();
        continue;
      }
      std::string_view name = Trim(text_.substr(at + prefix.size(), close - at - prefix.size()));
      const size_t after = close + suffix.size();
      const std::string* value = Value(name);
      std::string fallback;
      if (const size_t colon = name.find(":-");
          defaults && colon != name.npos && value == nullptr) {
        value = Value(name.substr(0, colon));
        fallback = std::string(name.substr(colon + 2));
        if (value == nullptr) value = &fallback;
      }
      // An empty name or one that holds a line's end is something else.
      if (name.empty() || name.find('\n') != name.npos) {
        at = after;
        continue;
      }
      Add(at, after, name, value);
      at = after;
    }
  }

  // They are filled in wherever they stand, in strings and bodies too.
  void AtSigns(size_t begin, size_t end) {
    for (size_t at = text_.find('@', begin); at < end; at = text_.find('@', at)) {
      const size_t after = AtSignsEnd(text_, at);
      if (after == at || after > end) {
        ++at;
        continue;
      }
      const std::string_view name = text_.substr(at + 1, after - at - 2);
      Add(at, after, name, Value(name));
      at = after;
    }
  }

  // $name$, in strings and bodies too. Behind AS or DO one without a value is a dollar quote.
  void Dollars(size_t begin, size_t end) {
    for (size_t at = text_.find('$', begin); at < end; at = text_.find('$', at)) {
      size_t to = at + 1;
      while (to < end && (IsWord(text_[to]) || text_[to] == '-')) ++to;
      if (to == at + 1 || to >= end || text_[to] != '$') {
        at = to == at + 1 && to < end && text_[to] == '$' ? to + 1 : std::max(to, at + 1);
        continue;
      }
      const std::string_view name = text_.substr(at + 1, to - at - 1);
      const std::string* value = Value(name);
      const std::string tag = "$" + std::string(name) + "$";
      if (value == nullptr && OpensQuote(at)) {
        const size_t close = text_.find(tag, to + 1);
        at = close < end ? close + tag.size() : to + 1;
        continue;
      }
      if (IsWordStart(name.front())) Add(at, to + 1, name, value);
      at = to + 1;
    }
  }

  bool OpensQuote(size_t at) const {
    size_t end = at;
    while (end > 0 && static_cast<unsigned char>(text_[end - 1]) <= ' ') --end;
    size_t begin = end;
    while (begin > 0 && IsWord(text_[begin - 1])) --begin;
    const std::string_view word = text_.substr(begin, end - begin);
    const bool keyword = EqualsIgnoringCase(word, "as") || EqualsIgnoringCase(word, "do");
    return keyword && end < at;
  }

  // A cheap look for a colon that is no part of a cast: most files have none.
  bool MayHoldColons(size_t begin, size_t end) const {
    for (size_t at = text_.find(':', begin); at < end; at = text_.find(':', at + 1)) {
      const char next = at + 1 < end ? text_[at + 1] : '\0';
      if (next == ':') {
        ++at;
      } else if (IsWordStart(next) || next == '\'' || next == '"') {
        return true;
      }
    }
    return false;
  }

  // :name, :'name', :"name"; not ::type, :=, or the bounds of a slice.
  void Colons(size_t begin, size_t end) {
    if (!MayHoldColons(begin, end)) return;
    size_t brackets = 0;
    for (size_t at = begin; at < end;) {
      if (const size_t quoted = QuoteEnd(text_, at); quoted > at) {
        at = quoted;
        continue;
      }
      const char c = text_[at];
      if (c == '[') ++brackets;
      if (c == ']' && brackets > 0) --brackets;
      if (c != ':') {
        ++at;
        continue;
      }
      const char next = at + 1 < end ? text_[at + 1] : '\0';
      if (next == ':' || next == '=') {
        at += 2;
        continue;
      }
      at = Colon(at, end, next, brackets > 0);
    }
  }

  // The placeholder at `at`, if it is one; returns where to go on.
  size_t Colon(size_t at, size_t end, char next, bool in_brackets) {
    const bool quoted = next == '\'' || next == '"';
    const size_t from = at + (quoted ? 2 : 1);
    size_t to = from;
    while (to < end && IsWord(text_[to])) ++to;
    if (to == from || !IsWordStart(text_[from])) return at + 1;
    if (quoted && (to >= end || text_[to] != next)) return at + 1;
    const std::string_view name = text_.substr(from, to - from);
    const size_t after = to + (quoted ? 1 : 0);
    const std::string* value = Value(name);
    if (syntax_.style == PlaceholderStyle::kColonCapitals) {
      const bool capitals =
          std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
      if (!capitals) return after;
    }
    if (value == nullptr && in_brackets && !quoted) return after;
    if (!quoted) {
      Add(at, after, name, value);
      return after;
    }
    std::string text(1, next);
    for (char c : value != nullptr ? *value : ":" + std::string(name)) {
      if (c == next) text += c;
      text += c;
    }
    text += next;
    found_.push_back(
        {.begin = at, .size = after - at, .text = std::move(text), .known = value != nullptr});
    return after;
  }

  const std::string* Value(std::string_view name) const {
    const auto value = values_.find(name);
    return value == values_.end() ? nullptr : &value->second;
  }

  void Add(size_t begin, size_t end, std::string_view name, const std::string* value) {
    Substitution one{.begin = begin, .size = end - begin};
    if (value != nullptr) {
      one.text = *value;
      one.known = true;
      found_.push_back(std::move(one));
      return;
    }
    const char before = begin > 0 ? text_[begin - 1] : ' ';
    const char after = end < text_.size() ? text_[end] : ' ';
    const std::string_view whole = text_.substr(begin, end - begin);
    const auto quote = [](char c) { return c == '\'' || c == '"'; };
    if (IsWord(before) || IsWord(after)) {
      // A part of a longer word.
      for (char c : name) one.text += IsWord(c) ? c : '_';
      if (one.text.empty()) one.text = "_";
    } else if (quote(before) && quote(after)) {
      one.text = std::string(whole);
    } else {
      one.text = "\"";
      for (char c : whole) one.text += c == '"' ? '\'' : c;
      one.text += "\"";
    }
    found_.push_back(std::move(one));
  }

  const std::string_view text_;
  const PlaceholderSyntax& syntax_;
  const PlaceholderValues& values_;
  std::vector<Substitution>& found_;
};

}  // namespace

bool HoldsAtSigns(std::string_view text) {
  for (size_t at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
    if (AtSignsEnd(text, at) > at) return true;
  }
  return false;
}

size_t QuoteEnd(std::string_view text, size_t at) {
  const char c = text[at];
  const char next = at + 1 < text.size() ? text[at + 1] : '\0';
  if (c == '\'' || c == '"') return StringEnd(text, at);
  if (c == '$') return DollarQuoteEnd(text, at);
  if (c == '-' && next == '-') return LineEnd(text, at);
  if (c == '/' && next == '*') {
    const size_t close = text.find("*/", at + 2);
    return close == text.npos ? text.size() : close + 2;
  }
  return at;
}

void FindPlaceholders(std::string_view text, uint64_t begin, uint64_t end,
                      const PlaceholderSyntax& syntax, const PlaceholderValues& values,
                      std::vector<Substitution>* found) {
  Finder(text, syntax, values, found).Run(begin, std::min<uint64_t>(end, text.size()));
}

}  // namespace pgsift
