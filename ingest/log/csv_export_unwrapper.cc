// Logs in the CSV that log stores export: a line of column names, then a row for each message.
// Azure Log Analytics (AzureDiagnostics, PGSQLServerLogs), CloudWatch Logs Insights, and others
// that have a column of times and one of messages. Each row is handed on as an object of JSON.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "ingest/log/log_clock.h"
#include "ingest/log/unwrapper.h"

namespace pgsift {
namespace {

// What a column is for, and the names that stores give it, in lower case.
struct Column {
  const char* key;
  std::array<std::string_view, 8> names;
};
constexpr Column kColumns[] = {
    {"timestamp",
     {"timegenerated [utc]", "timegenerated", "@timestamp", "timestamp", "time", "eventtime",
      "timestamp [utc]", "logtimestamp"}},
    {"message",
     {"message", "logmessage", "message_s", "@message", "textpayload", "event_message",
      "logmessage_s", "log_message"}},
    {"errorLevel", {"errorlevel", "errorlevel_s"}},
    {"processId", {"processid", "processid_d", "processid_s", "process_id"}},
    {"prefix", {"prefix", "prefix_s"}},
    {"detail", {"detail", "detail_s"}},
    {"hint", {"hint", "hint_s"}},
    {"context", {"context", "context_s"}},
    {"statement", {"statement", "statement_s"}},
};
constexpr size_t kNoColumn = std::size(kColumns);

size_t ColumnOf(std::string_view name) {
  const std::string lower = Lower(Trim(name));
  for (size_t i = 0; i < std::size(kColumns); ++i) {
    for (std::string_view known : kColumns[i].names) {
      if (!known.empty() && lower == known) return i;
    }
  }
  return kNoColumn;
}

std::vector<std::string> Fields(std::string_view row) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < row.size(); ++i) {
    const char c = row[i];
    if (c == '"' && quoted && i + 1 < row.size() && row[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"' && (quoted || fields.back().empty())) {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r' || quoted) {
      fields.back() += c;
    }
  }
  return fields;
}

// "5/31/2024, 10:00:00.123 PM", as Azure's portal writes UTC: month first, unless that cannot be.
// The text as it is where it has another form.
std::string AsIsoTime(const std::string& text) {
  std::array<int, 6> numbers{};
  int used = 0;
  if (std::sscanf(text.c_str(), "%d/%d/%d%*[, ]%d:%d:%d%n", &numbers[0], &numbers[1], &numbers[2],
                  &numbers[3], &numbers[4], &numbers[5], &used) != 6 ||
      used == 0) {
    return text;
  }
  auto [month, day, year, hour, minute, second] = numbers;
  if (month > 12) std::swap(month, day);
  std::string rest = text.substr(static_cast<size_t>(used));
  std::string fraction;
  if (rest.starts_with('.')) {
    const size_t end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    fraction = rest.substr(0, end);
    rest = rest.substr(end);
  }
  const std::string half = Lower(Trim(rest));
  if (half == "pm" && hour < 12) hour += 12;
  if (half == "am" && hour == 12) hour = 0;
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d%sZ", year, month, day, hour, minute, second,
                         fraction);
}

class CsvExportStage : public UnwrapStage {
 public:
  using UnwrapStage::UnwrapStage;

  void Take(const LogPiece& piece) override {
    const std::string_view text = Trim(piece.text);
    if (text.empty()) return next_->Take(piece);
    const std::vector<std::string> fields = Fields(text);
    LogPiece inner = piece;
    if (columns_.empty()) {
      for (const std::string& name : fields) columns_.push_back(ColumnOf(name));
      inner.text = {};  // The names of the columns are no message, and no damage.
      return next_->Take(inner);
    }
    if (fields.size() != columns_.size()) return next_->Skip(piece);
    std::array<std::string, std::size(kColumns)> values;
    for (size_t i = 0; i < fields.size(); ++i) {
      if (columns_[i] != kNoColumn && values[columns_[i]].empty()) values[columns_[i]] = fields[i];
    }
    values[0] = AsIsoTime(values[0]);
    JsonWriter json;
    json.BeginObject().Field("time", values[0]).Key("properties").BeginObject();
    for (size_t i = 0; i < values.size(); ++i) {
      if (!values[i].empty()) json.Field(kColumns[i].key, values[i]);
    }
    json.EndObject();
    json.EndObject();
    const std::string object = json.Take();
    inner.text = object;
    next_->Take(inner);
  }

 private:
  std::vector<size_t> columns_;  // What each of the file's columns is for.
};

}  // namespace

std::unique_ptr<UnwrapStage> MakeCsvExportStage(UnwrapStage* next) {
  return std::make_unique<CsvExportStage>(next);
}

bool IsCsvExportHeader(std::string_view line) {
  bool time = false;
  bool message = false;
  for (const std::string& name : Fields(Trim(line))) {
    const size_t column = ColumnOf(name);
    time = time || column == 0;
    message = message || column == 1;
  }
  return time && message;
}

}  // namespace pgsift
