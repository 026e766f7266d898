// Logs inside JSON objects: what containers, journald, hosters and log stores hand out.
//
// An object is told by its keys, wherever they are in it:
//   error_severity, message     a jsonlog record; also with csvlog's names (CloudNativePG's
//   "record",
//                               Supabase's "parsed"): handed on as a jsonlog line
//   MESSAGE, _PID               journald
//   log                         docker json-file, Fluent Bit: parts of a line end without a newline
//   textPayload, properties.message, event_message, line, @message, message, …: the server's text

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <optional>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/json_writer.h"
#include "ingest/log/log_clock.h"
#include "ingest/log/prefix.h"
#include "ingest/log/unwrapper.h"

namespace pgsift {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr int kDepthMax = 8;
constexpr size_t kJoinedBytesMax = size_t{16} << 20;

// A key of jsonlog and its other names: csvlog's columns, and Azure's.
struct Names {
  const char* key;
  std::array<const char*, 3> others;
};
constexpr Names kNames[] = {
    {"timestamp", {"log_time", "", ""}},
    {"user", {"user_name", "", ""}},
    {"dbname", {"database_name", "", ""}},
    {"remote_host", {"connection_from", "", ""}},
    {"session_id", {"", "", ""}},
    {"line_num", {"session_line_num", "", ""}},
    {"ps", {"command_tag", "", ""}},
    {"session_start", {"session_start_time", "", ""}},
    {"vxid", {"virtual_transaction_id", "", ""}},
    {"txid", {"transaction_id", "", ""}},
    {"error_severity", {"", "", ""}},
    {"state_code", {"sql_state_code", "", ""}},
    {"message", {"event_message", "", ""}},
    {"detail", {"", "", ""}},
    {"hint", {"", "", ""}},
    {"internal_query", {"", "", ""}},
    {"context", {"", "", ""}},
    {"statement", {"query", "", ""}},
    {"application_name", {"", "", ""}},
    {"backend_type", {"", "", ""}},
    {"query_id", {"", "", ""}},
};

std::string TextOf(element value) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  int64_t number = 0;
  if (value.get(number) == simdjson::SUCCESS) return std::to_string(number);
  uint64_t big = 0;
  if (value.get(big) == simdjson::SUCCESS) return std::to_string(big);
  double real = 0;
  if (value.get(real) == simdjson::SUCCESS) return absl::StrFormat("%.6f", real);
  return {};
}

std::optional<element> Find(object from, std::string_view key) {
  element value;
  if (from[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::string TextAt(object from, std::string_view key) {
  const auto value = Find(from, key);
  return value ? TextOf(*value) : std::string();
}

std::optional<object> ObjectAt(object from, std::string_view key) {
  const auto value = Find(from, key);
  object found;
  if (value && value->get(found) == simdjson::SUCCESS) return found;
  return std::nullopt;
}

// A time as these formats give it: ISO 8601, or a number of seconds, milli-, micro- or nanoseconds.
int64_t TimeOf(const std::string& text) {
  size_t size = 0;
  if (const auto time = ReadIsoTime(text, &size)) return *time;
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0' || number < 1e8) return 0;
  if (number < 1e11) return static_cast<int64_t>(number * 1e6);
  if (number < 1e14) return static_cast<int64_t>(number * 1e3);
  return number < 1e17 ? static_cast<int64_t>(number) : static_cast<int64_t>(number / 1e3);
}

int64_t TimeIn(object from) {
  for (const char* key : {"timestamp", "time", "ts", "@timestamp", "TimeGenerated", "eventTime",
                          "__REALTIME_TIMESTAMP"}) {
    if (const int64_t time = TimeOf(TextAt(from, key)); time != 0) return time;
  }
  return 0;
}

class JsonStage : public UnwrapStage {
 public:
  using UnwrapStage::UnwrapStage;

  void Take(const LogPiece& piece) override {
    if (piece.text.empty()) return next_->Take(piece);  // Space between objects.
    piece_ = piece;
    given_ = false;
    object root;
    if (parser_.parse(piece.text.data(), piece.text.size()).get(root) != simdjson::SUCCESS) {
      return next_->Skip(piece);
    }
    Visit(root, 0);
    if (!given_) next_->Skip(piece);
  }
  void Finish() override {
    for (auto& [stream, joined] : joined_) {
      if (joined.first.bytes > 0) EmitJoined(&joined);
    }
    next_->Finish();
  }

 private:
  struct Joined {
    LogPiece first;
    std::string text;
  };

  // Hands on `text`. The bytes of the object count once, with the first text found in it.
  void Give(std::string_view text, int64_t time_us, uint32_t pid, bool system_log) {
    LogPiece inner = piece_;
    if (given_) inner.bytes = 0;
    given_ = true;
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    inner.text = text;
    inner.time_us = time_us;
    inner.pid = pid;
    inner.system_log = system_log;
    next_->Take(inner);
  }

  bool Visit(object from, int depth) {
    if (TakeStructured(from, from) || TakeNested(from) || TakeJournal(from) || TakeDocker(from) ||
        TakeText(from)) {
      return true;
    }
    if (depth >= kDepthMax) return false;
    bool any = false;
    for (const auto [key, value] : from) {
      object inside;
      if (value.get(inside) == simdjson::SUCCESS) any |= Visit(inside, depth + 1);
      simdjson::dom::array list;
      if (value.get(list) != simdjson::SUCCESS) continue;
      for (element each : list) {
        if (each.get(inside) == simdjson::SUCCESS) any |= Visit(inside, depth + 1);
      }
    }
    return any;
  }

  // CloudNativePG: {"logger":"postgres","msg":"record","record":{…}}; Supabase:
  // {"event_message":…,"metadata":[{"parsed":[{…}]}]}.
  bool TakeNested(object from) {
    if (const auto record = ObjectAt(from, "record")) return TakeStructured(*record, from);
    auto metadata = Find(from, "metadata");
    for (int level = 0; metadata && level < 4; ++level) {
      simdjson::dom::array list;
      if (metadata->get(list) == simdjson::SUCCESS) {
        element first;
        if (list.at(0).get(first) != simdjson::SUCCESS) return false;
        metadata = first;
        continue;
      }
      object inside;
      if (metadata->get(inside) != simdjson::SUCCESS) return false;
      if (Find(inside, "error_severity")) return TakeStructured(inside, from);
      metadata = Find(inside, "parsed");
    }
    return false;
  }

  // A record with its fields apart; `outer` may hold its message and its time.
  bool TakeStructured(object from, object outer) {
    if (!Find(from, "error_severity")) return false;
    const bool own = Find(from, "timestamp") && Find(from, "message");
    if (own && Find(from, "dbname")) {
      Give(simdjson::minify(from), 0, 0, false);
      return true;
    }
    JsonWriter json;
    json.BeginObject();
    bool message = false;
    for (const Names& names : kNames) {
      std::string text = TextAt(from, names.key);
      for (const char* other : names.others) {
        if (text.empty() && *other != '\0') text = TextAt(from, other);
      }
      const std::string_view key = names.key;
      if (text.empty() && key == "message") text = TextAt(outer, "event_message");
      if (key == "timestamp") text = ServerTime(text, outer);
      if (key == "remote_host" && Find(from, "connection_from")) {
        text = text.substr(0, std::min(text.rfind(':'), text.size()));
      }
      if (text.empty()) continue;
      message |= key == "message";
      json.Field(key, text);
    }
    std::string pid = TextAt(from, "pid");
    if (pid.empty()) pid = TextAt(from, "process_id");
    json.Field("pid", static_cast<int64_t>(std::strtoll(pid.c_str(), nullptr, 10)));
    json.EndObject();
    if (!message) return false;
    Give(json.Take(), 0, 0, false);
    return true;
  }

  static std::string ServerTime(const std::string& text, object outer) {
    size_t size = 0;
    if (ReadIsoTime(text, &size) && text.size() > size && text[10] == ' ') return text;
    int64_t time = TimeOf(text);
    if (time == 0) time = TimeIn(outer);
    if (time == 0) return text;
    return absl::FormatTime("%Y-%m-%d %H:%M:%E6S UTC", absl::FromUnixMicros(time),
                            absl::UTCTimeZone());
  }

  bool TakeJournal(object from) {
    const auto value = Find(from, "MESSAGE");
    if (!value) return false;
    std::string text = TextOf(*value);
    simdjson::dom::array bytes;
    if (value->get(bytes) == simdjson::SUCCESS) {  // What is not UTF-8 is given as numbers.
      for (element each : bytes) {
        text += static_cast<char>(std::strtol(TextOf(each).c_str(), nullptr, 10));
      }
    }
    std::string pid = TextAt(from, "SYSLOG_PID");
    if (pid.empty()) pid = TextAt(from, "_PID");
    Give(text, TimeIn(from), static_cast<uint32_t>(std::strtoul(pid.c_str(), nullptr, 10)), true);
    return true;
  }

  // Shippers take the newlines off: a text that begins as the stream's first did ("2026-11-"), or
  // with a tab, is no part of the line before it.
  static bool IsNextLine(std::string_view first, std::string_view text) {
    constexpr size_t kHead = 8;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.starts_with('\t')) return true;
    if (first.size() < kHead || text.size() < kHead || !digit(first.front())) return false;
    for (size_t i = 0; i < kHead; ++i) {
      if (first[i] != text[i] && !(digit(first[i]) && digit(text[i]))) return false;
    }
    return true;
  }

  bool TakeDocker(object from) {
    const auto value = Find(from, "log");
    std::string_view text;
    if (!value || value->get(text) != simdjson::SUCCESS) return false;
    const int64_t time_us = TimeIn(from);
    const std::string stream = TextAt(from, "stream");
    Joined& joined = joined_[stream];
    const bool ends = text.ends_with('\n') || stream.empty();
    std::string& head = heads_[stream];
    if (head.empty()) head = text.substr(0, 8);
    if (joined.first.bytes != 0 && IsNextLine(head, text)) EmitJoined(&joined);
    if (joined.first.bytes == 0 && ends) {
      Give(text, time_us, 0, false);
      return true;
    }
    if (joined.first.bytes == 0) {
      joined.first = piece_;
      joined.first.time_us = time_us;
    } else {
      joined.first.bytes += piece_.bytes;
    }
    joined.text.append(text);
    given_ = true;
    if (ends || joined.text.size() > kJoinedBytesMax) EmitJoined(&joined);
    return true;
  }
  void EmitJoined(Joined* joined) {
    while (joined->text.ends_with('\n') || joined->text.ends_with('\r')) joined->text.pop_back();
    joined->first.text = joined->text;
    next_->Take(joined->first);
    *joined = Joined{};
  }

  // The server's text under one of the names that hosters and log stores give it.
  bool TakeText(object from) {
    const auto properties = ObjectAt(from, "properties");
    if (properties && TakeAzure(*properties, from)) return true;
    for (const char* key : {"textPayload", "event_message", "line", "@message", "message", "msg",
                            "Message", "record_message_s", "text", "body", "_raw"}) {
      const auto value = Find(from, key);
      std::string_view text;
      if (!value || value->get(text) != simdjson::SUCCESS || text.empty()) continue;
      // Records of the programs around it have such keys too.
      const bool server = text.starts_with('{') || text.starts_with('\t') ||
                          FindSeverity(text) != text.npos || ReadsAsTime(text);
      if (!server) continue;
      Give(text, TimeIn(from), 0, false);
      return true;
    }
    return false;
  }
  static bool ReadsAsTime(std::string_view text) {
    size_t size = 0;
    return ReadIsoTime(text, &size).has_value();
  }

  // {"properties":{"timestamp","processId","errorLevel","sqlerrcode","message","detail"…}}. The
  // message is the line with its prefix; single servers give prefix and level apart.
  bool TakeAzure(object properties, object from) {
    std::string text = TextAt(properties, "message");
    if (text.empty()) return false;
    const std::string level = TextAt(properties, "errorLevel");
    if (FindSeverity(text) == std::string::npos) {
      if (level.empty()) return false;
      text.insert(0, TextAt(properties, "prefix") + level + ":  ");
    }
    const std::string front = text.substr(0, FindSeverity(text));
    for (const auto& [key, label] : {std::pair<const char*, const char*>{"detail", "DETAIL"},
                                     {"hint", "HINT"},
                                     {"context", "CONTEXT"},
                                     {"statement", "STATEMENT"}}) {
      std::string part = TextAt(properties, key);
      if (part.empty() || text.find(std::string(label) + ":  ") != std::string::npos) continue;
      for (size_t at = 0; (at = part.find('\n', at)) != std::string::npos; at += 2) {
        part.insert(at + 1, "\t");
      }
      text.append("\n").append(front).append(label).append(":  ").append(part);
    }
    const std::string pid = TextAt(properties, "processId");
    int64_t time_us = TimeOf(TextAt(properties, "timestamp"));
    if (time_us == 0) time_us = TimeIn(from);
    Give(text, time_us, static_cast<uint32_t>(std::strtoul(pid.c_str(), nullptr, 10)), false);
    return true;
  }

  simdjson::dom::parser parser_;
  LogPiece piece_;
  bool given_ = false;
  std::map<std::string, Joined> joined_;      // Docker's parts of lines, by stream.
  std::map<std::string, std::string> heads_;  // How each stream's first text begins.
};

}  // namespace

std::unique_ptr<UnwrapStage> MakeJsonStage(UnwrapStage* next) {
  return std::make_unique<JsonStage>(next);
}

}  // namespace pgsift
