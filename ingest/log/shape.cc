#include "ingest/log/shape.h"

#include <array>
#include <cstddef>
#include <cstring>

#include "ingest/log/mix.h"

namespace pgsift {
namespace {

enum ByteClass : uint8_t {
  kSpace,
  kWord,
  kDigit,
  kQuote,
  kIdentifierQuote,
  kDollar,
  kOperator,
  kPunctuation
};

constexpr std::array<uint8_t, 256> kClasses = [] {
  std::array<uint8_t, 256> classes{};
  for (size_t c = 0; c < 256; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    classes[c] = letter ? kWord : c >= '0' && c <= '9' ? kDigit : c <= ' ' ? kSpace : kPunctuation;
  }
  classes['\''] = kQuote;
  classes['"'] = kIdentifierQuote;
  classes['$'] = kDollar;
  for (char c : std::string_view("+-*/<>=~!@#%^&|`?:")) {
    classes[static_cast<unsigned char>(c)] = kOperator;
  }
  return classes;
}();

uint8_t ClassOf(char c) { return kClasses[static_cast<unsigned char>(c)]; }
bool IsWordByte(char c) {
  const uint8_t byte_class = ClassOf(c);
  return byte_class == kWord || byte_class == kDigit || byte_class == kDollar;
}

// Eight bytes in lower case. Only ASCII letters change.
uint64_t Lower(uint64_t word) {
  const uint64_t high = 0x8080808080808080u;
  const uint64_t seven = word & ~high;
  const uint64_t from_a = seven + 0x3f3f3f3f3f3f3f3fu;  // High bit set at 'A' and above.
  const uint64_t past_z = seven + 0x2525252525252525u;  // High bit set past 'Z'.
  const uint64_t upper = from_a & ~past_z & ~word & high;
  return word | (upper >> 2);
}

enum class TokenKind : uint8_t { kEnd, kWord, kQuoted, kLiteral, kSymbol };
struct Token {
  TokenKind kind = TokenKind::kEnd;
  const char* begin = nullptr;
  const char* end = nullptr;
};

// Cuts SQL into tokens, as PostgreSQL's lexer does where it matters for the shape.
class Lexer {
 public:
  explicit Lexer(std::string_view sql) : at_(sql.data()), end_(sql.data() + sql.size()) {}

  Token Next() {
    for (;;) {
      while (at_ < end_ && ClassOf(*at_) == kSpace) ++at_;
      if (at_ == end_) return {};
      if (*at_ == '-' && Peek(1) == '-') {
        at_ = FindOrEnd('\n');
      } else if (*at_ == '/' && Peek(1) == '*') {
        SkipBlockComment();
      } else {
        break;
      }
    }
    const char* const start = at_;
    switch (ClassOf(*at_)) {
      case kWord:
        return Word(start);
      case kDigit:
        Number();
        return {TokenKind::kLiteral, start, at_};
      case kQuote:
        ++at_;
        String(false);
        return {TokenKind::kLiteral, start, at_};
      case kIdentifierQuote:
        for (++at_; at_ < end_; ++at_) {
          if (*at_ == '"' && Peek(1) == '"') {
            ++at_;
          } else if (*at_ == '"') {
            ++at_;
            break;
          }
        }
        return {TokenKind::kQuoted, start, at_};
      case kDollar:
        return Dollar(start);
      case kOperator:
        while (at_ < end_ && ClassOf(*at_) == kOperator && !(at_ > start && BeginsComment())) ++at_;
        return {TokenKind::kSymbol, start, at_};
      default:
        ++at_;
        if (*start == '.' && at_ < end_ && ClassOf(*at_) == kDigit) {
          Number();
          return {TokenKind::kLiteral, start, at_};
        }
        return {TokenKind::kSymbol, start, at_};
    }
  }

 private:
  char Peek(std::ptrdiff_t ahead) const { return end_ - at_ > ahead ? at_[ahead] : '\0'; }
  bool BeginsComment() const {
    return (*at_ == '-' && Peek(1) == '-') || (*at_ == '/' && Peek(1) == '*');
  }
  const char* FindOrEnd(char c) const {
    const auto* found =
        static_cast<const char*>(std::memchr(at_, c, static_cast<size_t>(end_ - at_)));
    return found == nullptr ? end_ : found;
  }

  void SkipBlockComment() {
    int depth = 0;
    while (at_ < end_) {
      if (*at_ == '/' && Peek(1) == '*') {
        ++depth;
        at_ += 2;
      } else if (*at_ == '*' && Peek(1) == '/') {
        at_ += 2;
        if (--depth == 0) return;
      } else {
        ++at_;
      }
    }
  }

  Token Word(const char* start) {
    while (at_ < end_ && IsWordByte(*at_)) ++at_;
    if (at_ < end_ && *at_ == '\'') {
      const std::ptrdiff_t size = at_ - start;
      const char first = static_cast<char>(*start | 0x20);
      if (size == 1 && (first == 'e' || first == 'b' || first == 'x' || first == 'n')) {
        ++at_;
        String(first == 'e');
        return {TokenKind::kLiteral, start, at_};
      }
    } else if (at_ - start == 1 && (*start | 0x20) == 'u' && Peek(0) == '&' && Peek(1) == '\'') {
      at_ += 2;
      String(false);
      return {TokenKind::kLiteral, start, at_};
    }
    return {TokenKind::kWord, start, at_};
  }

  void Number() {
    while (at_ < end_ && (IsWordByte(*at_) || *at_ == '.')) {
      const bool exponent = (*at_ | 0x20) == 'e';
      ++at_;
      if (exponent && at_ < end_ && (*at_ == '+' || *at_ == '-') && ClassOf(Peek(1)) == kDigit) {
        ++at_;
      }
    }
  }

  // After the opening quote.
  void String(bool escapes) {
    while (at_ < end_) {
      if (escapes) {
        while (at_ < end_ && *at_ != '\'' && *at_ != '\\') ++at_;
      } else {
        at_ = FindOrEnd('\'');
      }
      if (at_ == end_) return;
      if (*at_ == '\\') {
        at_ += end_ - at_ > 1 ? 2 : 1;
        continue;
      }
      ++at_;
      if (at_ == end_ || *at_ != '\'') return;
      ++at_;
    }
  }

  // $1, $$text$$, $tag$text$tag$.
  Token Dollar(const char* start) {
    ++at_;
    if (at_ < end_ && ClassOf(*at_) == kDigit) {
      while (at_ < end_ && ClassOf(*at_) == kDigit) ++at_;
      return {TokenKind::kLiteral, start, at_};
    }
    const char* tag_end = at_;
    while (tag_end < end_ && (ClassOf(*tag_end) == kWord || ClassOf(*tag_end) == kDigit)) ++tag_end;
    if (tag_end == end_ || *tag_end != '$') return {TokenKind::kSymbol, start, at_};
    const std::string_view tag(start, static_cast<size_t>(tag_end + 1 - start));
    const std::string_view rest(tag_end + 1, static_cast<size_t>(end_ - tag_end - 1));
    const size_t close = rest.find(tag);
    at_ = close == rest.npos ? end_ : rest.data() + close + tag.size();
    return {TokenKind::kLiteral, start, at_};
  }

  const char* at_;
  const char* const end_;
};

// Takes tokens and makes the hash.
class HashSink {
 public:
  using Mark = uint64_t;
  void Put(const Token& token) {
    switch (token.kind) {
      case TokenKind::kLiteral:
        hash_ = Mix(hash_, '?');
        return;
      case TokenKind::kSymbol:
        PutBytes<false>(token.begin, token.end);
        return;
      case TokenKind::kQuoted:
        PutBytes<false>(token.begin, token.end);
        return;
      default:
        PutBytes<true>(token.begin, token.end);
        return;
    }
  }
  // Between BeginElement() and EndElement() the tokens make a hash of their own.
  Mark BeginElement() {
    const Mark outer = hash_;
    hash_ = kSeed;
    return outer;
  }
  // The comma before an element is not part of the hash: it goes with a repeated element.
  Mark BeginNextElement() { return BeginElement(); }
  uint64_t element_hash(Mark) const { return hash_; }
  void EndElement(Mark outer, bool kept) { hash_ = kept ? Mix(outer, hash_) : outer; }
  uint64_t hash() const { return hash_; }

 private:
  static constexpr uint64_t kSeed = 0x243f6a8885a308d3u;

  static uint64_t Load8(const char* at) {
    uint64_t word = 0;
    std::memcpy(&word, at, 8);
    return word;
  }
  static uint64_t Load4(const char* at) {
    uint32_t word = 0;
    std::memcpy(&word, at, 4);
    return word;
  }
  static uint64_t Byte(char c) { return static_cast<unsigned char>(c); }

  // Whole words are read, overlapping at the end, so that no byte is handled by itself. The size
  // keeps "ab" "c" and "a" "bc" apart, and texts whose overlapping reads are alike.
  template <bool kFoldCase>
  void PutBytes(const char* begin, const char* end) {
    const auto size = static_cast<size_t>(end - begin);
    uint64_t word = 0;
    uint64_t hash = ((hash_ << 7) | (hash_ >> 57)) + size;
    if (size >= 8) {
      for (; end - begin > 8; begin += 8) {
        word = Load8(begin);
        hash = Mix(hash, kFoldCase ? Lower(word) : word);
      }
      word = Load8(end - 8);
    } else if (size >= 4) {
      word = Load4(begin) | Load4(end - 4) << 32;
    } else {
      word = Byte(begin[0]) | Byte(begin[size / 2]) << 8 | Byte(end[-1]) << 16;
    }
    hash_ = Mix(hash, kFoldCase ? Lower(word) : word);
  }

  uint64_t hash_ = kSeed;
};

// Takes tokens and makes the text, in step with a HashSink.
class TextSink {
 public:
  struct Mark {
    HashSink::Mark hash;
    size_t size;
  };
  void Put(const Token& token) {
    hash_.Put(token);
    const char first = *token.begin;
    const bool glued = text_.empty() || Glues(text_.back()) || first == ',' || first == ')' ||
                       first == ']' || first == '.' || first == ';' ||
                       (first == ':' && token.end - token.begin == 2) ||
                       (first == '[' && token.kind == TokenKind::kSymbol) ||
                       (text_.size() >= 2 && text_.ends_with("::")) ||
                       (first == '(' && token.kind == TokenKind::kSymbol && after_word_);
    if (!glued) text_ += ' ';
    if (token.kind == TokenKind::kLiteral) {
      text_ += '?';
    } else {
      for (const char* at = token.begin; at < token.end; ++at) {
        const bool upper = token.kind == TokenKind::kWord && *at >= 'A' && *at <= 'Z';
        text_ += upper ? static_cast<char>(*at | 0x20) : *at;
      }
    }
    after_word_ = token.kind == TokenKind::kWord && text_.size() >= 2 && !text_.ends_with(" in") &&
                  !text_.ends_with(" values") && !text_.ends_with(" and") &&
                  !text_.ends_with(" or");
  }
  Mark BeginElement() { return {hash_.BeginElement(), text_.size()}; }
  Mark BeginNextElement() {
    text_ += ',';
    after_word_ = false;
    return BeginElement();
  }
  uint64_t element_hash(const Mark& mark) const { return hash_.element_hash(mark.hash); }
  void EndElement(const Mark& outer, bool kept) {
    hash_.EndElement(outer.hash, kept);
    if (kept) return;
    // The comma before a repeated element goes with it.
    text_.resize(outer.size);
    if (!text_.empty() && text_.back() == ',') text_.pop_back();
  }
  std::string Take() { return std::move(text_); }

 private:
  static bool Glues(char last) { return last == '(' || last == '[' || last == '.'; }
  HashSink hash_;
  std::string text_;
  bool after_word_ = false;
};

// Feeds the tokens of a statement to a sink, leaving out the elements of a list that repeat the one
// before: IN (?, ?, ?), ARRAY[?, ?], VALUES (?, ?), (?, ?).
template <typename Sink>
class Folder {
 public:
  explicit Folder(Sink* sink) : sink_(sink) {}

  void Fold(std::string_view sql) {
    Lexer lexer(sql);
    bool semicolon = false;
    for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
      // Semicolons at the end do not count.
      if (token.kind == TokenKind::kSymbol && *token.begin == ';') {
        semicolon = true;
        continue;
      }
      if (semicolon) sink_->Put({TokenKind::kSymbol, kSemicolon.data(), kSemicolon.data() + 1});
      semicolon = false;
      Take(token);
    }
    while (lists_ > 0) CloseElement();
  }

 private:
  enum class Opener : uint8_t { kNone, kList, kRows };
  struct List {
    typename Sink::Mark outer;
    uint64_t last = 0;
    int depth = 0;  // Of its elements.
    bool rows = false;
    bool literal = false;  // The element holds one: only such are left out.
  };
  static constexpr size_t kListsMax = 12;
  static constexpr std::string_view kSemicolon = ";";

  void Take(const Token& token) {
    if (token.kind == TokenKind::kSymbol) return Symbol(token);
    if (RowsEndBefore(token)) CloseElement();
    opener_ = Opener::kNone;
    if (token.kind == TokenKind::kLiteral) {
      if (lists_ > 0) list_[lists_ - 1].literal = true;
    } else if (token.kind == TokenKind::kWord) {
      opener_ = OpenerOf(token);
    }
    sink_->Put(token);
  }

  static bool Is(const Token& token, std::string_view word) {
    if (static_cast<size_t>(token.end - token.begin) != word.size()) return false;
    for (size_t i = 0; i < word.size(); ++i) {
      if ((token.begin[i] | 0x20) != word[i]) return false;
    }
    return true;
  }
  static Opener OpenerOf(const Token& token) {
    switch (token.end - token.begin) {
      case 2:
        return Is(token, "in") ? Opener::kList : Opener::kNone;
      case 5:
        return Is(token, "array") ? Opener::kList : Opener::kNone;
      case 6:
        return Is(token, "values") ? Opener::kRows : Opener::kNone;
      default:
        return Opener::kNone;
    }
  }

  // The rows of VALUES end where anything but a comma or a row follows.
  bool RowsEndBefore(const Token& token) const {
    return lists_ > 0 && list_[lists_ - 1].rows && list_[lists_ - 1].depth == depth_ &&
           token.kind != TokenKind::kEnd;
  }

  void Symbol(const Token& token) {
    const char c = *token.begin;
    const Opener opener = opener_;
    opener_ = Opener::kNone;
    if (c == '(' || c == '[') {
      if (opener == Opener::kRows && c == '(') Open(true);
      sink_->Put(token);
      ++depth_;
      if (opener == Opener::kList) Open(false);
      return;
    }
    if (c == ')' || c == ']') {
      while (lists_ > 0 && list_[lists_ - 1].depth >= depth_) CloseElement();
      --depth_;
      sink_->Put(token);
      return;
    }
    if (c == ',' && lists_ > 0 && list_[lists_ - 1].depth == depth_) return NextElement();
    if (RowsEndBefore(token)) CloseElement();
    sink_->Put(token);
  }

  void Open(bool rows) {
    if (lists_ == kListsMax) return;
    List& list = list_[lists_++];
    list = {.outer = sink_->BeginElement(), .depth = depth_, .rows = rows};
  }
  void EndElement(List* list) {
    const uint64_t hash = sink_->element_hash(list->outer);
    const bool kept = !list->literal || hash != list->last;
    sink_->EndElement(list->outer, kept);
    list->last = hash;
  }
  void NextElement() {
    List& list = list_[lists_ - 1];
    EndElement(&list);
    list.outer = sink_->BeginNextElement();
    list.literal = false;
  }
  void CloseElement() {
    const bool literal = list_[lists_ - 1].literal;
    EndElement(&list_[--lists_]);
    if (lists_ > 0) list_[lists_ - 1].literal |= literal;
  }

  Sink* const sink_;
  std::array<List, kListsMax> list_ = {};
  size_t lists_ = 0;
  int depth_ = 0;
  Opener opener_ = Opener::kNone;
};

}  // namespace

uint64_t ShapeHash(std::string_view sql) {
  HashSink sink;
  Folder<HashSink>(&sink).Fold(sql);
  return sink.hash();
}

std::string ShapeText(std::string_view sql) {
  TextSink sink;
  Folder<TextSink>(&sink).Fold(sql);
  return sink.Take();
}

}  // namespace pgsift
