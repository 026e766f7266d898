#ifndef PGSIFT_RULES_REWRITE_STATEMENT_TEXT_H_
#define PGSIFT_RULES_REWRITE_STATEMENT_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/rule.h"

namespace pgsift {

// A stretch of a statement's text, in bytes.
struct TextRange {
  size_t begin = 0, end = 0;
  bool empty() const { return begin >= end; }
  bool Holds(size_t at) const { return at >= begin && at < end; }
};

// The clauses of one query, without the keywords that begin them. Those it does not have are empty.
struct QueryClauses {
  TextRange whole;   // From its SELECT, UPDATE or DELETE to its last token.
  TextRange output;  // SELECT's list, without DISTINCT.
  TextRange from, where, group_by, having, window, order_by, limit, offset, locking;
  TextRange offset_clause, limit_clause;  // With their keywords.
  size_t tail = 0;                        // Where what comes behind WHERE begins: GROUP BY, ….
  bool select = false;
  bool distinct = false;
  bool with = false;           // WITH stands before it.
  bool set_operation = false;  // UNION and its like; the clauses are those of the first side.
  size_t set_at = 0;           // Behind the word UNION, INTERSECT or EXCEPT.
};

// The text of one statement, cut into tokens, so that a part of it can be replaced and all else
// stays as it was written. It knows clauses by their keywords alone: what is made of it must be
// parsed before it is shown (see ShowRewritten).
class StatementText {
 public:
  // `sql` must outlive it.
  explicit StatementText(std::string_view sql);
  // The text of a query that stands by itself in a log or a file, and whose rewriting makes sense
  // there; empty for views and routines.
  static std::string_view Of(const ObservedQuery& query);
  // Where an offset of the query's tree lies in that text.
  static size_t At(const ObservedQuery& query, uint64_t tree_offset);

  std::string_view sql() const { return sql_; }
  std::string Text(TextRange range) const {
    return std::string(sql_.substr(range.begin, range.end - range.begin));
  }
  // What the innermost parentheses around `at` that begin with a query hold; the whole statement if
  // there are none.
  TextRange QueryAround(size_t at) const;
  // The parentheses themselves: of the innermost around `at`, or that open at it. Empty: none.
  TextRange ParenthesesAround(size_t at) const;
  QueryClauses ClausesOf(TextRange query) const;
  // The conditions that AND (or OR) joins in `range`, parentheses around all of it taken off.
  std::vector<TextRange> Arms(TextRange range, std::string_view word = "and") const;
  // The one of a query's WHERE that `at` lies in, however deep AND is nested; empty: none.
  TextRange ArmAt(TextRange where, size_t at) const;
  // The items of a list that commas part.
  std::vector<TextRange> Items(TextRange list) const;
  // The first word at the range's own depth that is `word`, from `from` on; empty: none.
  TextRange Word(TextRange range, std::string_view word, size_t from = 0) const;
  // The token that begins at or behind `at`; empty at the end.
  TextRange TokenFrom(size_t at) const;
  // The token before `at`; empty at the beginning.
  TextRange TokenBefore(size_t at) const;
  // The highest n of its parameters $n; 0: it has none.
  int HighestParameter() const;
  // On one line: comments dropped, space between tokens folded, literals as they are.
  std::string Folded() const;
  // The deepest nesting of parentheses.
  uint32_t depth() const { return depth_; }

 private:
  enum class Kind : uint8_t { kWord, kOther };
  struct Token {
    TextRange at;
    uint32_t depth = 0;  // Of parentheses around it; those themselves belong outside.
    Kind kind = Kind::kOther;
  };
  size_t FirstIn(TextRange range) const;
  bool Is(const Token& token, std::string_view word) const;
  bool OpensQuery(size_t token) const;
  size_t Closing(size_t open) const;

  std::string_view sql_;
  std::vector<Token> tokens_;
  uint32_t depth_ = 0;
};

// Replaces parts of a text. They must not overlap.
class TextEdits {
 public:
  void Replace(TextRange range, std::string text) { edits_.emplace_back(range, std::move(text)); }
  void Insert(size_t at, std::string text) { Replace({at, at}, std::move(text)); }
  std::string Apply(std::string_view sql) const;

 private:
  std::vector<std::pair<TextRange, std::string>> edits_;
};

// The statement is one that the grammar accepts.
bool Parses(const std::string& sql);

// Adds the rewritten statement to a finding, if it parses and is not too long to be shown whole.
// `difference`: where it means something else; empty: nowhere. Returns whether it was added.
bool ShowRewritten(const std::string& sql, std::string_view difference, Finding* finding);

// The statement with the condition at `tree_offset`, one that AND joins in WHERE, replaced. Empty
// where that cannot be told in the text.
std::string WithCondition(const ObservedQuery& query, uint64_t tree_offset,
                          const std::string& condition);

}  // namespace pgsift

#endif  // PGSIFT_RULES_REWRITE_STATEMENT_TEXT_H_
