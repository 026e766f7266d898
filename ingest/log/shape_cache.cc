#include "ingest/log/shape_cache.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "ingest/log/same_bytes.h"
#include "ingest/log/shape_fold.h"

namespace pgsift {
namespace {

using shape_lexer::ClassOf;
using shape_lexer::Folder;
using shape_lexer::HashSink;
using shape_lexer::Lexer;
using shape_lexer::Token;
using shape_lexer::TokenKind;

constexpr size_t kBytesMin = 16;
constexpr size_t kBytesMax = 1 << 16;
constexpr size_t kFixedMax = 4096;
constexpr size_t kCutsMax = 128;
// A row whose patterns are of no use learns no more than one text in so many.
constexpr uint32_t kLearnSeldom = 32;

uint64_t WordAt(std::string_view sql, size_t at) {
  uint64_t word = 0;
  std::memcpy(&word, sql.data() + at, sizeof(word));
  return word;
}

// Where the first literal may begin: a quote, a dollar sign or a digit that is not within a word.
// Texts that differ in literals alone have the same place mostly; it need not be a literal.
size_t FirstLiteral(std::string_view sql) {
  size_t at = 0;
#ifdef __SSSE3__
  unsigned word_before = 0;  // Bit 0: the byte before these sixteen belongs to a word.
  for (; at + 16 <= sql.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(sql.data() + at));
    const auto in = [&bytes](char low, char high) {
      const __m128i shifted = _mm_sub_epi8(bytes, _mm_set1_epi8(low));
      const __m128i span = _mm_set1_epi8(static_cast<char>(high - low));
      return _mm_cmpeq_epi8(_mm_min_epu8(shifted, span), shifted);
    };
    const __m128i digits = in('0', '9');
    const __m128i small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    const __m128i shifted = _mm_sub_epi8(small, _mm_set1_epi8('a'));
    const __m128i letters = _mm_cmpeq_epi8(_mm_min_epu8(shifted, _mm_set1_epi8(25)), shifted);
    const __m128i quotes = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\'')),
                                        _mm_cmpeq_epi8(bytes, _mm_set1_epi8('$')));
    const __m128i others =
        _mm_or_si128(_mm_or_si128(letters, digits), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
    const auto digit_bits = static_cast<unsigned>(_mm_movemask_epi8(digits));
    const auto word_bits = static_cast<unsigned>(_mm_movemask_epi8(others));
    const auto quote_bits = static_cast<unsigned>(_mm_movemask_epi8(quotes));
    const unsigned begins = quote_bits | (digit_bits & ~(word_bits << 1 | word_before));
    if (begins != 0) return at + static_cast<size_t>(std::countr_zero(begins));
    word_before = word_bits >> 15 & 1u;
  }
#endif
  for (; at < sql.size(); ++at) {
    const char c = sql[at];
    if (c == '\'' || c == '$') return at;
    const bool digit = c >= '0' && c <= '9';
    if (digit && (at == 0 || !shape_lexer::IsWordByte(sql[at - 1]))) return at;
  }
  return at;
}

// Tells texts apart by some of what stands before their first literal. Never 0.
uint64_t PlaceOf(std::string_view sql) {
  const size_t size = std::max(FirstLiteral(sql), sizeof(uint64_t));
  uint64_t place = size;
  for (const size_t at : {size - 8, (size - 8) / 2, (size - 8) / 3, size_t{0}}) {
    place = Mix(place, WordAt(sql, at));
  }
  return place | 1u;
}

// Hashes tokens and remembers where the literals stand.
class PatternSink : public HashSink<true> {
 public:
  struct Literal {
    const char* begin;
    const char* end;
    bool element = false;   // All of an element of a list: others like it may follow.
    bool repeated = false;  // Such a one, and the one before as well.
  };

  void Put(const Token& token) {
    ++tokens_;
    was_literal_ = token.kind == TokenKind::kLiteral;
    if (was_literal_) literals_at_.push_back({token.begin, token.end});
    HashSink<true>::Put(token);
  }
  void AtWhere() {
    where_ = literals_at_.size();
    HashSink<true>::AtWhere();
  }
  Mark BeginElement() {
    element_begins_ = tokens_;
    return HashSink<true>::BeginElement();
  }
  Mark BeginNextElement() { return BeginElement(); }
  void EndElement(Mark outer, bool kept) {
    if (was_literal_ && tokens_ - element_begins_ == 1) {
      literals_at_.back().element = true;
      literals_at_.back().repeated = !kept;
    }
    HashSink<true>::EndElement(outer, kept);
  }

  const std::vector<Literal>& literals_at() const { return literals_at_; }
  // How many literals stand before the last WHERE.
  size_t where() const { return where_; }

 private:
  std::vector<Literal> literals_at_;
  size_t where_ = 0, tokens_ = 0, element_begins_ = 0;
  bool was_literal_ = false;
};

// Past a comma and the white space after it; `at` if none stands there.
const char* AfterComma(const char* at, const char* end) {
  if (at == end || *at != ',') return at;
  for (++at; at < end && ClassOf(*at) == shape_lexer::kSpace;) ++at;
  return at;
}

// The literal that begins with the byte at `at`; of another kind if there is none.
inline Token LiteralAt(const char* at, const char* end) {
  // The plain ones, which nearly all are, without the lexer.
  const char* stop = at + 1;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (*at == '\'') {
    while (stop < end && *stop != '\'') {
#ifdef __SSSE3__
      if (end - stop >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(stop));
        const auto quotes =
            static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\''))));
        stop += quotes != 0 ? std::countr_zero(quotes) : 16;
        continue;
      }
#endif
      ++stop;
    }
    if (stop < end && (stop + 1 == end || stop[1] != '\'')) {
      return {TokenKind::kLiteral, at, stop + 1};
    }
  } else if (is_digit(*at)) {
    while (stop < end && is_digit(*stop)) ++stop;
    if (stop == end || (!shape_lexer::IsWordByte(*stop) && *stop != '.')) {
      return {TokenKind::kLiteral, at, stop};
    }
  } else if (*at == '$' && stop < end && is_digit(*stop)) {
    while (stop < end && is_digit(*stop)) ++stop;
    return {TokenKind::kLiteral, at, stop};
  }
  return Lexer({at, static_cast<size_t>(end - at)}).Next();
}

}  // namespace

bool ShapeCache::Matches(const Pattern& pattern, std::string_view sql, ShapeAndLiterals* result) {
  const char* at = sql.data();
  const char* const end = at + sql.size();
  const char* const fixed = pattern.fixed.data();
  HashSink<true> sink;
  size_t from = 0;
  for (const Pattern::Cut& cut : pattern.cuts) {
    const size_t size = cut.at - from;
    // One byte of the literal at least.
    if (static_cast<size_t>(end - at) <= size || !SameBytes(at, fixed + from, size)) {
      return false;
    }
    at += size;
    from = cut.at;
    // What begins alike after the same bytes begins a token here as well.
    if (ClassOf(*at) != cut.begins) return false;
    Token token = LiteralAt(at, end);
    if (token.kind != TokenKind::kLiteral) return false;
    if (cut.where) sink.AtWhere();
    sink.PutLiteral(token);
    at = token.end;
    while (cut.element) {
      const char* const next = AfterComma(at, end);
      if (next == at || next == end || ClassOf(*next) != cut.begins) break;
      token = LiteralAt(next, end);
      if (token.kind != TokenKind::kLiteral) break;
      sink.PutLiteral(token);
      at = token.end;
    }
  }
  const size_t rest = pattern.fixed.size() - from;
  if (static_cast<size_t>(end - at) != rest || !SameBytes(at, fixed + from, rest)) {
    return false;
  }
  if (pattern.ends_with_where) sink.AtWhere();
  *result = {
      .shape = pattern.shape, .literals = sink.literals(), .after_where = sink.after_where()};
  return true;
}

ShapeAndLiterals ShapeCache::Learn(std::string_view sql, uint64_t place, Row* row) {
  PatternSink sink;
  Folder<PatternSink>(&sink).Fold(sql);
  const ShapeAndLiterals result = {
      .shape = sink.hash(), .literals = sink.literals(), .after_where = sink.after_where()};
  Pattern pattern{.place = place, .shape = result.shape};
  const char* from = sql.data();
  size_t number = 0;
  for (const PatternSink::Literal& literal : sink.literals_at()) {
    const bool where = number++ == sink.where();
    if (literal.repeated) {
      if (AfterComma(from, literal.begin) != literal.begin) return result;
    } else {
      pattern.fixed.append(from, literal.begin);
      if (pattern.cuts.size() == kCutsMax || pattern.fixed.size() > kFixedMax) return result;
      pattern.cuts.push_back({.at = static_cast<uint16_t>(pattern.fixed.size()),
                              .begins = ClassOf(*literal.begin),
                              .where = where,
                              .element = literal.element});
    }
    from = literal.end;
  }
  pattern.fixed.append(from, sql.data() + sql.size());
  if (pattern.fixed.size() > kFixedMax) return result;
  pattern.ends_with_where = number == sink.where();
  row->patterns[row->next] = std::move(pattern);
  row->next = static_cast<uint8_t>((row->next + 1) % kWays);
  return result;
}

ShapeAndLiterals ShapeCache::Of(std::string_view sql) {
  if (sql.size() < kBytesMin || sql.size() > kBytesMax) return ShapeAndLiteralsOf(sql);
  const uint64_t place = PlaceOf(sql);
  Row& row = rows_[place >> (64 - kRowBits)];
  ShapeAndLiterals result;
  for (const Pattern& pattern : row.patterns) {
    if (pattern.place != place || !Matches(pattern, sql, &result)) continue;
    ++row.hits;
    return result;
  }
  ++row.misses;
  if (row.misses > 4 * kWays + row.hits && row.misses % kLearnSeldom != 0) {
    return ShapeAndLiteralsOf(sql);
  }
  return Learn(sql, place, &row);
}

}  // namespace pgsift
