#include "parser/splitter.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

constexpr auto kNone = std::string_view::npos;

bool IsWord(char c) { return IsWordStart(c) || IsDigit(c) || c == '$'; }

// Walks a file once and cuts it. One object per file.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  SplitSql Run() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    while (at_ < text_.size()) Step();
    if (open_) Close(false);
    return std::move(result_);
  }

 private:
  char Peek(size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void Step() {
    const char c = text_[at_];
    if (IsSpace(c)) {
      ++at_;
    } else if (c == '-' && Peek(1) == '-') {
      LineComment();
    } else if (c == '/' && Peek(1) == '*') {
      BlockComment();
    } else if (c == '\\') {
      MetaCommand();
    } else if (c == ';') {
      Semicolon();
    } else if (c == '\'') {
      Quoted('\'', false);
    } else if (c == '"') {
      Quoted('"', false);
    } else if (c == '$') {
      Dollar();
    } else if (IsWordStart(c)) {
      Word();
    } else if (IsDigit(c)) {
      Token(NumberEnd());
    } else {
      Symbol(c);
    }
  }

  // A token of the statement at hand: [at_, end).
  void Token(size_t end) {
    if (!open_) {
      open_ = true;
      piece_ = Piece{};
      piece_.begin = at_;
      words_.fill({});
      word_count_ = 0;
      from_stdin_ = false;
      body_depth_ = 0;
      chain_.assign(1, 0);
      nesting_ = 0;
    }
    last_ = end;
    ++chain_.back();
    ++nesting_;
    piece_.nesting = std::max(piece_.nesting, nesting_);
    at_ = end;
  }

  void Symbol(char c) {
    Token(at_ + 1);
    if (c == '(' || c == '[') {
      chain_.push_back(0);
    } else if (c == ')' || c == ']') {
      nesting_ -= chain_.back();
      chain_.back() = 0;
      if (chain_.size() > 1) chain_.pop_back();
    } else if (c == ',') {
      nesting_ -= chain_.back();
      chain_.back() = 0;
    }
  }

  size_t NumberEnd() const {
    size_t end = at_;
    while (end < text_.size() && (IsWord(text_[end]) || text_[end] == '.')) ++end;
    return end;
  }

  void LineComment() {
    size_t end = text_.find('\n', at_);
    if (end == kNone) end = text_.size();
    size_t last = end;
    if (last > at_ && text_[last - 1] == '\r') --last;
    result_.comments.push_back({.begin = at_, .size = last - at_});
    at_ = end;
  }

  void BlockComment() {
    const size_t begin = at_;
    size_t depth = 1;
    size_t end = at_ + 2;
    while (end < text_.size() && depth > 0) {
      if (text_[end] == '*' && end + 1 < text_.size() && text_[end + 1] == '/') {
        --depth;
        end += 2;
      } else if (text_[end] == '/' && end + 1 < text_.size() && text_[end + 1] == '*') {
        ++depth;
        end += 2;
      } else {
        ++end;
      }
    }
    if (depth > 0) return Unclosed("comment that opens with /* is never closed", begin, begin + 2);
    result_.comments.push_back({.begin = begin, .size = end - begin});
    at_ = end;
  }

  void MetaCommand() {
    size_t end = text_.find('\n', at_);
    if (end == kNone) end = text_.size();
    size_t last = end;
    if (last > at_ && text_[last - 1] == '\r') --last;
    if (open_) {
      // \g, \gx, \gexec, \gset and \crosstabview send what stands before them; others do not end
      // it.
      const std::string_view command = text_.substr(at_, last - at_);
      if (command.starts_with("\\g") || command.starts_with("\\crosstabview") ||
          command.starts_with("\\watch") || command.starts_with("\\;")) {
        const size_t begin = at_;
        Close(true);
        at_ = begin;
        if (command.starts_with("\\;")) last = at_ + 2;
      } else {
        piece_.gaps.push_back({.begin = at_, .size = last - at_});
        at_ = end;
        return;
      }
    }
    result_.pieces.push_back({.kind = PieceKind::kMetaCommand, .begin = at_, .size = last - at_});
    at_ = std::max(last, at_ + 1);
  }

  void Semicolon() {
    if (!open_) {
      ++at_;
      return;
    }
    // Semicolons stand inside a statement only in the bodies of SQL-standard functions and of
    // rules.
    if (body_depth_ > 0 || (chain_.size() > 1 && IsCreateRule())) {
      Token(at_ + 1);
      nesting_ -= chain_.back();
      chain_.back() = 0;
      return;
    }
    const bool copy = EqualsIgnoringCase(words_[0], "copy") && from_stdin_;
    ++at_;
    Close(true);
    if (copy) CopyData();
  }

  bool IsCreateRule() const {
    if (!EqualsIgnoringCase(words_[0], "create")) return false;
    return EqualsIgnoringCase(words_[1], "rule") || EqualsIgnoringCase(words_[3], "rule");
  }

  bool IsCreateRoutine() const {
    if (!EqualsIgnoringCase(words_[0], "create")) return false;
    const auto routine = [](std::string_view word) {
      return EqualsIgnoringCase(word, "function") || EqualsIgnoringCase(word, "procedure");
    };
    return routine(words_[1]) || routine(words_[3]);
  }

  void Close(bool terminated) {
    piece_.size = last_ - piece_.begin;
    // A command behind the last token stands beside the statement, not in it.
    while (!piece_.gaps.empty() && piece_.gaps.back().begin >= last_) piece_.gaps.pop_back();
    piece_.terminated = terminated;
    result_.pieces.push_back(std::move(piece_));
    open_ = false;
  }

  // The lines up to `\.`; without one, up to the end of the file.
  void CopyData() {
    size_t begin = text_.find('\n', at_);
    if (begin == kNone) return;
    ++begin;
    size_t line = begin;
    while (line < text_.size()) {
      size_t end = text_.find('\n', line);
      if (end == kNone) end = text_.size();
      std::string_view content = text_.substr(line, end - line);
      if (content.ends_with('\r')) content.remove_suffix(1);
      if (content == "\\.") break;
      line = end + 1;
    }
    line = std::min(line, text_.size());
    result_.pieces.push_back({.kind = PieceKind::kCopyData, .begin = begin, .size = line - begin});
    at_ = std::min(line + 2, text_.size());
  }

  // A quoted string or identifier whose opening quote is at at_ + `prefix`.
  void Quoted(char quote, bool backslashes, size_t prefix = 0) {
    const size_t open = at_ + prefix;
    size_t end = open + 1;
    while (end < text_.size()) {
      if (text_[end] == quote) {
        if (end + 1 < text_.size() && text_[end + 1] == quote) {
          end += 2;
          continue;
        }
        return Token(end + 1);
      }
      end += backslashes && text_[end] == '\\' ? 2 : 1;
    }
    Unclosed(quote == '"' ? "quoted identifier is never closed" : "string is never closed", open,
             open + 1);
  }

  void Dollar() {
    size_t end = at_ + 1;
    while (end < text_.size() && IsWord(text_[end]) && text_[end] != '$') ++end;
    const bool tag_ok = end == at_ + 1 || !IsDigit(text_[at_ + 1]);
    if (end >= text_.size() || text_[end] != '$' || !tag_ok) return Token(std::max(end, at_ + 1));
    const std::string_view tag = text_.substr(at_, end + 1 - at_);
    const size_t close = text_.find(tag, end + 1);
    if (close == kNone) {
      return Unclosed("dollar-quoted string is never closed", at_, end + 1);
    }
    Token(close + tag.size());
  }

  // A quote or comment that opens at `open` runs to the end of the file. Ends the statement at the
  // next line that ends in a semicolon, so that what follows is still read.
  void Unclosed(const char* what, size_t open, size_t search_from) {
    size_t end = text_.size();
    for (size_t semicolon = text_.find(';', search_from); semicolon != kNone;
         semicolon = text_.find(';', semicolon + 1)) {
      size_t after = semicolon + 1;
      while (after < text_.size() && (text_[after] == ' ' || text_[after] == '\r')) ++after;
      if (after >= text_.size() || text_[after] == '\n') {
        end = semicolon;
        break;
      }
    }
    Token(std::max(end, at_ + 1));
    piece_.error = what;
    piece_.error_at = open;
    Close(end < text_.size());
    at_ = std::min(end + 1, text_.size());
  }

  void Word() {
    size_t end = at_ + 1;
    while (end < text_.size() && IsWord(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    const char next = end < text_.size() ? text_[end] : '\0';
    if (next == '\'' && word.size() == 1 && (word[0] == 'e' || word[0] == 'E')) {
      return Quoted('\'', true, 1);
    }
    if (next == '&' && (word == "U" || word == "u") && end + 1 < text_.size() &&
        (text_[end + 1] == '\'' || text_[end + 1] == '"')) {
      return Quoted(text_[end + 1], false, 2);
    }
    Token(end);
    Remember(word);
  }

  void Remember(std::string_view word) {
    if (word_count_ < words_.size()) words_[word_count_++] = word;
    if (word.size() == 5 && EqualsIgnoringCase(word, "stdin")) from_stdin_ = true;
    // A body opens with BEGIN ATOMIC; inside it BEGIN and CASE open, END closes.
    if (body_depth_ == 0) {
      if (word.size() == 6 && EqualsIgnoringCase(word, "atomic") &&
          EqualsIgnoringCase(previous_word_, "begin") && IsCreateRoutine()) {
        body_depth_ = 1;
      }
    } else if (EqualsIgnoringCase(word, "case") || EqualsIgnoringCase(word, "begin")) {
      ++body_depth_;
    } else if (EqualsIgnoringCase(word, "end")) {
      --body_depth_;
    }
    previous_word_ = word;
  }

  const std::string_view text_;
  SplitSql result_;
  size_t at_ = 0;
  bool open_ = false;  // A statement is open; the fields below describe it.
  Piece piece_;
  size_t last_ = 0;                        // End of its last token.
  std::array<std::string_view, 4> words_;  // Its first words.
  size_t word_count_ = 0;
  std::string_view previous_word_;
  bool from_stdin_ = false;
  uint32_t body_depth_ = 0;
  std::vector<uint32_t> chain_;  // Tokens since the last comma, for each open parenthesis.
  uint32_t nesting_ = 0;         // Sum of chain_.
};

}  // namespace

SplitSql SplitStatements(std::string_view text) { return Splitter(text).Run(); }

}  // namespace pgsift
