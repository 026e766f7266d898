#ifndef PGSIFT_INGEST_LOG_RECORD_FILTER_H_
#define PGSIFT_INGEST_LOG_RECORD_FILTER_H_

#include <memory>
#include <string>

#include "ingest/log/log_record.h"
#include "ingest/log/read_logs.h"

namespace pgsift {

// Decides which records count. Immutable, so threads may share it.
class RecordFilter {
 public:
  // A pattern that RE2 rejects is left out, and named in error().
  explicit RecordFilter(const LogFilter& filter);
  RecordFilter(const RecordFilter&) = delete;
  RecordFilter& operator=(const RecordFilter&) = delete;
  ~RecordFilter();

  bool passes_all() const { return passes_all_; }
  bool Passes(const LogRecord& record) const;
  const std::string& error() const { return error_; }

 private:
  struct Patterns;
  const LogFilter& filter_;
  std::unique_ptr<Patterns> patterns_;
  bool passes_all_ = true;
  std::string error_;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_RECORD_FILTER_H_
