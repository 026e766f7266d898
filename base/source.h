#ifndef PGSIFT_BASE_SOURCE_H_
#define PGSIFT_BASE_SOURCE_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace pgsift {

// What an input turned out to be, told from its content.
enum class InputKind : uint8_t {
  kUnknown,
  kMigration,  // SQL that changes a schema.
  kSchema,     // pg_dump output.
  kLog,        // A server log.
  kPlan,       // EXPLAIN output.
  kSnapshot,   // Exported statistics.
  kWorkload,   // A partial, or a report of an earlier run.
  kPooler,     // pgbouncer.ini.
};
// "migration", "schema", "log", "plan", "snapshot", "workload", "pooler", "unknown".
std::string_view InputKindName(InputKind kind);

// One input file of the run, and what became of it: reports print it under inputs[].
struct SourceFile {
  std::string path;  // As the user gave or the walk found it, '/' between parts.
  InputKind kind = InputKind::kUnknown;
  std::string content_path;  // Where the bytes are, if not at `path`: "-" is standard input.
  std::string format;        // "flyway", "sql", "stderr", "json"; empty when unknown.
  // Of a migration that does not run on the way up: "revert", "verify", "baseline".
  std::string role;
  // The bytes, for SQL, plans and snapshots, which are small and read whole. Logs and long files of
  // plans are streamed and leave this empty.
  std::string text;
  // Of a file whose text is not held: where places that reports may name lie. By offset.
  struct KnownLine {
    uint64_t offset = 0;
    uint64_t line = 0;  // 1-based.
  };
  std::vector<KnownLine> known_lines;
  bool compressed = false;  // `text` is what was inside the file.
  uint64_t bytes = 0;
  uint64_t lines = 0;
  uint64_t records = 0;  // Statements, log records or plans.
  uint64_t skipped_records = 0;
  uint64_t skipped_bytes = 0;
  uint64_t first_skipped_line = 0;  // 1-based; 0: nothing was skipped.
  uint64_t unresolved = 0;          // Of the skipped: statements whose placeholders are not known.
  std::string error;                // Why it could not be used, with the way out; empty: it could.
};

// The inputs of one run. Owns their bytes; a FileId stays valid and a SourceFile stays where it is
// until the set dies. Not thread-safe while files are added.
class SourceSet {
 public:
  FileId Add(SourceFile file);
  SourceFile& operator[](FileId id) { return files_[static_cast<size_t>(id)]; }
  const SourceFile& operator[](FileId id) const { return files_[static_cast<size_t>(id)]; }
  size_t size() const { return files_.size(); }
  FileId id(size_t index) const { return static_cast<FileId>(index); }
  // The path of a file, or "" for FileId::kNone.
  std::string_view path(FileId id) const;
  // The bytes of `span`, or "" where the file's text is not held.
  std::string_view Bytes(Span span) const;

 private:
  std::deque<SourceFile> files_;
};

// A place as people count it.
struct LineColumn {
  uint64_t line = 1;
  uint64_t column = 1;  // In code points.
};

// Answers where a byte lies, in lines and columns. Built once for a file's text, which must outlive
// it. Lines end in \n, \r\n counts as one end.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);
  LineColumn At(uint64_t offset) const;
  // The text of a 1-based line without its end; "" past the last.
  std::string_view Line(uint64_t line) const;
  uint64_t lines() const { return lines_; }

 private:
  // Where a 1-based line begins; the text's size past the last.
  size_t Begin(uint64_t line) const;

  std::string_view text_;
  uint64_t lines_ = 1;
  std::vector<uint64_t> newlines_before_;  // Each block of the text.
};

}  // namespace pgsift

#endif  // PGSIFT_BASE_SOURCE_H_
