#ifndef PGSIFT_INGEST_LOG_SHAPE_LEXER_H_
#define PGSIFT_INGEST_LOG_SHAPE_LEXER_H_

#ifdef __SSSE3__
#include <tmmintrin.h>
#endif

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// The tokens of a statement, for what tells its shape. Only shape*.cc include this.

namespace pgsift::shape_lexer {

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

inline constexpr std::array<uint8_t, 256> kClasses = [] {
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

inline uint8_t ClassOf(char c) { return kClasses[static_cast<unsigned char>(c)]; }
inline bool IsWordByte(char c) {
  const uint8_t byte_class = ClassOf(c);
  return byte_class == kWord || byte_class == kDigit || byte_class == kDollar;
}

// Past the word bytes at `at`.
inline const char* SkipWord(const char* at, const char* end) {
#ifdef __SSSE3__
  // Sixteen at a time. What a byte may be is the AND of what its two halves may be: bit 0 a to o,
  // bit 1 p to z, bit 2 digits, bit 3 `_`, bit 4 `$`; capitals are as small letters.
  const __m128i low_half = _mm_setr_epi8(0x06, 0x07, 0x07, 0x07, 0x17, 0x07, 0x07, 0x07, 0x07, 0x07,
                                         0x03, 0x01, 0x01, 0x01, 0x01, 0x09);
  const __m128i high_half =
      _mm_setr_epi8(0, 0, 0x10, 0x04, 0x01, 0x0a, 0x01, 0x02, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m128i nibble = _mm_set1_epi8(0x0f);
  while (end - at >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i low = _mm_shuffle_epi8(low_half, _mm_and_si128(bytes, nibble));
    const __m128i high =
        _mm_shuffle_epi8(high_half, _mm_and_si128(_mm_srli_epi16(bytes, 4), nibble));
    const __m128i none = _mm_cmpeq_epi8(_mm_and_si128(low, high), _mm_setzero_si128());
    // Bytes above 127 are word bytes: their own sign says so.
    const auto others = static_cast<unsigned>(_mm_movemask_epi8(_mm_andnot_si128(bytes, none)));
    if (others != 0) return at + std::countr_zero(others);
    at += 16;
  }
#endif
  while (at < end && IsWordByte(*at)) ++at;
  return at;
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
    at_ = SkipWord(at_, end_);
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

}  // namespace pgsift::shape_lexer

#endif  // PGSIFT_INGEST_LOG_SHAPE_LEXER_H_
