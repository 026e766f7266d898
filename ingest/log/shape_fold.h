#ifndef PGSIFT_INGEST_LOG_SHAPE_FOLD_H_
#define PGSIFT_INGEST_LOG_SHAPE_FOLD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "ingest/log/mix.h"
#include "ingest/log/shape_lexer.h"

// How the tokens of a statement become its shape. Only shape*.cc include this.

namespace pgsift::shape_lexer {

// Eight bytes in lower case. Only ASCII letters change.
inline uint64_t Lower(uint64_t word) {
  const uint64_t high = 0x8080808080808080u;
  const uint64_t seven = word & ~high;
  const uint64_t from_a = seven + 0x3f3f3f3f3f3f3f3fu;  // High bit set at 'A' and above.
  const uint64_t past_z = seven + 0x2525252525252525u;  // High bit set past 'Z'.
  const uint64_t upper = from_a & ~past_z & ~word & high;
  return word | (upper >> 2);
}

// Takes tokens and makes the hash; kLiterals: and those of the literals.
template <bool kLiterals>
class HashSink {
 public:
  using Mark = uint64_t;
  void Put(const Token& token) {
    switch (token.kind) {
      case TokenKind::kLiteral:
        hash_ = Mix(hash_, '?');
        PutLiteral(token);
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
  // What tells this execution from others of its shape.
  void PutLiteral(const Token& token) {
    if constexpr (kLiterals) {
      const uint64_t literal = HashBytes<false>(token.begin, token.end, 0);
      literals_ = Mix(literals_, literal);
      after_where_ = Mix(after_where_, literal);
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
  void AtWhere() { after_where_ = kSeed; }
  uint64_t literals() const { return literals_; }
  uint64_t after_where() const { return after_where_; }

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
    hash_ = HashBytes<kFoldCase>(begin, end, hash_);
  }
  template <bool kFoldCase>
  static uint64_t HashBytes(const char* begin, const char* end, uint64_t hash) {
    const auto size = static_cast<size_t>(end - begin);
    uint64_t word = 0;
    hash = ((hash << 7) | (hash >> 57)) + size;
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
    return Mix(hash, kFoldCase ? Lower(word) : word);
  }

  uint64_t hash_ = kSeed;
  uint64_t literals_ = kSeed, after_where_ = kSeed;
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
  Opener OpenerOf(const Token& token) {
    switch (token.end - token.begin) {
      case 2:
        return Is(token, "in") ? Opener::kList : Opener::kNone;
      case 5:
        if (Is(token, "where")) sink_->AtWhere();
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

}  // namespace pgsift::shape_lexer

#endif  // PGSIFT_INGEST_LOG_SHAPE_FOLD_H_
