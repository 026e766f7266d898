#ifndef PGSIFT_INGEST_LOG_JSON_LOG_READER_H_
#define PGSIFT_INGEST_LOG_JSON_LOG_READER_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "ingest/log/log_clock.h"
#include "ingest/log/log_reader.h"
#include "ingest/log/log_record.h"

namespace pgsift {

// Whether a jsonlog record begins at `at`, which must be a line's beginning.
inline bool BeginsJsonRecord(std::string_view text, size_t at) { return text[at] == '{'; }

// Reads the records of one block of a jsonlog, in order: an object on each line. Same promises as
// LogReader; views point into the reader and die with the next record.
class JsonLogReader {
 public:
  JsonLogReader(std::string_view block, uint64_t offset, const Language* language = nullptr);
  JsonLogReader(const JsonLogReader&) = delete;
  JsonLogReader& operator=(const JsonLogReader&) = delete;
  ~JsonLogReader();

  bool Next(LogRecord* record);

  const LogDamage& damage() const { return damage_; }
  uint64_t lines() const { return lines_; }
  uint64_t records() const { return records_; }
  uint64_t record_bytes() const { return record_bytes_; }
  uint64_t unknown_zones() const { return clock_.unknown_zones(); }
  void set_skipped(std::vector<ByteRange>* skipped) { skipped_ = skipped; }

 private:
  struct Parser;
  bool ReadObject(std::string_view line, LogRecord* record);
  bool ReadTime(std::string_view text, LogRecord* record);

  const std::string_view block_;
  const uint64_t offset_;
  const Language* const language_;
  std::vector<ByteRange>* skipped_ = nullptr;
  size_t at_ = 0;
  bool skipping_ = false;
  LogClock clock_;
  std::unique_ptr<Parser> parser_;
  LogDamage damage_;
  uint64_t lines_ = 0;
  uint64_t records_ = 0;
  uint64_t record_bytes_ = 0;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_JSON_LOG_READER_H_
