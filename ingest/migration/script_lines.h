#ifndef PGSIFT_INGEST_MIGRATION_SCRIPT_LINES_H_
#define PGSIFT_INGEST_MIGRATION_SCRIPT_LINES_H_

// Internal to ingest/migration: the lines of a script, for markers.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ingest/migration/migration_script.h"

namespace pgsift {

// One line of a text, with its place.
struct ScriptLine {
  std::string_view text;  // Without white space at both ends.
  uint64_t begin = 0;     // Of the line itself.
  uint64_t next = 0;      // Of the line after it.
};

// Walks the lines of a text; views it.
class ScriptLines {
 public:
  explicit ScriptLines(std::string_view text) : text_(text) {}
  std::optional<ScriptLine> Next();

 private:
  std::string_view text_;
  uint64_t at_ = 0;
};

// What stands behind a line comment's `--`, or nothing: the line is no comment.
std::optional<std::string_view> LineComment(std::string_view line);

// If `text` begins with `mark` (case ignored) and a word ends there: what follows it.
std::optional<std::string_view> AfterMark(std::string_view text, std::string_view mark);

// Whether a comment is `word` between signs that make a line of it: "====  UP  ====".
bool IsFramed(std::string_view comment, std::string_view word);

// "3 up", "3 down": a step of Mojo's migrations; whether it goes up.
std::optional<bool> NumberedStep(std::string_view comment);

// Dialects with rules of their own.
void ReadLiquibase(std::string_view text, const ScriptContext& context, MigrationScript* script);
void ReadPsql(std::string_view text, const ScriptContext& context, PlaceholderStyle style,
              MigrationScript* script);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_MIGRATION_SCRIPT_LINES_H_
