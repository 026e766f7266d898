#ifndef PGSIFT_INGEST_LOG_LOG_READER_H_
#define PGSIFT_INGEST_LOG_LOG_READER_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/log/line_matcher.h"
#include "ingest/log/log_record.h"
#include "ingest/log/prefix.h"

namespace pgsift {

// What a reader passed over. A damaged log is still worth reading, so damage is counted and
// reported, never an error.
struct LogDamage {
  uint64_t records = 0;  // Stretches that were passed over.
  uint64_t bytes = 0;
  uint64_t first_line = 0;  // Of the first, 1-based from the block's first; 0 if none.

  // Adds the damage of the block that follows this one, which has `lines_before` lines before it.
  void Append(const LogDamage& next, uint64_t lines_before);
};

// A stretch of a block.
struct ByteRange {
  size_t begin = 0, end = 0;
};
inline void AddRange(size_t begin, size_t end, std::vector<ByteRange>* ranges) {
  if (ranges == nullptr) return;
  if (!ranges->empty() && ranges->back().end == begin) {
    ranges->back().end = end;
  } else {
    ranges->push_back({begin, end});
  }
}

// Reads the records of one block of a log as PostgreSQL writes it on standard error, in order,
// without copying them.
//
//   LogReader reader(block, offset, prefix);
//   LogRecord record;
//   while (reader.Next(&record)) workload.Add(record);
//
// A record is its first line, the lines after it that begin with a tab or with no prefix, and the
// DETAIL, HINT, QUERY, CONTEXT and STATEMENT lines of the same process that directly follow. Lines
// that belong to no record (a dump of memory contexts, lines under another prefix, the end of a
// record whose beginning is gone) are passed over and counted.
//
// Not thread-safe. Readers of different blocks share nothing but the prefix.
class LogReader {
 public:
  // `offset` is where `block` lies in its file. Block and prefix must outlive the reader and every
  // record it gives out.
  LogReader(std::string_view block, uint64_t offset, const LinePrefix& prefix);
  // A temporary block would be gone before the first Next().
  template <std::same_as<std::string> Temporary>
  LogReader(Temporary&& block, uint64_t offset, const LinePrefix& prefix) = delete;
  LogReader(const LogReader&) = delete;
  LogReader& operator=(const LogReader&) = delete;

  // Reads the next record into *record and returns true, or returns false at the end of the block
  // and leaves *record as it was.
  bool Next(LogRecord* record);

  // All complete once Next() has returned false.
  const LogDamage& damage() const { return damage_; }
  uint64_t lines() const { return lines_; }
  uint64_t records() const { return records_; }
  uint64_t record_bytes() const { return record_bytes_; }
  uint64_t unknown_zones() const { return matcher_.unknown_zones(); }
  // Where to add the stretches that are passed over, as offsets in the block; may be nullptr.
  void set_skipped(std::vector<ByteRange>* skipped) { skipped_ = skipped; }

 private:
  // The unread line: where it ends and, if it has a prefix, what it says.
  struct Line {
    const char* begin = nullptr;
    const char* end = nullptr;   // Of its text, without the newline.
    const char* next = nullptr;  // The line after it.
    const char* text = nullptr;  // After the severity word; nullptr: no prefix.
    LinePart part = LinePart::kOther;
  };

  bool ReadLine();
  bool SkipToRecord();
  void Skip();
  void EndSkip();
  bool Continues() const;

  const char* const begin_;
  const char* const end_;
  const uint64_t offset_;
  LineMatcher matcher_;
  std::vector<ByteRange>* skipped_ = nullptr;
  Line line_;
  LogRecord scratch_;  // The fields of line_.
  LogDamage damage_;
  uint64_t lines_ = 0;  // Lines read, line_ included.
  uint64_t records_ = 0;
  uint64_t record_bytes_ = 0;
  bool skipping_ = false;
  bool have_line_ = false;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_LOG_READER_H_
