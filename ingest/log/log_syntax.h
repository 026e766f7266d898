#ifndef PGSIFT_INGEST_LOG_LOG_SYNTAX_H_
#define PGSIFT_INGEST_LOG_LOG_SYNTAX_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/log/prefix.h"

namespace pgsift {

// How the server wrote a log (log_destination).
enum class LogFormat : uint8_t { kUnknown, kStderr, kCsv, kJson };
// "stderr", "csvlog", "jsonlog", "".
std::string_view LogFormatName(LogFormat format);

// All that is needed to read a log. Immutable, so threads may share it.
struct LogSyntax {
  LogFormat format = LogFormat::kStderr;
  LinePrefix prefix;  // Of kStderr.
};

// Tells csvlog and jsonlog by the beginning of a log; kUnknown where it is neither.
LogFormat DetectStructuredFormat(std::string_view sample);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_LOG_SYNTAX_H_
