#include "ingest/log/log_record.h"

#include <array>

namespace pgsift {

std::string_view LogLevelName(LogLevel level) {
  constexpr std::array<std::string_view, 8> kNames = {"DEBUG",   "INFO",  "NOTICE", "LOG",
                                                      "WARNING", "ERROR", "FATAL",  "PANIC"};
  return kNames[static_cast<size_t>(level)];
}

std::string WithoutTabs(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end == text.npos) break;
    size_t line = end;
    if (line > 0 && text[line - 1] == '\r') --line;
    result.append(text.substr(0, line));
    result += '\n';
    text.remove_prefix(end + 1);
    if (!text.empty() && text.front() == '\t') text.remove_prefix(1);
  }
  result.append(text);
  return result;
}

}  // namespace pgsift
