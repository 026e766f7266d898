#include "ingest/migration/migration_script.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "ingest/migration/migration_files.h"
#include "ingest/migration/script_lines.h"

namespace pgsift {
namespace {

// The lines that begin what is applied and what is undone, behind `--`.
struct UpDownMarks {
  Dialect dialect;
  std::string_view up;
  std::string_view down;
};
constexpr auto kMarks = std::to_array<UpDownMarks>({
    {Dialect::kGoose, "+goose up", "+goose down"},
    {Dialect::kSqlMigrate, "+migrate up", "+migrate down"},
    {Dialect::kDbmate, "migrate:up", "migrate:down"},
    {Dialect::kRambler, "rambler up", "rambler down"},
    {Dialect::kNodePgMigrate, "up migration", "down migration"},
    {Dialect::kMybatis, "", "//@undo"},
    {Dialect::kShmig, "=up", "=down"},
    {Dialect::kTern, "", "-- create above / drop below ----"},
    {Dialect::kAerich, "upgrade --", "downgrade --"},
    {Dialect::kSql, "+micrate up", "+micrate down"},
});

constexpr UpDownMarks kPlainMarks = {Dialect::kSql, "up", "down"};

// A line that says that no transaction is wanted; the tools look for these words only.
struct NoTransactionMark {
  Dialect dialect;
  std::string_view mark;
  bool first_line;  // It counts only there.
  ToolTransaction instead;
};
constexpr auto kNoTransaction = std::to_array<NoTransactionMark>({
    {Dialect::kGoose, "+goose no transaction", false, ToolTransaction::kNone},
    {Dialect::kSqlx, "no-transaction", true, ToolTransaction::kOneString},
    {Dialect::kTern, "-- tern: disable-tx ----", false, ToolTransaction::kNone},
    {Dialect::kMorph, "morph:nontransactional", false, ToolTransaction::kOneString},
    {Dialect::kPostgresMigrations, "postgres-migrations disable-transaction", false,
     ToolTransaction::kOneString},
    {Dialect::kYoyo, "transactional: false", false, ToolTransaction::kNone},
    {Dialect::kAtlas, "atlas:txmode none", false, ToolTransaction::kNone},
    {Dialect::kGraphile, "! no-transaction", false, ToolTransaction::kOneString},
    {Dialect::kMigratus, ":disable-transaction", false, ToolTransaction::kOneString},
});

constexpr std::string_view kBreakpoint = "--> statement-breakpoint";
constexpr std::string_view kSqlxSplit = "/* sqlx: split */";

// Lines that divide what is sent at once, behind `--`.
struct SplitMark {
  Dialect dialect;
  std::string_view mark;
};
constexpr auto kSplits = std::to_array<SplitMark>({
    {Dialect::kBun, "bun:split"},
    {Dialect::kMigratus, ";;"},
});

// Walks a script's lines once and cuts it into sections.
class MarkerReader {
 public:
  MarkerReader(Dialect dialect, std::string_view text, MigrationScript* script)
      : dialect_(dialect), text_(text), script_(*script) {
    for (const UpDownMarks& marks : kMarks) {
      if (marks.dialect == dialect) marks_ = marks;
    }
    transaction_ = TraitsOf(dialect).transaction;
  }

  void Read() {
    if (dialect_ == Dialect::kSql && !HasUpMark() && HasPlainMarks()) marks_ = kPlainMarks;
    running_ = !HasUpMark();
    ScriptLines lines(text_);
    bool first = true;
    while (const auto line = lines.Next()) {
      if (dialect_ == Dialect::kPlay || dialect_ == Dialect::kAlembic) Bare(*line);
      if (dialect_ == Dialect::kDrizzle) Breakpoint(*line);
      if (dialect_ == Dialect::kSqlx && line->text == kSqlxSplit) Cut(line->begin, line->next);
      if (const auto comment = LineComment(line->text)) Mark(*line, *comment, first);
      if (delimited_) Delimiter(*line);
      if (!line->text.empty()) first = false;
    }
    Cut(text_.size(), text_.size());
    for (SqlSection& section : script_.options.sections) {
      if (section.transaction == TraitsOf(dialect_).transaction) section.transaction = transaction_;
    }
    if (script_.options.sections.empty()) script_.runs = false;
  }

  const std::vector<SqlSection>& environment() const { return environment_; }

 private:
  bool HasUpMark() const {
    const bool asked = !marks_.up.empty() || dialect_ == Dialect::kPlay ||
                       dialect_ == Dialect::kAtlas || dialect_ == Dialect::kMojo;
    if (!asked) return false;
    ScriptLines lines(text_);
    while (const auto line = lines.Next()) {
      if (dialect_ == Dialect::kPlay && IsPlay(line->text, "!ups")) return true;
      const auto comment = LineComment(line->text);
      if (comment.has_value() && !marks_.up.empty() && Is(*comment, marks_.up)) return true;
      if (dialect_ == Dialect::kAtlas && comment.has_value() && IsArchived(*comment)) return true;
      if (dialect_ == Dialect::kMojo && comment.has_value() && NumberedStep(*comment)) return true;
    }
    return false;
  }

  // Lines of "-- Up" and "-- Down", both there and each once: what many small tools look for.
  bool HasPlainMarks() const {
    size_t ups = 0, downs = 0;
    ScriptLines lines(text_);
    while (const auto line = lines.Next()) {
      const auto comment = LineComment(line->text);
      if (!comment.has_value()) continue;
      if (Is(*comment, kPlainMarks.up)) ++ups;
      if (Is(*comment, kPlainMarks.down)) ++downs;
    }
    return ups == 1 && downs == 1;
  }

  bool Is(std::string_view comment, std::string_view mark) const {
    if (mark == kPlainMarks.up || mark == kPlainMarks.down) {
      comment.remove_prefix(std::min(comment.find_first_not_of("-+@! \t"), comment.size()));
      if (comment.ends_with(':')) comment.remove_suffix(1);
      return EqualsIgnoringCase(Trim(comment), mark);
    }
    if (dialect_ == Dialect::kShmig) return IsFramed(comment, mark.substr(1));
    // node-pg-migrate takes any run of dashes and spaces in front.
    if (dialect_ == Dialect::kNodePgMigrate) {
      comment.remove_prefix(std::min(comment.find_first_not_of("- \t"), comment.size()));
    }
    return AfterMark(comment, mark).has_value();
  }

  // "# --- !Ups"
  static bool IsPlay(std::string_view line, std::string_view mark) {
    if (!line.starts_with('#') && !line.starts_with("--")) return false;
    line.remove_prefix(std::min(line.find_first_not_of("#- \t"), line.size()));
    return AfterMark(line, mark).has_value();
  }

  // "-- migration.sql --": a file of an archive inside the file.
  static bool IsArchived(std::string_view comment) {
    return comment.ends_with(".sql --") && comment.find(' ') == comment.size() - 3;
  }

  // Ends the section at hand before `end`; the next one begins at `next`.
  void Cut(uint64_t end, uint64_t next) {
    if (undoing_ && end > begin_) {
      script_.undo.sections.push_back(
          {.begin = begin_, .end = end, .transaction = TraitsOf(dialect_).transaction});
    }
    if (running_ && end > begin_) {
      const bool one_string = in_block_ &&
                              TraitsOf(dialect_).transaction == ToolTransaction::kOpened &&
                              transaction_ == ToolTransaction::kNone;
      script_.options.sections.push_back(
          {.begin = begin_,
           .end = end,
           .transaction = one_string
                              ? ToolTransaction::kOneString
                              : section_transaction_.value_or(TraitsOf(dialect_).transaction),
           .continues = continues_});
      continues_ = true;
    }
    begin_ = next;
  }

  void Bare(const ScriptLine& line) {
    if (dialect_ == Dialect::kPlay) {
      const bool up = IsPlay(line.text, "!ups");
      const bool down = IsPlay(line.text, "!downs");
      if (!up && !down) return;
      Cut(line.begin, line.next);
      running_ = up;
      undoing_ = down;
      return;
    }
    // What Alembic logs, when both streams went into the file.
    if (line.text.starts_with("INFO  [alembic") || line.text.starts_with("DEBUG [alembic")) {
      Cut(line.begin, line.next);
    }
  }

  void Breakpoint(const ScriptLine& line) {
    const std::string_view whole = text_.substr(line.begin, line.next - line.begin);
    const size_t at = whole.find(kBreakpoint);
    if (at != whole.npos) Cut(line.begin + at, line.next);
  }

  void Mark(const ScriptLine& line, std::string_view comment, bool first) {
    for (const NoTransactionMark& mark : kNoTransaction) {
      if (mark.dialect != dialect_ || (mark.first_line && !first)) continue;
      if (AfterMark(comment, mark.mark).has_value()) transaction_ = mark.instead;
    }
    if (!marks_.up.empty() && Is(comment, marks_.up)) return Up(line, comment);
    if (!marks_.down.empty() && Is(comment, marks_.down)) {
      Cut(line.begin, line.next);
      running_ = false;
      undoing_ = true;
      return;
    }
    for (const SplitMark& split : kSplits) {
      if (split.dialect == dialect_ && AfterMark(comment, split.mark).has_value()) {
        return Cut(line.begin, line.next);
      }
    }
    if (const auto up = NumberedStep(comment); dialect_ == Dialect::kMojo && up.has_value()) {
      Cut(line.begin, line.next);
      running_ = *up;
      undoing_ = !*up;
      continues_ = false;  // Most often it is the only one that has not run yet.
      return;
    }
    if (dialect_ == Dialect::kAtlas) return Atlas(line, comment);
    if (dialect_ != Dialect::kGoose && dialect_ != Dialect::kSqlMigrate) return;
    const std::string_view tool = dialect_ == Dialect::kGoose ? "+goose" : "+migrate";
    const auto words = AfterMark(comment, tool);
    if (!words.has_value()) return;
    const bool opens = AfterMark(Trim(*words), "statementbegin").has_value();
    const bool closes = AfterMark(Trim(*words), "statementend").has_value();
    if (opens || closes) {
      Cut(line.begin, line.next);
      in_block_ = opens;
    }
    if (AfterMark(Trim(*words), "envsub on").has_value())
      environment_.push_back({line.next, text_.size()});
    if (AfterMark(Trim(*words), "envsub off").has_value() && !environment_.empty()) {
      environment_.back().end = line.begin;
    }
  }

  // A mark may go on with options: `migrate:up transaction:false`, `+migrate Up notransaction`.
  void Up(const ScriptLine& line, std::string_view comment) {
    Cut(line.begin, line.next);
    running_ = true;
    undoing_ = false;
    continues_ = false;
    section_transaction_.reset();
    const std::string options = Lower(comment);
    if (options.find("transaction:false") != std::string::npos) {
      section_transaction_ = ToolTransaction::kOneString;
    }
    if (options.find("notransaction") != std::string::npos) {
      section_transaction_ = ToolTransaction::kNone;
    }
  }

  void Atlas(const ScriptLine& line, std::string_view comment) {
    if (IsArchived(comment)) {
      Cut(line.begin, line.next);
      // checks.sql runs first; down.sql does not run.
      running_ = !comment.starts_with("down");
      continues_ = comment.starts_with("migration");
      return;
    }
    const auto delimiter = AfterMark(comment, "atlas:delimiter");
    if (!delimiter.has_value()) return;
    for (size_t i = 0; i < Trim(*delimiter).size(); ++i) {
      const std::string_view rest = Trim(*delimiter).substr(i);
      if (rest.starts_with("\\n")) {
        delimiter_ += '\n';
        ++i;
      } else {
        delimiter_ += rest.front();
      }
    }
    delimited_ = !delimiter_.empty() && Trim(delimiter_) != ";";
  }

  // A line that ends in the delimiter; blank lines, where the delimiter is made of line ends.
  void Delimiter(const ScriptLine& line) {
    if (Trim(delimiter_).empty()) {
      blank_lines_ = line.text.empty() ? blank_lines_ + 1 : 0;
      if (blank_lines_ + 1 == delimiter_.size()) Cut(line.begin, line.next);
      return;
    }
    const std::string_view mark = Trim(delimiter_);
    if (line.text.starts_with("--") || !line.text.ends_with(mark)) return;
    const size_t at = text_.substr(0, line.next).rfind(mark);
    Cut(at, line.next);
  }

  const Dialect dialect_;
  const std::string_view text_;
  MigrationScript& script_;
  UpDownMarks marks_{};
  ToolTransaction transaction_ = ToolTransaction::kNone;
  std::optional<ToolTransaction> section_transaction_;
  bool running_ = true;
  bool undoing_ = false;
  bool in_block_ = false;
  bool continues_ = false;
  uint64_t begin_ = 0;
  bool delimited_ = false;
  std::string delimiter_;
  size_t blank_lines_ = 0;
  std::vector<SqlSection> environment_;
};

void AddPlaceholders(std::string_view text, const std::vector<SqlSection>& where,
                     const PlaceholderSyntax& syntax, const PlaceholderValues& values,
                     MigrationScript* script) {
  for (const SqlSection& section : where) {
    FindPlaceholders(text, section.begin, section.end, syntax, values,
                     &script->options.substitutions);
  }
  for (const SqlSection& section : script->undo.sections) {
    FindPlaceholders(text, section.begin, section.end, syntax, values, &script->undo.substitutions);
  }
}

// Nothing is known of the tool: `${name}`, `{{ name }}`, `@NAME@` and psql's `:name` can be nothing
// else in SQL.
void ReadUnknown(std::string_view text, const ScriptContext& context, MigrationScript* script) {
  const PlaceholderStyle style = text.find("${") != text.npos   ? PlaceholderStyle::kDollarBraces
                                 : text.find("{{") != text.npos ? PlaceholderStyle::kTemplate
                                 : HoldsAtSigns(text)           ? PlaceholderStyle::kAtSigns
                                                                : PlaceholderStyle::kPsql;
  PlaceholderSyntax syntax = context.placeholders;
  syntax.style = style;
  AddPlaceholders(text, script->options.sections, syntax, context.values, script);
}

}  // namespace

std::optional<ScriptLine> ScriptLines::Next() {
  if (at_ >= text_.size()) return std::nullopt;
  ScriptLine line{.begin = at_};
  size_t end = text_.find('\n', at_);
  if (end == text_.npos) end = text_.size();
  std::string_view content = text_.substr(at_, end - at_);
  if (at_ == 0 && content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);
  line.text = Trim(content);
  at_ = std::min<uint64_t>(end + 1, text_.size());
  line.next = at_;
  return line;
}

std::optional<std::string_view> LineComment(std::string_view line) {
  if (!line.starts_with("--")) return std::nullopt;
  return Trim(line.substr(2));
}

std::optional<std::string_view> AfterMark(std::string_view text, std::string_view mark) {
  if (!StartsWithIgnoringCase(text, mark)) return std::nullopt;
  const std::string_view rest = text.substr(mark.size());
  if (rest.empty()) return rest;
  const char next = rest.front();
  const bool word = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') ||
                    (next >= '0' && next <= '9') || next == '_';
  if (word) return std::nullopt;
  return rest;
}

bool IsFramed(std::string_view comment, std::string_view word) {
  if (!comment.starts_with("==") || !comment.ends_with("==")) return false;
  const size_t begin = comment.find_first_not_of("= \t");
  if (begin == comment.npos) return false;
  const size_t end = comment.find_last_not_of("= \t") + 1;
  return EqualsIgnoringCase(comment.substr(begin, end - begin), word);
}

std::optional<bool> NumberedStep(std::string_view comment) {
  const size_t digits = std::min(comment.find_first_not_of("0123456789"), comment.size());
  if (digits == 0 || digits == comment.size()) return std::nullopt;
  const std::string_view word = Trim(comment.substr(digits));
  if (EqualsIgnoringCase(word, "up")) return true;
  if (EqualsIgnoringCase(word, "down")) return false;
  return std::nullopt;
}

namespace {

// The words of a statement that may decide whether it runs in a transaction.
std::string LeadingWords(std::string_view sql) {
  constexpr size_t kShown = 200;
  std::string words = " ";
  for (char c : sql.substr(0, kShown)) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (word) {
      words += c;
    } else if (words.back() != ' ') {
      words += ' ';
    }
  }
  return Lower(words + " ");
}

// Statements that refuse a transaction stand beside others. SET and its like count for neither.
bool IsMixed(std::string_view text) {
  const std::string lower = Lower(text);
  const auto holds = [&](std::string_view word) { return lower.find(word) != lower.npos; };
  if (!holds("concurrently") && !holds("vacuum") && !holds("alter system")) return false;
  bool refuses = false, others = false;
  for (const Piece& piece : SplitStatements(text).pieces) {
    if (piece.kind != PieceKind::kStatement) continue;
    const std::string words = LeadingWords(text.substr(piece.begin, piece.size));
    const bool index = words.starts_with(" create index ") || words.starts_with(" drop index ") ||
                       words.starts_with(" create unique index ") || words.starts_with(" reindex ");
    if (words.starts_with(" vacuum ") || words.starts_with(" alter system ") ||
        (index && words.find(" concurrently ") != words.npos)) {
      refuses = true;
    } else if (!words.starts_with(" set ") && !words.starts_with(" reset ")) {
      others = true;
    }
  }
  return refuses && others;
}

}  // namespace

MigrationScript ReadMigrationScript(Dialect dialect, std::string_view text,
                                    const ScriptContext& context) {
  MigrationScript script;
  const bool formatted =
      dialect == Dialect::kLiquibase && DialectByMarkers(text) == Dialect::kLiquibase;
  if (dialect == Dialect::kLiquibase && formatted) {
    ReadLiquibase(text, context, &script);
  } else if (dialect == Dialect::kPsql || dialect == Dialect::kSqitch) {
    ReadPsql(text, context, PlaceholderStyle::kPsql, &script);
  } else {
    MarkerReader reader(dialect, text, &script);
    reader.Read();
    const PlaceholderStyle style = context.placeholders.style;
    if (style == PlaceholderStyle::kEnvironment) {
      AddPlaceholders(text, reader.environment(), context.placeholders, context.values, &script);
    } else if (dialect == Dialect::kSql) {
      ReadUnknown(text, context, &script);
    } else {
      AddPlaceholders(text, script.options.sections, context.placeholders, context.values, &script);
    }
  }
  if (dialect == Dialect::kLiquibase && !formatted) {
    // Whether its changeset runs in a transaction is said in the changelog: if it cannot, it does
    // not.
    for (SqlSection& section : script.options.sections) {
      section.transaction = ToolTransaction::kUnlessRefused;
    }
  }
  if (dialect == Dialect::kFlyway && !context.mixed && IsMixed(text)) {
    // Flyway runs no such file: its statements fail as they would in one transaction.
    for (SqlSection& section : script.options.sections) {
      section.transaction = ToolTransaction::kOpened;
    }
  }
  if (context.transaction.has_value()) {
    for (SqlSection& section : script.options.sections) {
      section.transaction = *context.transaction;
    }
  }
  return script;
}

}  // namespace pgsift
