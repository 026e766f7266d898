#ifndef PGSIFT_INGEST_LOG_CSV_READER_H_
#define PGSIFT_INGEST_LOG_CSV_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/log/log_clock.h"
#include "ingest/log/log_reader.h"
#include "ingest/log/log_record.h"

namespace pgsift {

// Whether a csvlog record begins at `at`: a time, quoted names, a process, an address, a session
// and a line number, as nothing inside a message looks.
bool BeginsCsvRecord(std::string_view text, size_t at);

// Reads the records of one block of a csvlog, of any release (22 to 26 columns), in order. Same
// promises as LogReader; views point into the block, or into the reader where quotes were doubled,
// and die with the next record.
class CsvReader {
 public:
  CsvReader(std::string_view block, uint64_t offset, const Language* language = nullptr)
      : block_(block), offset_(offset), language_(language) {}
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  bool Next(LogRecord* record);

  const LogDamage& damage() const { return damage_; }
  uint64_t lines() const { return lines_; }
  uint64_t records() const { return records_; }
  uint64_t record_bytes() const { return record_bytes_; }
  uint64_t unknown_zones() const { return clock_.unknown_zones(); }
  void set_skipped(std::vector<ByteRange>* skipped) { skipped_ = skipped; }

 private:
  static constexpr size_t kColumnsMax = 26;
  using Fields = std::array<std::string_view, kColumnsMax>;

  bool ReadFields(size_t begin, Fields* fields, size_t* end);
  bool Fill(const Fields& fields, LogRecord* record);
  void SkipLine();

  const std::string_view block_;
  const uint64_t offset_;
  const Language* const language_;
  std::vector<ByteRange>* skipped_ = nullptr;
  size_t at_ = 0;
  bool skipping_ = false;
  LogClock clock_;
  LogClock probe_clock_;  // Of what may be a record; what it does not know is not counted.
  std::array<std::string, kColumnsMax> unescaped_;
  LogDamage damage_;
  uint64_t lines_ = 0;
  uint64_t records_ = 0;
  uint64_t record_bytes_ = 0;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_CSV_READER_H_
