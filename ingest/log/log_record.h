#ifndef PGSIFT_INGEST_LOG_LOG_RECORD_H_
#define PGSIFT_INGEST_LOG_LOG_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace pgsift {

// How bad the server says it is, least first. DEBUG1 to DEBUG5 are one.
enum class LogLevel : uint8_t { kDebug, kInfo, kNotice, kLog, kWarning, kError, kFatal, kPanic };
// "DEBUG", "INFO", …
std::string_view LogLevelName(LogLevel level);

// One entry of a server log: its first line and the DETAIL, HINT, CONTEXT and STATEMENT lines that
// belong to it.
//
// Views point into the block given to the reader, or into the reader where a field had to be
// unescaped; they die with the next record or the block. A field that the log lacks is empty; a
// number that it lacks is 0.
struct LogRecord {
  uint64_t offset = 0;  // Of the record's first byte, in its file.
  uint64_t line = 0;    // Of the record's first line: 0-based, counted from the block's first.
  int64_t time_us = 0;  // Microseconds since the Unix epoch, UTC. Valid if has_time.
  uint32_t pid = 0;
  // Records of one block with the same number have the same user, database, application and client;
  // 0: unknown.
  uint32_t names_id = 0;
  LogLevel level = LogLevel::kLog;
  bool has_time = false;
  // Lines of the texts below are joined by newline + tab, as the server writes them on standard
  // error; see WithoutTabs().
  bool tabbed = false;
  std::string_view user;
  std::string_view database;
  std::string_view application;
  std::string_view client;  // Host without its port, or "[local]".
  std::string_view sqlstate;
  std::string_view backend_type;
  std::string_view command_tag;
  std::string_view session_id;
  std::string_view virtual_transaction;
  std::string_view transaction_id;
  std::string_view query_id;
  std::string_view message;
  std::string_view detail;
  std::string_view hint;
  std::string_view context;
  std::string_view internal_query;
  std::string_view statement;
};

// `text` with the tab after each newline removed: what the client sent.
std::string WithoutTabs(std::string_view text);
// The text of a field of `record`, as the client or the server wrote it.
inline std::string OwnText(const LogRecord& record, std::string_view field) {
  return record.tabbed ? WithoutTabs(field) : std::string(field);
}

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_LOG_RECORD_H_
