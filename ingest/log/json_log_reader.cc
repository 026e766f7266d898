#include "ingest/log/json_log_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace pgsift {
namespace {

// Where a key's text goes; nullptr: it is not kept as text.
std::string_view* FieldOf(std::string_view key, LogRecord* record) {
  switch (key.size()) {
    case 2:
      return key == "ps" ? &record->command_tag : nullptr;
    case 4:
      if (key == "user") return &record->user;
      if (key == "vxid") return &record->virtual_transaction;
      return key == "hint" ? &record->hint : nullptr;
    case 6:
      if (key == "dbname") return &record->database;
      return key == "detail" ? &record->detail : nullptr;
    case 7:
      if (key == "message") return &record->message;
      return key == "context" ? &record->context : nullptr;
    case 9:
      return key == "statement" ? &record->statement : nullptr;
    case 10:
      if (key == "session_id") return &record->session_id;
      return key == "state_code" ? &record->sqlstate : nullptr;
    case 11:
      return key == "remote_host" ? &record->client : nullptr;
    case 12:
      return key == "backend_type" ? &record->backend_type : nullptr;
    case 14:
      return key == "internal_query" ? &record->internal_query : nullptr;
    case 16:
      return key == "application_name" ? &record->application : nullptr;
    default:
      return nullptr;
  }
}

bool ReadLevel(std::string_view name, LogLevel* level) {
  // Nearly every record of a busy log.
  if (name == "LOG") {
    *level = LogLevel::kLog;
    return true;
  }
  for (size_t i = 0; i <= static_cast<size_t>(LogLevel::kPanic); ++i) {
    *level = static_cast<LogLevel>(i);
    if (LogLevelName(*level) == name) return true;
  }
  *level = LogLevel::kDebug;
  return name.starts_with("DEBUG");
}

}  // namespace

// The document model, not the on-demand one: it chooses the processor's instructions at run time.
struct JsonLogReader::Parser {
  simdjson::dom::parser parser;
};

JsonLogReader::JsonLogReader(std::string_view block, uint64_t offset, const Language* language)
    : block_(block), offset_(offset), language_(language), parser_(std::make_unique<Parser>()) {}
JsonLogReader::~JsonLogReader() = default;

// "2026-01-01 00:00:00.000 UTC": the clock wants to see where it ends.
bool JsonLogReader::ReadTime(std::string_view text, LogRecord* record) {
  std::array<char, 64> time;
  if (text.size() >= time.size()) return false;
  *std::copy(text.begin(), text.end(), time.begin()) = ' ';
  return clock_.Read(time.data(), time.data() + text.size() + 1, &record->time_us) != nullptr;
}

bool JsonLogReader::ReadObject(std::string_view line, LogRecord* record) {
  simdjson::dom::object object;
  // The parser reads some bytes past the end; only where the block has none it must copy the line.
  const bool last = block_.data() + block_.size() - (line.data() + line.size()) <
                    static_cast<std::ptrdiff_t>(simdjson::SIMDJSON_PADDING);
  if (parser_->parser.parse(line.data(), line.size(), last).get(object) != simdjson::SUCCESS) {
    return false;
  }
  bool leveled = false;
  for (const auto [key, value] : object) {
    if (key == "pid") {
      int64_t pid = 0;
      if (value.get(pid) != simdjson::SUCCESS) return false;
      record->pid = static_cast<uint32_t>(pid);
      continue;
    }
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) continue;
    if (std::string_view* to = FieldOf(key, record); to != nullptr) {
      *to = text;
    } else if (key == "error_severity") {
      leveled = ReadLevel(text, &record->level) ||
                (language_ != nullptr && language_->ReadLevel(text, &record->level));
    } else if (key == "timestamp") {
      record->has_time = ReadTime(text, record);
    }
  }
  return leveled;
}

bool JsonLogReader::Next(LogRecord* record) {
  while (at_ < block_.size()) {
    const size_t begin = at_;
    const size_t end = std::min(block_.find('\n', begin), block_.size());
    at_ = std::min(end + 1, block_.size());
    const uint64_t line = lines_++;
    LogRecord read;
    if (block_[begin] != '{' || !ReadObject(block_.substr(begin, end - begin), &read)) {
      if (!skipping_) {
        skipping_ = true;
        ++damage_.records;
        if (damage_.first_line == 0) damage_.first_line = lines_;
      }
      damage_.bytes += at_ - begin;
      AddRange(begin, at_, skipped_);
      continue;
    }
    skipping_ = false;
    read.offset = offset_ + begin;
    read.line = line;
    ++records_;
    record_bytes_ += at_ - begin;
    *record = read;
    return true;
  }
  return false;
}

}  // namespace pgsift
