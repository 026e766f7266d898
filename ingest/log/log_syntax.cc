#include "ingest/log/log_syntax.h"

#include <algorithm>

#include "ingest/log/csv_reader.h"

namespace pgsift {

std::string_view LogFormatName(LogFormat format) {
  switch (format) {
    case LogFormat::kStderr:
      return "stderr";
    case LogFormat::kCsv:
      return "csvlog";
    case LogFormat::kJson:
      return "jsonlog";
    case LogFormat::kUnknown:
      return "";
  }
  return "";
}

LogFormat DetectStructuredFormat(std::string_view sample) {
  // The first lines may be the end of a record whose beginning was rotated away.
  constexpr int kLinesMax = 2000;
  size_t at = 0;
  for (int line = 0; line < kLinesMax && at < sample.size(); ++line) {
    const size_t end = std::min(sample.find('\n', at), sample.size());
    const std::string_view text = sample.substr(at, end - at);
    if (text.starts_with('{') && text.find("\"error_severity\"") != text.npos) {
      return LogFormat::kJson;
    }
    if (!text.empty() && BeginsCsvRecord(sample, at)) return LogFormat::kCsv;
    at = end + 1;
  }
  return LogFormat::kUnknown;
}

}  // namespace pgsift
