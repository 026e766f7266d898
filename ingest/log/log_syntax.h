#ifndef PGSIFT_INGEST_LOG_LOG_SYNTAX_H_
#define PGSIFT_INGEST_LOG_LOG_SYNTAX_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/log/prefix.h"
#include "ingest/log/unwrapper.h"

namespace pgsift {

// How the server wrote a log (log_destination).
enum class LogFormat : uint8_t { kUnknown, kStderr, kCsv, kJson };
// "stderr", "csvlog", "jsonlog", "".
std::string_view LogFormatName(LogFormat format);

// All that is needed to read a log. Immutable, so threads may share it.
struct LogSyntax {
  LogFormat format = LogFormat::kStderr;  // Of what is inside the wrappers.
  LinePrefix prefix;                      // Of kStderr; with kHeaderPrefix if wrapped.
  std::vector<Wrapper> wrappers;          // Outermost first.
  const Language* language = nullptr;     // nullptr: English.
  std::string name;                       // As reports give it: "stderr", "syslog", "docker", …
  std::string line_prefix;                // Given or detected; of kStderr only.
};

// What the user says about a log; empty: it is detected.
struct SyntaxOptions {
  std::string line_prefix;
  std::string format;  // One of LogFormatNames().
  int64_t now_us = 0;  // For formats without a year.
};

// The names that --log-format takes.
const std::vector<std::string_view>& LogFormatNames();

// Finds out how a log is written from its beginning. False, with the reason and the way out in
// *error, if it is no log that is known.
bool DetectSyntax(std::string_view sample, const SyntaxOptions& options, LogSyntax* syntax,
                  std::string* error);

// Tells csvlog and jsonlog by the beginning of a log; kUnknown where it is neither.
LogFormat DetectStructuredFormat(std::string_view sample);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_LOG_SYNTAX_H_
