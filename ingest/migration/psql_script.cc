// psql's own language: variables, conditions, included files.

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "ingest/migration/script_lines.h"

namespace pgsift {
namespace {

// Splits a command's arguments as psql does: white space divides, quotes hold together.
std::vector<std::string> Arguments(std::string_view text) {
  std::vector<std::string> arguments;
  bool open = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t') {
      open = false;
      continue;
    }
    if (!open) arguments.emplace_back();
    open = true;
    if (c != '\'') {
      arguments.back() += c;
      continue;
    }
    for (++i; i < text.size(); ++i) {
      if (text[i] == '\'' && i + 1 < text.size() && text[i + 1] == '\'') {
        ++i;
      } else if (text[i] == '\'') {
        break;
      }
      arguments.back() += text[i];
    }
  }
  return arguments;
}

// psql takes true, 1, on, yes and their beginnings for true.
std::optional<bool> Truth(std::string_view value) {
  const std::string lower = Lower(value);
  for (std::string_view word : {"true", "t", "1", "on", "yes", "y"}) {
    if (lower == word) return true;
  }
  for (std::string_view word : {"false", "f", "0", "off", "no", "n"}) {
    if (lower == word) return false;
  }
  return std::nullopt;
}

bool HoldsTemplate(std::string_view value) {
  for (std::string_view opening : {"<?", "<%", "{{", "{%", "${"}) {
    if (value.find(opening) != value.npos) return true;
  }
  return false;
}

class PsqlReader {
 public:
  PsqlReader(std::string_view text, const ScriptContext& context, PlaceholderStyle style,
             MigrationScript* script)
      : text_(text), values_(context.values), script_(*script) {
    syntax_.style = style;
  }

  void Read() {
    size_t line = 0;
    bool copy_data = false;
    while (line < text_.size()) {
      const size_t end = std::min(text_.find('\n', line), text_.size());
      const std::string_view content = Trim(text_.substr(line, end - line));
      if (copy_data) {
        copy_data = content != "\\.";
      } else if (content.starts_with('\\')) {
        Command(line, std::min(end + 1, text_.size()), content.substr(1));
        if (quit_) break;
      } else {
        copy_data = BeginsCopy(content);
        // A quoted text or comment may hold lines that look like commands.
        line = SkipQuotes(line, end);
        continue;
      }
      line = end + 1;
    }
    if (!quit_) Cut(text_.size(), text_.size());
  }

 private:
  struct Branch {
    bool outer = true;                  // What holds around the \if runs.
    std::optional<bool> taken = false;  // A branch before this one ran; nothing: perhaps.
  };

  static bool BeginsCopy(std::string_view line) {
    if (!StartsWithIgnoringCase(line, "copy ")) return false;
    return Lower(line).find("from stdin") != std::string::npos && line.ends_with(';');
  }

  size_t SkipQuotes(size_t at, size_t end) const {
    while (at < end) {
      const size_t quoted = QuoteEnd(text_, at);
      at = quoted > at ? quoted : at + 1;
      if (at > end) end = std::min(text_.find('\n', at), text_.size());
    }
    return end + 1;
  }

  void Command(size_t line, size_t next, std::string_view command) {
    const size_t space = std::min(command.find_first_of(" \t"), command.size());
    const std::string_view name = command.substr(0, space);
    const std::string_view rest = Trim(command.substr(space));
    if (name == "if" || name == "elif" || name == "else" || name == "endif") {
      return Condition(line, next, name, rest);
    }
    if (!running_) return;
    if (name == "set" || name == "unset") return Set(line, name == "unset", rest);
    if (name == "i" || name == "ir" || name == "include" || name == "include_relative") {
      const std::vector<std::string> arguments = Arguments(rest);
      if (!arguments.empty()) script_.includes.push_back(arguments.front());
    }
    if (name == "q" || name == "quit") {
      // Inside a condition that may not hold, what follows may run.
      if (!branches_.empty()) return;
      Cut(line, next);
      quit_ = true;
    }
  }

  void Set(size_t line, bool unset, std::string_view rest) {
    const std::vector<std::string> arguments = Arguments(rest);
    if (arguments.empty()) return;
    std::string value;
    bool known = !unset;
    for (size_t i = 1; i < arguments.size(); ++i) {
      const std::string& argument = arguments[i];
      if (argument.starts_with(':') && argument.size() > 1) {
        const auto other = values_.find(argument.substr(1));
        known = known && other != values_.end();
        if (other != values_.end()) value += other->second;
      } else if (argument.starts_with('`')) {
        known = false;  // What a program of the shell prints.
      } else if (HoldsTemplate(argument)) {
        known = false;  // Filled in before psql sees it.
      } else {
        value += argument;
      }
    }
    const bool certain = std::all_of(branches_.begin(), branches_.end(),
                                     [](const Branch& branch) { return branch.taken.has_value(); });
    Placeholders(line);
    if (known && certain) {
      values_.insert_or_assign(arguments.front(), value);
    } else {
      values_.erase(arguments.front());
    }
  }

  std::optional<bool> Evaluate(std::string_view expression) const {
    if (expression.starts_with(":{?") && expression.ends_with('}')) {
      return values_.contains(expression.substr(3, expression.size() - 4));
    }
    if (expression.starts_with(':')) {
      const auto value = values_.find(expression.substr(1));
      if (value == values_.end()) return std::nullopt;
      return Truth(value->second);
    }
    return Truth(expression);
  }

  void Condition(size_t line, size_t next, std::string_view name, std::string_view rest) {
    Cut(line, next);
    if (name == "if") {
      branches_.push_back({.outer = running_});
    }
    if (branches_.empty()) return;
    Branch& branch = branches_.back();
    if (name == "endif") {
      running_ = branch.outer;
      branches_.pop_back();
      return;
    }
    const std::optional<bool> holds = name == "else" ? true : Evaluate(rest);
    // Where nothing is known, every branch is read.
    running_ = branch.outer && branch.taken.value_or(false) == false && holds.value_or(true);
    if (branch.taken.value_or(false)) return;
    if (!holds.has_value()) {
      branch.taken = std::nullopt;
    } else if (*holds && branch.taken.has_value()) {
      branch.taken = true;
    }
  }

  // Finds the placeholders up to `end`, with the values that hold there.
  void Placeholders(uint64_t end) {
    if (running_ && end > searched_) {
      FindPlaceholders(text_, searched_, end, syntax_, values_, &script_.options.substitutions);
    }
    searched_ = std::max(searched_, end);
  }

  void Cut(uint64_t end, uint64_t next) {
    Placeholders(end);
    if (running_ && end > begin_) {
      script_.options.sections.push_back({.begin = begin_, .end = end});
    }
    begin_ = next;
    searched_ = next;
  }

  const std::string_view text_;
  PlaceholderValues values_;
  PlaceholderSyntax syntax_;
  MigrationScript& script_;
  std::vector<Branch> branches_;
  bool running_ = true;
  bool quit_ = false;
  uint64_t begin_ = 0;
  uint64_t searched_ = 0;  // Placeholders have been found up to here.
};

}  // namespace

void ReadPsql(std::string_view text, const ScriptContext& context, PlaceholderStyle style,
              MigrationScript* script) {
  PsqlReader(text, context, style, script).Read();
}

}  // namespace pgsift
