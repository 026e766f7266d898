#include "ingest/log/shape.h"

#include <cstddef>

#include "ingest/log/shape_fold.h"

namespace pgsift {
namespace {

using shape_lexer::Folder;
using shape_lexer::HashSink;
using shape_lexer::Token;
using shape_lexer::TokenKind;

// Takes tokens and makes the text, in step with a HashSink.
class TextSink {
 public:
  struct Mark {
    HashSink<false>::Mark hash;
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
  void AtWhere() {}
  std::string Take() { return std::move(text_); }

 private:
  static bool Glues(char last) { return last == '(' || last == '[' || last == '.'; }
  HashSink<false> hash_;
  std::string text_;
  bool after_word_ = false;
};

}  // namespace

uint64_t ShapeHash(std::string_view sql) {
  HashSink<false> sink;
  Folder<HashSink<false>>(&sink).Fold(sql);
  return sink.hash();
}

ShapeAndLiterals ShapeAndLiteralsOf(std::string_view sql) {
  HashSink<true> sink;
  Folder<HashSink<true>>(&sink).Fold(sql);
  return {.shape = sink.hash(), .literals = sink.literals(), .after_where = sink.after_where()};
}

std::string ShapeText(std::string_view sql) {
  TextSink sink;
  Folder<TextSink>(&sink).Fold(sql);
  return sink.Take();
}

}  // namespace pgsift
