// Liquibase's formatted SQL: changesets with attributes, rollbacks in comments.

#include <algorithm>

#include "base/text.h"
#include "ingest/migration/script_lines.h"

namespace pgsift {
namespace {

// The value of `name:value` in the words of a changeset's line, quotes taken off; "" if it is not
// there.
std::string Attribute(std::string_view words, std::string_view name) {
  const std::string lower = Lower(words);
  const std::string key = Lower(name) + ":";
  for (size_t at = lower.find(key); at != lower.npos; at = lower.find(key, at + 1)) {
    if (at > 0 && lower[at - 1] != ' ' && lower[at - 1] != '\t') continue;
    std::string_view value = words.substr(at + key.size());
    if (value.starts_with('"') || value.starts_with('\'')) {
      const size_t close = value.find(value.front(), 1);
      return std::string(value.substr(1, close == value.npos ? value.npos : close - 1));
    }
    return std::string(value.substr(0, value.find_first_of(" \t")));
  }
  return {};
}

bool IsFalse(const std::string& value) { return EqualsIgnoringCase(value, "false"); }
bool IsTrue(const std::string& value) { return EqualsIgnoringCase(value, "true"); }

// Whether a changeset with this `dbms:` runs on PostgreSQL: a list of names, "!" excludes.
bool RunsOnPostgres(std::string_view dbms) {
  if (dbms.empty()) return true;
  bool any_included = false;
  bool included = false;
  while (!dbms.empty()) {
    const size_t comma = std::min(dbms.find(','), dbms.size());
    const std::string name = Lower(Trim(dbms.substr(0, comma)));
    dbms.remove_prefix(std::min(comma + 1, dbms.size()));
    if (name == "!postgresql" || name == "none") return false;
    if (name.starts_with('!')) continue;
    any_included = true;
    included = included || name == "postgresql" || name == "all";
  }
  return !any_included || included;
}

// What a delimiter's regular expression asks for at the end of a line: "GO" of "\nGO\s*$", "$$" of
// "\$\$".
std::string DelimiterOf(std::string_view pattern) {
  std::string text;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      ++i;
      const bool space = pattern[i] == 'n' || pattern[i] == 'r' || pattern[i] == 's';
      if (space && i + 1 < pattern.size() && (pattern[i + 1] == '*' || pattern[i + 1] == '+')) ++i;
      if (!space) text += pattern[i];
    } else if ((c != '^' || i > 0) && (c != '$' || i + 1 < pattern.size() || text.ends_with('$'))) {
      text += c;
    }
  }
  return text;
}

class LiquibaseReader {
 public:
  LiquibaseReader(std::string_view text, const ScriptContext& context, MigrationScript* script)
      : text_(text), values_(context.values), context_(context), script_(*script) {}

  void Read() {
    ScriptLines lines(text_);
    while (const auto line = lines.Next()) {
      const auto comment = LineComment(line->text);
      if (comment.has_value()) {
        if (const auto words = AfterMark(*comment, "changeset")) {
          Cut(line->begin, line->next);
          Begin(Trim(*words));
          continue;
        }
        if (const auto words = AfterMark(*comment, "property")) Property(Trim(*words));
      }
      if (!delimiter_.empty()) Delimiter(*line);
    }
    Cut(text_.size(), text_.size());
    for (const SqlSection& section : script_.options.sections) {
      FindPlaceholders(text_, section.begin, section.end, context_.placeholders, values_,
                       &script_.options.substitutions);
    }
    script_.runs = !script_.options.sections.empty();
  }

 private:
  void Begin(std::string_view words) {
    running_ = RunsOnPostgres(Attribute(words, "dbms")) && !IsTrue(Attribute(words, "ignore"));
    continues_ = false;
    const bool together = IsFalse(Attribute(words, "splitStatements"));
    transaction_ = ToolTransaction::kOpened;
    if (IsFalse(Attribute(words, "runInTransaction"))) {
      transaction_ = together ? ToolTransaction::kOneString : ToolTransaction::kNone;
    }
    delimiter_ = DelimiterOf(Attribute(words, "endDelimiter"));
    if (delimiter_ == ";") delimiter_.clear();
  }

  void Property(std::string_view words) {
    const std::string name = Attribute(words, "name");
    if (!name.empty() && RunsOnPostgres(Attribute(words, "dbms"))) {
      values_.try_emplace(name, Attribute(words, "value"));
    }
  }

  // A line that ends in the changeset's own delimiter ends a statement.
  void Delimiter(const ScriptLine& line) {
    if (!line.text.ends_with(delimiter_)) return;
    if (delimiter_ == "/" && line.text.ends_with("*/")) return;
    const size_t at = text_.substr(0, line.next).rfind(delimiter_);
    Cut(at, line.next);
  }

  void Cut(uint64_t end, uint64_t next) {
    if (running_ && end > begin_) {
      script_.options.sections.push_back(
          {.begin = begin_, .end = end, .transaction = transaction_, .continues = continues_});
      continues_ = true;
    }
    begin_ = next;
  }

  const std::string_view text_;
  PlaceholderValues values_;
  const ScriptContext& context_;
  MigrationScript& script_;
  bool running_ = false;  // What stands before the first changeset does not run.
  bool continues_ = false;
  uint64_t begin_ = 0;
  ToolTransaction transaction_ = ToolTransaction::kOpened;
  std::string delimiter_;
};

}  // namespace

void ReadLiquibase(std::string_view text, const ScriptContext& context, MigrationScript* script) {
  LiquibaseReader(text, context, script).Read();
}

}  // namespace pgsift
