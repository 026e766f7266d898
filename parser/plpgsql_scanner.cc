#include "parser/plpgsql_scanner.h"

#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "base/text.h"

namespace pgsift {
namespace {

bool IsWordByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

struct Token {
  std::string_view text;
  size_t begin = 0;
  int depth = 0;  // Of parentheses and brackets, before the token.
  bool word = false;
  bool literal = false;  // A string.

  size_t end() const { return begin + text.size(); }
  bool Is(std::string_view keyword) const { return word && EqualsIgnoringCase(text, keyword); }
  bool IsSymbol(std::string_view symbol) const { return !word && !literal && text == symbol; }
};

size_t SkipQuoted(std::string_view body, size_t at, char quote, bool backslashes) {
  for (size_t i = at + 1; i < body.size(); ++i) {
    if (backslashes && body[i] == '\\') {
      ++i;
    } else if (body[i] == quote) {
      if (i + 1 < body.size() && body[i + 1] == quote) {
        ++i;
      } else {
        return i + 1;
      }
    }
  }
  return body.size();
}

// The end of a $tag$…$tag$ that starts at `at`, or `at` where none does.
size_t SkipDollar(std::string_view body, size_t at) {
  size_t tag = at + 1;
  while (tag < body.size() && IsWordByte(body[tag]) && body[tag] != '$') ++tag;
  if (tag >= body.size() || body[tag] != '$') return at;
  const std::string_view delimiter = body.substr(at, tag + 1 - at);
  const size_t end = body.find(delimiter, tag + 1);
  return end == body.npos ? body.size() : end + delimiter.size();
}

size_t SkipComment(std::string_view body, size_t at) {
  if (body.substr(at, 2) == "--") return std::min(body.find('\n', at), body.size());
  int depth = 0;
  for (size_t i = at; i + 1 < body.size(); ++i) {
    if (body.substr(i, 2) == "/*") {
      ++depth;
      ++i;
    } else if (body.substr(i, 2) == "*/") {
      ++i;
      if (--depth == 0) return i + 1;
    }
  }
  return body.size();
}

std::vector<Token> Tokenize(std::string_view body) {
  std::vector<Token> tokens;
  int depth = 0;
  for (size_t at = 0; at < body.size();) {
    const char c = body[at];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at;
      continue;
    }
    const std::string_view two = body.substr(at, 2);
    if (two == "--" || two == "/*") {
      at = SkipComment(body, at);
      continue;
    }
    Token token{.begin = at, .depth = depth};
    size_t end = at + 1;
    if (c == '\'') {
      end = SkipQuoted(body, at, '\'', false);
      token.literal = true;
    } else if ((c == 'E' || c == 'e') && two.size() == 2 && two[1] == '\'') {
      end = SkipQuoted(body, at + 1, '\'', true);
      token.literal = true;
    } else if (c == '"') {
      end = SkipQuoted(body, at, '"', false);
    } else if (c == '$' && SkipDollar(body, at) != at) {
      end = SkipDollar(body, at);
      token.literal = true;
    } else if (IsWordByte(c)) {
      while (end < body.size() && IsWordByte(body[end])) ++end;
      token.word = true;
    } else if (two == ":=" || two == "<<" || two == ">>" || two == "..") {
      end = at + 2;
    }
    token.text = body.substr(at, end - at);
    if (token.text == "(" || token.text == "[") ++depth;
    if ((token.text == ")" || token.text == "]") && depth > 0) token.depth = --depth;
    tokens.push_back(token);
    at = end;
  }
  return tokens;
}

// The text of a string literal that stands alone.
std::optional<std::string> LiteralText(std::string_view literal) {
  if (literal.starts_with('$')) {
    const size_t tag = literal.find('$', 1) + 1;
    if (tag == 0 || literal.size() < 2 * tag) return std::nullopt;
    return std::string(literal.substr(tag, literal.size() - 2 * tag));
  }
  if (!literal.starts_with('\'') || literal.size() < 2) return std::nullopt;
  std::string text;
  for (size_t i = 1; i + 1 < literal.size(); ++i) {
    text += literal[i];
    if (literal[i] == '\'') ++i;
  }
  return text;
}

class Scanner {
 public:
  explicit Scanner(std::string_view body) : body_(body), tokens_(Tokenize(body)) {}

  std::vector<PlpgsqlPart> Scan() {
    while (at_ < tokens_.size()) Next();
    return std::move(parts_);
  }

 private:
  enum class Kind : uint8_t { kBegin, kIf, kLoop, kCase, kHandler };
  struct Block {
    Kind kind = Kind::kBegin;
    uint8_t operations = kAnyOperation;  // That the branch at hand runs for.
    uint8_t rest = kAnyOperation;        // That the branches before have left.
    bool exact = false;                  // The branch runs for all of them.
    bool of_operation = false;           // CASE TG_OP.
    bool branched = false;
    bool doubtful = false;  // A branch before may have been taken instead.
  };

  const Token& Now() const { return tokens_[at_]; }
  bool Done() const { return at_ >= tokens_.size(); }
  bool Conditional() const {
    for (const Block& block : blocks_) {
      if (block.kind != Kind::kBegin) return true;
    }
    return false;
  }

  uint8_t Operations() const {
    uint8_t operations = live_;
    for (const Block& block : blocks_) operations &= block.operations;
    return operations;
  }

  uint8_t OperationNamed(const Token& token) const {
    if (!token.literal) return 0;
    const std::string_view name = token.text;
    return name == "'INSERT'"     ? kOnInsert
           : name == "'UPDATE'"   ? kOnUpdate
           : name == "'DELETE'"   ? kOnDelete
           : name == "'TRUNCATE'" ? kOnTruncate
                                  : 0;
  }

  // The operations for which `TG_OP = 'INSERT'` or `TG_OP IN (…)` holds; none: it is something
  // else.
  uint8_t ComparedOperation(size_t from, size_t to) const {
    while (to - from > 2 && tokens_[from].IsSymbol("(") && tokens_[to - 1].IsSymbol(")")) {
      ++from;
      --to;
    }
    if (to - from < 3 || !tokens_[from].Is("tg_op")) return 0;
    if (tokens_[from + 1].IsSymbol("=") && to - from == 3) return OperationNamed(tokens_[from + 2]);
    // `<>` and `!=` are two tokens.
    const bool differs =
        (tokens_[from + 1].IsSymbol("<") || tokens_[from + 1].IsSymbol("!")) && to - from == 4;
    if (differs) return static_cast<uint8_t>(kAnyOperation & ~OperationNamed(tokens_[from + 3]));
    if (!tokens_[from + 1].Is("in")) return 0;
    uint8_t operations = 0;
    for (size_t i = from + 3; i + 1 < to; ++i) operations |= OperationNamed(tokens_[i]);
    return operations;
  }

  // What a condition says of TG_OP: the operations that it may hold for, and whether it holds for
  // each of them.
  std::pair<uint8_t, bool> OperationsOf(size_t from, size_t to) const {
    if (from >= to) return {kAnyOperation, false};
    const int depth = tokens_[from].depth;
    uint8_t all = kAnyOperation;
    uint8_t any = 0;
    bool ands = false, ors = false, each = true;
    size_t begin = from;
    for (size_t i = from; i <= to; ++i) {
      const bool and_ = i < to && tokens_[i].depth <= depth && tokens_[i].Is("and");
      const bool or_ = i < to && tokens_[i].depth <= depth && tokens_[i].Is("or");
      if (i < to && !and_ && !or_) continue;
      const uint8_t compared = ComparedOperation(begin, i);
      each = each && compared != 0;
      if (compared != 0) all &= compared;
      any |= compared;
      ands |= and_;
      ors |= or_;
      begin = i + 1;
    }
    if (ors) return each && !ands ? std::pair{any, true} : std::pair{kAnyOperation, false};
    return {all, each};
  }

  // The next branch of an IF or CASE.
  void Branch(Block* block, uint8_t operations, bool exact) {
    if (block->exact) block->rest = static_cast<uint8_t>(block->rest & ~block->operations);
    block->doubtful |= block->branched && !block->exact;
    block->branched = true;
    block->operations = block->rest & operations;
    block->exact = exact;
  }

  // The index of the next token of depth 0 (relative to `from`) that is ';' or one of the keywords,
  // CASE … END skipped.
  size_t FindEnd(size_t from, std::string_view keyword = {}) const {
    if (from >= tokens_.size()) return tokens_.size();
    const int depth = tokens_[from].depth;
    int cases = 0;
    for (size_t i = from; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (token.depth > depth) continue;
      if (token.IsSymbol(";")) return i;
      if (token.Is("case")) ++cases;
      if (token.Is("end") && cases > 0) --cases;
      if (!keyword.empty() && cases == 0 && token.Is(keyword)) return i;
    }
    return tokens_.size();
  }

  std::string_view TextOf(size_t from, size_t to) const {
    if (from >= to || from >= tokens_.size()) return {};
    return body_.substr(tokens_[from].begin, tokens_[to - 1].end() - tokens_[from].begin);
  }

  void Add(PlpgsqlPart::Kind kind, std::string sql, size_t token) {
    parts_.push_back({.kind = kind,
                      .sql = std::move(sql),
                      .offset = token < tokens_.size() ? tokens_[token].begin : body_.size(),
                      .conditional = Conditional(),
                      .operations = Operations()});
  }

  // An expression is run as SELECT; one without a sub-query or a call does nothing to a table.
  void AddExpression(size_t from, size_t to) {
    bool does = false;
    for (size_t i = from; i < to; ++i) does = does || tokens_[i].IsSymbol("(");
    if (does) Add(PlpgsqlPart::Kind::kStatement, "SELECT " + std::string(TextOf(from, to)), from);
  }

  void AddDynamic(size_t from, size_t to) {
    // INTO and USING stand behind the text.
    size_t end = to;
    for (size_t i = from; i < to; ++i) {
      if (tokens_[i].depth == tokens_[from].depth &&
          (tokens_[i].Is("using") || tokens_[i].Is("into"))) {
        end = i;
        break;
      }
    }
    if (end == from + 1 && tokens_[from].literal) {
      if (auto text = LiteralText(tokens_[from].text)) {
        return Add(PlpgsqlPart::Kind::kStatement, std::move(*text), from);
      }
    }
    Add(PlpgsqlPart::Kind::kDynamic, std::string(TextOf(from, end)), from);
  }

  // A query or EXECUTE.
  void AddQuery(size_t from, size_t to) {
    if (from >= to) return;
    if (tokens_[from].Is("execute")) return AddDynamic(from + 1, to);
    Add(PlpgsqlPart::Kind::kStatement, std::string(TextOf(from, to)), from);
  }

  // A statement of SQL, without the INTO targets of PL/pgSQL.
  void AddSql(size_t from, size_t to) {
    std::string sql;
    size_t begin = from;
    const bool insert = tokens_[from].Is("insert") || tokens_[from].Is("merge");
    for (size_t i = from; i < to; ++i) {
      if (!tokens_[i].Is("into") || tokens_[i].depth != tokens_[from].depth) continue;
      if (insert && i < from + 2) continue;
      // INSERT INTO of a statement that begins with WITH.
      if (i > from && tokens_[i - 1].Is("insert")) continue;
      if (i > from && tokens_[i - 1].Is("merge")) continue;
      sql += std::string(TextOf(begin, i)) + " ";
      size_t k = i + 1;
      if (k < to && tokens_[k].Is("strict")) ++k;
      // target [.field] [, target …]
      while (k < to && !tokens_[k].IsSymbol(";")) {
        ++k;
        if (k + 1 < to && (tokens_[k].IsSymbol(".") || tokens_[k].IsSymbol(","))) {
          ++k;
        } else {
          break;
        }
      }
      begin = k;
      i = k - 1;
    }
    sql += TextOf(begin, to);
    Add(PlpgsqlPart::Kind::kStatement, std::move(sql), from);
  }

  void EndBlock() {
    // An END closes the handlers of its block too.
    while (!blocks_.empty() && blocks_.back().kind == Kind::kHandler) blocks_.pop_back();
    if (!blocks_.empty()) blocks_.pop_back();
  }

  void Condition(std::string_view until) {
    const size_t end = FindEnd(at_ + 1, until);
    AddExpression(at_ + 1, end);
    at_ = end + 1;
  }

  // IF and ELSIF; WHEN of a CASE or of an exception handler.
  void BranchCondition(bool first) {
    const size_t from = at_ + 1;
    Condition("then");
    const size_t to = std::min(at_ - 1, tokens_.size());
    if (first) blocks_.push_back({.kind = Kind::kIf});
    if (blocks_.empty()) return;
    Block& block = blocks_.back();
    if (block.of_operation) {
      uint8_t operations = 0;
      for (size_t i = from; i < to; ++i) operations |= OperationNamed(tokens_[i]);
      Branch(&block, operations, true);
    } else if (block.kind == Kind::kIf || block.kind == Kind::kCase) {
      const auto [operations, exact] = OperationsOf(from, to);
      Branch(&block, operations, exact);
    }
  }

  void Declarations() {
    ++at_;
    while (!Done() && !Now().Is("begin")) {
      const size_t end = FindEnd(at_);
      for (size_t i = at_; i < end; ++i) {
        if (!tokens_[i].IsSymbol(":=") && !tokens_[i].Is("default")) continue;
        AddExpression(i + 1, end);
        break;
      }
      // A cursor's query.
      for (size_t i = at_; i + 1 < end; ++i) {
        if (tokens_[i].Is("cursor")) {
          const size_t query = FindEnd(i, "for");
          if (query < end) AddQuery(query + 1, end);
          break;
        }
      }
      at_ = end + 1;
    }
  }

  void For() {
    const size_t in = FindEnd(at_, "in");
    const size_t loop = FindEnd(in + 1, "loop");
    if (in < tokens_.size() && in + 1 < tokens_.size()) {
      const Token& first = tokens_[in + 1];
      const bool foreach_ = Now().Is("foreach");
      if (foreach_) {
        AddExpression(in + 2, loop);
      } else if (first.Is("select") || first.Is("with") || first.Is("execute") ||
                 first.Is("values") || first.Is("insert") || first.Is("update") ||
                 first.Is("delete")) {
        AddQuery(in + 1, loop);
      } else {
        AddExpression(in + 1, loop);
      }
    }
    blocks_.push_back({.kind = Kind::kLoop});
    at_ = loop + 1;
  }

  void Return() {
    const size_t end = FindEnd(at_);
    size_t from = at_ + 1;
    if (from < end && tokens_[from].Is("query")) {
      AddQuery(from + 1, end);
    } else {
      if (from < end && tokens_[from].Is("next")) ++from;
      AddExpression(from, end);
      if (from == at_ + 1) Leave();
    }
    at_ = end + 1;
  }

  // RETURN ends the function for the operations that the branch runs for, if it always runs.
  void Leave() {
    for (const Block& block : blocks_) {
      const bool branch = block.kind == Kind::kIf || block.kind == Kind::kCase;
      const bool always = block.kind == Kind::kBegin || (branch && block.exact && !block.doubtful);
      if (!always) return;
    }
    live_ = static_cast<uint8_t>(live_ & ~Operations());
  }

  bool Control() {
    const Token& token = Now();
    if (token.IsSymbol(";")) return ++at_, true;
    if (token.IsSymbol("<<")) {
      while (!Done() && !Now().IsSymbol(">>")) ++at_;
      return ++at_, true;
    }
    if (token.Is("declare")) return Declarations(), true;
    if (token.Is("begin")) return blocks_.push_back({}), ++at_, true;
    if (token.Is("end")) {
      EndBlock();
      at_ = FindEnd(at_) + 1;
      return true;
    }
    if (token.Is("exception")) return blocks_.push_back({.kind = Kind::kHandler}), ++at_, true;
    if (token.Is("else")) {
      if (!blocks_.empty()) Branch(&blocks_.back(), kAnyOperation, blocks_.back().exact);
      return ++at_, true;
    }
    if (token.Is("if")) return BranchCondition(true), true;
    if (token.Is("elsif") || token.Is("elseif") || token.Is("when")) {
      return BranchCondition(false), true;
    }
    if (token.Is("loop")) return blocks_.push_back({.kind = Kind::kLoop}), ++at_, true;
    if (token.Is("while")) {
      Condition("loop");
      return blocks_.push_back({.kind = Kind::kLoop}), true;
    }
    if (token.Is("for") || token.Is("foreach")) return For(), true;
    if (token.Is("case")) {
      const size_t when = FindWhen();
      AddExpression(at_ + 1, when);
      const bool of_operation = when == at_ + 2 && tokens_[at_ + 1].Is("tg_op");
      blocks_.push_back({.kind = Kind::kCase, .of_operation = of_operation});
      at_ = when;
      return true;
    }
    return false;
  }

  size_t FindWhen() const {
    for (size_t i = at_ + 1; i < tokens_.size(); ++i) {
      if (tokens_[i].depth <= Now().depth && tokens_[i].Is("when")) return i;
    }
    return tokens_.size();
  }

  void Next() {
    if (Control()) return;
    if (Now().Is("return")) return Return();
    const size_t end = FindEnd(at_);
    const Token& token = Now();
    static constexpr auto kNoSql = std::to_array<std::string_view>(
        {"raise", "assert", "null", "exit", "continue", "get", "close", "fetch", "move"});
    bool skip = false;
    for (std::string_view word : kNoSql) skip = skip || token.Is(word);
    if (skip) {
      // Nothing that touches a table, but for conditions such as EXIT WHEN.
      if (token.Is("assert")) AddExpression(at_ + 1, end);
    } else if (token.Is("execute")) {
      AddDynamic(at_ + 1, end);
    } else if (token.Is("perform")) {
      Add(PlpgsqlPart::Kind::kStatement, "SELECT " + std::string(TextOf(at_ + 1, end)), at_);
    } else if (token.Is("open")) {
      const size_t query = FindEnd(at_, "for");
      if (query < end) AddQuery(query + 1, end);
    } else if (const size_t assign = Assignment(end); assign < end) {
      AddExpression(assign + 1, end);
    } else if (at_ < end) {
      AddSql(at_, end);
    }
    at_ = end + 1;
  }

  // The index of := or = in `target := expression`, or `end`.
  size_t Assignment(size_t end) const {
    size_t i = at_ + 1;
    while (i < end) {
      if (tokens_[i].IsSymbol(":=") || tokens_[i].IsSymbol("=")) return i;
      const bool field = tokens_[i].IsSymbol(".") || tokens_[i].IsSymbol("[") ||
                         tokens_[i].IsSymbol("]") || tokens_[i].depth > tokens_[at_].depth ||
                         tokens_[i - 1].IsSymbol(".");
      if (!field) return end;
      ++i;
    }
    return end;
  }

  const std::string_view body_;
  const std::vector<Token> tokens_;
  size_t at_ = 0;
  std::vector<Block> blocks_;
  uint8_t live_ = kAnyOperation;  // For which the function has not returned yet.
  std::vector<PlpgsqlPart> parts_;
};

}  // namespace

std::vector<PlpgsqlPart> ScanPlpgsql(std::string_view body) { return Scanner(body).Scan(); }

}  // namespace pgsift
