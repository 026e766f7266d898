#include "rules/rewrite/statement_text.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/text.h"
#include "parser/sql_file.h"

namespace pgsift {
namespace {

constexpr size_t kShownBytesMax = 4000;
// The grammar recurses over it, here on a stack like any other.
constexpr uint32_t kDepthMax = 100;

bool IsWordByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

// The end of what is quoted by `quote` and begins at `at`.
size_t QuotedEnd(std::string_view sql, size_t at, char quote, bool escapes) {
  for (size_t i = at + 1; i < sql.size(); ++i) {
    if (escapes && sql[i] == '\\') {
      ++i;
    } else if (sql[i] == quote) {
      if (i + 1 < sql.size() && sql[i + 1] == quote) {
        ++i;
      } else {
        return i + 1;
      }
    }
  }
  return sql.size();
}

size_t CommentEnd(std::string_view sql, size_t at) {
  if (sql.substr(at, 2) == "--") return std::min(sql.find('\n', at), sql.size());
  size_t depth = 0;
  for (size_t i = at; i + 1 < sql.size(); ++i) {
    if (sql.substr(i, 2) == "/*") {
      ++depth;
      ++i;
    } else if (sql.substr(i, 2) == "*/") {
      ++i;
      if (--depth == 0) return i + 1;
    }
  }
  return sql.size();
}

// "$tag$ … $tag$"; 0: none begins here.
size_t DollarEnd(std::string_view sql, size_t at) {
  size_t end = at + 1;
  while (end < sql.size() && IsWordByte(sql[end]) && sql[end] != '$') ++end;
  if (end >= sql.size() || sql[end] != '$') return 0;
  if (end > at + 1 && std::isdigit(static_cast<unsigned char>(sql[at + 1])) != 0) return 0;
  const std::string_view tag = sql.substr(at, end + 1 - at);
  const size_t close = sql.find(tag, end + 1);
  return close == sql.npos ? sql.size() : close + tag.size();
}

}  // namespace

StatementText::StatementText(std::string_view sql) : sql_(sql) {
  uint32_t depth = 0;
  for (size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    size_t end = at + 1;
    Kind kind = Kind::kOther;
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at;
      continue;
    }
    if (sql.substr(at, 2) == "--" || sql.substr(at, 2) == "/*") {
      at = CommentEnd(sql, at);
      continue;
    }
    if (c == '\'' || c == '"') {
      const bool escapes = c == '\'' && at > 0 && (sql[at - 1] | 0x20) == 'e' &&
                           (at < 2 || !IsWordByte(sql[at - 2]));
      end = QuotedEnd(sql, at, c, escapes);
    } else if (c == '$' && DollarEnd(sql, at) != 0) {
      end = DollarEnd(sql, at);
    } else if (IsWordByte(c)) {
      while (end < sql.size() && IsWordByte(sql[end])) ++end;
      kind =
          std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$' ? Kind::kOther : Kind::kWord;
    } else if (c == ')') {
      depth -= depth > 0;
    }
    tokens_.push_back({{at, end}, depth, kind});
    if (c == '(' && end == at + 1) ++depth;
    depth_ = std::max(depth_, depth);
    at = end;
  }
}

std::string_view StatementText::Of(const ObservedQuery& query) {
  const bool alone = query.origin == QueryOrigin::kLog || query.origin == QueryOrigin::kStatement;
  if (!alone || query.blocks.empty()) return {};
  // Of EXPLAIN and CREATE TABLE AS too, blocks are those of the query in it.
  const std::string_view sql = Trim(query.example);
  for (const char* word : {"select", "with", "update", "delete"}) {
    if (StartsWithIgnoringCase(sql, word)) return query.example;
  }
  return {};
}

size_t StatementText::At(const ObservedQuery& query, uint64_t tree_offset) {
  // The tree of a file's statement counts from the file's beginning.
  const uint64_t begin = query.base.has_value() ? query.span.begin : 0;
  return tree_offset < begin ? 0 : static_cast<size_t>(tree_offset - begin);
}

size_t StatementText::FirstIn(TextRange range) const {
  return static_cast<size_t>(
      std::lower_bound(tokens_.begin(), tokens_.end(), range.begin,
                       [](const Token& token, size_t at) { return token.at.begin < at; }) -
      tokens_.begin());
}

bool StatementText::Is(const Token& token, std::string_view word) const {
  return token.kind == Kind::kWord &&
         EqualsIgnoringCase(sql_.substr(token.at.begin, token.at.end - token.at.begin), word);
}

bool StatementText::OpensQuery(size_t token) const {
  if (sql_[tokens_[token].at.begin] != '(') return false;
  for (size_t i = token + 1; i < tokens_.size(); ++i) {
    if (sql_[tokens_[i].at.begin] == '(') continue;
    return Is(tokens_[i], "select") || Is(tokens_[i], "with") || Is(tokens_[i], "values");
  }
  return false;
}

size_t StatementText::Closing(size_t open) const {
  for (size_t i = open + 1; i < tokens_.size(); ++i) {
    if (tokens_[i].depth == tokens_[open].depth && sql_[tokens_[i].at.begin] == ')') return i;
  }
  return tokens_.size();
}

TextRange StatementText::QueryAround(size_t at) const {
  TextRange found{tokens_.empty() ? 0 : tokens_.front().at.begin,
                  tokens_.empty() ? 0 : tokens_.back().at.end};
  for (size_t i = 0; i < tokens_.size() && tokens_[i].at.begin < at; ++i) {
    if (!OpensQuery(i)) continue;
    const size_t close = Closing(i);
    if (close >= tokens_.size() || tokens_[close].at.begin < at) continue;
    found = {tokens_[i].at.end, tokens_[close].at.begin};
  }
  return found;
}

TextRange StatementText::ParenthesesAround(size_t at) const {
  TextRange found;
  for (size_t i = 0; i < tokens_.size() && tokens_[i].at.begin <= at; ++i) {
    if (sql_[tokens_[i].at.begin] != '(' || tokens_[i].at.end != tokens_[i].at.begin + 1) continue;
    const size_t close = Closing(i);
    if (close < tokens_.size() && tokens_[close].at.begin >= at) {
      found = {tokens_[i].at.begin, tokens_[close].at.end};
    }
  }
  return found;
}

QueryClauses StatementText::ClausesOf(TextRange query) const {
  QueryClauses clauses;
  const size_t first = FirstIn(query);
  if (first >= tokens_.size()) return clauses;
  const uint32_t depth = tokens_[first].depth;
  TextRange* open = nullptr;
  size_t last_end = query.begin;
  const auto close = [&] {
    if (open != nullptr) open->end = last_end;
    open = nullptr;
  };
  const auto begin = [&](TextRange* clause, size_t at) {
    close();
    *clause = {at, at};
    open = clause;
  };
  const auto next_is = [&](size_t i, std::string_view word) {
    return i + 1 < tokens_.size() && Is(tokens_[i + 1], word);
  };
  const auto mark_tail = [&](size_t i) {
    if (clauses.tail == 0) clauses.tail = tokens_[i].at.begin;
  };
  for (size_t i = first; i < tokens_.size() && tokens_[i].at.begin < query.end; ++i) {
    const Token& token = tokens_[i];
    if (token.depth == depth && token.kind == Kind::kWord) {
      const size_t behind = token.at.end;
      const bool started = !clauses.whole.empty() || clauses.whole.begin > 0 || clauses.select;
      if (Is(token, "with") && !started && i == first) clauses.with = true;
      if (!started && (Is(token, "select") || Is(token, "update") || Is(token, "delete"))) {
        clauses.whole = {token.at.begin, query.end};
        clauses.select = Is(token, "select");
        if (clauses.select) {
          begin(&clauses.output, behind);
          if (next_is(i, "distinct")) {
            clauses.distinct = true;
            clauses.output.begin = tokens_[i + 1].at.end;
          }
        }
      } else if (Is(token, "from") && clauses.from.begin == 0 && clauses.where.begin == 0) {
        const bool distinct = i > 0 && Is(tokens_[i - 1], "distinct") && i > 1 &&
                              (Is(tokens_[i - 2], "is") || Is(tokens_[i - 2], "not"));
        if (!distinct) begin(&clauses.from, behind);
      } else if (Is(token, "where")) {
        begin(&clauses.where, behind);
      } else if (Is(token, "group") && next_is(i, "by")) {
        mark_tail(i);
        begin(&clauses.group_by, tokens_[i + 1].at.end);
      } else if (Is(token, "having")) {
        mark_tail(i);
        begin(&clauses.having, behind);
      } else if (Is(token, "window")) {
        mark_tail(i);
        begin(&clauses.window, behind);
      } else if (Is(token, "order") && next_is(i, "by")) {
        mark_tail(i);
        begin(&clauses.order_by, tokens_[i + 1].at.end);
      } else if (Is(token, "limit") || Is(token, "fetch")) {
        mark_tail(i);
        begin(&clauses.limit, behind);
        clauses.limit_clause.begin = token.at.begin;
      } else if (Is(token, "offset")) {
        mark_tail(i);
        begin(&clauses.offset, behind);
        clauses.offset_clause.begin = token.at.begin;
      } else if (Is(token, "for") || Is(token, "returning")) {
        mark_tail(i);
        begin(&clauses.locking, behind);
      } else if (Is(token, "union") || Is(token, "intersect") || Is(token, "except")) {
        mark_tail(i);
        close();
        clauses.set_operation = true;
        clauses.set_at = behind;
        break;
      }
    }
    last_end = token.at.end;
  }
  close();
  if (clauses.tail == 0) clauses.tail = last_end;
  clauses.whole.end = query.end;
  clauses.offset_clause.end = clauses.offset.end;
  clauses.limit_clause.end = clauses.limit.end;
  return clauses;
}

std::vector<TextRange> StatementText::Arms(TextRange range, std::string_view word) const {
  size_t first = FirstIn(range);
  std::vector<TextRange> arms;
  if (first >= tokens_.size()) return arms;
  // Parentheses around all of it, unless they hold a query.
  while (sql_[tokens_[first].at.begin] == '(' && !OpensQuery(first)) {
    const size_t close = Closing(first);
    if (close >= tokens_.size()) break;
    const bool all = close + 1 >= tokens_.size() || tokens_[close + 1].at.begin >= range.end;
    if (!all) break;
    range = {tokens_[first].at.end, tokens_[close].at.begin};
    ++first;
  }
  const uint32_t depth = tokens_[first].depth;
  size_t begin = range.begin;
  size_t last_end = begin;
  bool between = false;
  bool other = false;
  const std::string_view opposite = word == "and" ? "or" : "and";
  uint32_t cases = 0;
  for (size_t i = first; i < tokens_.size() && tokens_[i].at.begin < range.end; ++i) {
    const Token& token = tokens_[i];
    if (token.depth == depth) {
      if (Is(token, "case")) ++cases;
      if (Is(token, "end") && cases > 0) --cases;
      if (cases == 0 && Is(token, "between")) between = true;
      const bool bound = cases == 0 && between && Is(token, "and");
      if (bound) {
        between = false;
      } else if (cases == 0 && Is(token, word)) {
        arms.push_back({begin, last_end});
        begin = token.at.end;
      } else if (cases == 0 && word == "and" && Is(token, opposite)) {
        other = true;
      }
    }
    last_end = token.at.end;
  }
  arms.push_back({begin, last_end});
  // AND binds tighter: beside an OR they are no conditions of their own.
  if (other) return {{tokens_[first].at.begin, last_end}};
  for (TextRange& arm : arms) {
    const size_t at = FirstIn(arm);
    if (at < tokens_.size()) arm.begin = tokens_[at].at.begin;
  }
  return arms;
}

TextRange StatementText::ArmAt(TextRange where, size_t at) const {
  for (TextRange range = where;;) {
    const std::vector<TextRange> arms = Arms(range);
    const auto found =
        std::find_if(arms.begin(), arms.end(), [at](TextRange arm) { return arm.Holds(at); });
    if (found == arms.end()) return {};
    const size_t first = FirstIn(*found);
    const bool wrapped = first < tokens_.size() && sql_[tokens_[first].at.begin] == '(' &&
                         !OpensQuery(first) && Closing(first) < tokens_.size() &&
                         tokens_[Closing(first)].at.end == found->end;
    if (!wrapped || (found->begin == range.begin && found->end == range.end)) return *found;
    const std::vector<TextRange> inside = Arms(*found);
    if (inside.size() == 1) return *found;
    range = *found;
  }
}

std::vector<TextRange> StatementText::Items(TextRange list) const {
  std::vector<TextRange> items;
  const size_t first = FirstIn(list);
  if (first >= tokens_.size() || tokens_[first].at.begin >= list.end) return items;
  const uint32_t depth = tokens_[first].depth;
  size_t begin = tokens_[first].at.begin;
  size_t last_end = begin;
  for (size_t i = first; i < tokens_.size() && tokens_[i].at.begin < list.end; ++i) {
    if (tokens_[i].depth == depth && sql_[tokens_[i].at.begin] == ',') {
      items.push_back({begin, last_end});
      begin = i + 1 < tokens_.size() ? tokens_[i + 1].at.begin : list.end;
    }
    last_end = tokens_[i].at.end;
  }
  items.push_back({begin, last_end});
  return items;
}

TextRange StatementText::Word(TextRange range, std::string_view word, size_t from) const {
  const size_t first = FirstIn(range);
  if (first >= tokens_.size()) return {};
  for (size_t i = first; i < tokens_.size() && tokens_[i].at.begin < range.end; ++i) {
    if (tokens_[i].at.begin < from || tokens_[i].depth != tokens_[first].depth) continue;
    if (Is(tokens_[i], word)) return tokens_[i].at;
  }
  return {};
}

TextRange StatementText::TokenFrom(size_t at) const {
  const size_t first = FirstIn({at, sql_.size()});
  return first < tokens_.size() ? tokens_[first].at : TextRange{};
}

TextRange StatementText::TokenBefore(size_t at) const {
  const size_t first = FirstIn({at, sql_.size()});
  return first > 0 ? tokens_[first - 1].at : TextRange{};
}

int StatementText::HighestParameter() const {
  int highest = 0;
  for (const Token& token : tokens_) {
    if (sql_[token.at.begin] != '$') continue;
    highest = std::max(highest, std::atoi(Text(token.at).c_str() + 1));
  }
  return highest;
}

std::string StatementText::Folded() const {
  std::string out;
  for (size_t i = 0; i < tokens_.size(); ++i) {
    if (i > 0 && tokens_[i].at.begin > tokens_[i - 1].at.end) out += ' ';
    out += Text(tokens_[i].at);
  }
  return out;
}

std::string TextEdits::Apply(std::string_view sql) const {
  auto edits = edits_;
  std::stable_sort(edits.begin(), edits.end(),
                   [](const auto& a, const auto& b) { return a.first.begin < b.first.begin; });
  std::string out;
  size_t at = 0;
  for (const auto& [range, text] : edits) {
    out += sql.substr(at, range.begin - at);
    out += text;
    at = range.end;
  }
  out += sql.substr(std::min(at, sql.size()));
  return out;
}

bool Parses(const std::string& sql) {
  return ReadStatement(sql).As<UnparsedStatement>() == nullptr;
}

bool ShowRewritten(const std::string& sql, std::string_view difference, Finding* finding) {
  if (sql.empty() || sql.size() > kShownBytesMax) return false;
  const StatementText text(sql);
  const std::string folded = text.Folded();
  if (text.depth() > kDepthMax || !Parses(folded)) return false;
  finding->Help("the whole statement: " + folded);
  if (!difference.empty()) {
    finding->Note("the rewritten statement differs: " + std::string(difference));
  }
  return true;
}

std::string WithCondition(const ObservedQuery& query, uint64_t tree_offset,
                          const std::string& condition) {
  const std::string_view sql = StatementText::Of(query);
  if (sql.empty()) return {};
  const StatementText text(sql);
  const size_t at = StatementText::At(query, tree_offset);
  const QueryClauses clauses = text.ClausesOf(text.QueryAround(at));
  if (clauses.where.empty()) return {};
  const TextRange arm = text.ArmAt(clauses.where, at);
  if (arm.empty()) return {};
  TextEdits edits;
  edits.Replace(arm, condition);
  return edits.Apply(sql);
}

}  // namespace pgsift
