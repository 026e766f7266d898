#ifndef PGSIFT_INGEST_LOG_PREFIX_H_
#define PGSIFT_INGEST_LOG_PREFIX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/log/language.h"
#include "ingest/log/log_clock.h"
#include "ingest/log/log_record.h"

namespace pgsift {

// Reads "LOG:  ", "STATEMENT:  " … at `begin`. Returns where the text begins, or nullptr if no such
// word stands there. `language`: in whose words besides English; nullptr: none.
const char* ReadSeverity(const char* begin, const char* end, LinePart* part, LogLevel* level,
                         const Language* language = nullptr);
// Finds the first such word within the first bytes of a line, with two spaces after it; npos: none.
size_t FindSeverity(std::string_view line, const Language* language = nullptr);

// What the text fields of a prefix were in lines before: a session's are the same in all of its
// lines. Views point into these lines, which must outlive it. Not thread-safe.
class NamesCache {
 public:
  struct Names {
    std::string_view bytes;  // As they stand in the line, with what is between them.
    std::string_view user, database, application, client, backend_type, command_tag;
    uint32_t id = 0;  // Of these names, in this cache; 0: none.
  };
  // The place for what a process wrote; `begin`: where its names stand.
  Names& At(uint32_t pid, const char* begin, const char* end);
  uint32_t NextId() { return ++last_id_; }

 private:
  static constexpr int kBits = 10;
  std::vector<Names> names_;  // Made when it is first used.
  uint32_t last_id_ = 0;
};

// A log_line_prefix as a list of matchers: literal text and bounded fields, so that a line is
// matched by walking it once, without a regular expression.
//
// Knows all escapes up to PostgreSQL 18 and padding (%-10u). Immutable, so threads may share it.
class LinePrefix {
 public:
  // Compiles a format such as "%m [%p] %q%u@%d ". Nothing, with the reason in *error, if it ends in
  // the middle of an escape; an escape that no release knows prints nothing, as in the server.
  // `language` is that of the words after the prefix, and must outlive it.
  static std::optional<LinePrefix> Compile(std::string_view format, std::string* error,
                                           const Language* language = nullptr);

  LinePrefix() = default;  // The empty prefix.

  // Matches the prefix and the word after it at `begin`. Returns where the text begins, or nullptr
  // if the line does not match. The fields go to *record, whose views then point into the line;
  // those that the prefix lacks stay as they are. With `names` the fields may point into lines
  // before this one, that were matched with it.
  const char* Match(const char* begin, const char* end, LogClock* clock, LogRecord* record,
                    LinePart* part, NamesCache* names = nullptr) const;

  const std::string& format() const { return format_; }
  const Language* language() const { return language_; }

 private:
  struct Operation {
    char escape = 0;  // 0: literal.
    int width = 0;    // Padding: positive to the left, negative to the right, 0 none.
    std::string literal;
    uint64_t head = 0;       // The literal's first bytes, up to eight, as they lie in memory,
    uint64_t head_mask = 0;  // and which bits of them count.
  };
  struct Walk;

  static Operation Literal(std::string text);
  void FindNames();
  bool Run(size_t index, const char* at, Walk* walk) const;
  bool Names(const char* at, Walk* walk) const;
  bool Text(size_t index, const char* at, Walk* walk) const;
  bool Host(size_t index, const char* at, Walk* walk) const;
  static bool IsAt(const Operation& operation, const char* at, const char* end);
  static const char* Bounded(const Operation& operation, const char* at, Walk* walk);

  std::string format_;
  std::vector<Operation> operations_;
  // Where all text fields stand, with nothing between them but literals: for NamesCache. No
  // operation has the index names_begin_ if they do not stand together.
  size_t names_begin_ = SIZE_MAX, names_end_ = SIZE_MAX;
  int names_count_ = 0;
  const Language* language_ = nullptr;
};

// The log_line_prefix of a log, found by its text.
struct PrefixGuess {
  std::string format;
  uint64_t lines = 0;                  // Of the sample that begin a record or a part of one.
  uint64_t matched = 0;                // Of these, how many the format explains.
  const Language* language = nullptr;  // Of the log; nullptr: English.
};

// Looks for the prefix that explains most lines of `sample`, the beginning of a log: first those
// that are in common use, then one built from the lines themselves. matched is 0 if none does.
PrefixGuess DetectPrefix(std::string_view sample);

// The prefix of a single line whose severity word stands at `severity`, as a function of the line
// alone. Nothing if it has no time: then it may be any program's.
std::optional<LinePrefix> PrefixOfLine(std::string_view line, size_t severity,
                                       const Language* language);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_PREFIX_H_
