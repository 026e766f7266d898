#include "ingest/log/prefix.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "ingest/log/mix.h"
#include "ingest/log/same_bytes.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

// Prefixes are short. What is longer than this is a line that has none.
constexpr std::ptrdiff_t kPrefixBytesMax = 1024;
// Text fields may hold what the next literal is; each wrong end costs one attempt.
constexpr int kAttemptsMax = 400;

bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }
bool IsHostByte(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == ':' ||
         c == '-' || c == '_' || c == '%';
}

struct Word {
  std::string_view text;  // With its colon.
  LinePart part;
  LogLevel level;
};
constexpr std::array<Word, 15> kWords = {{
    {"LOG:", LinePart::kRecord, LogLevel::kLog},
    {"ERROR:", LinePart::kRecord, LogLevel::kError},
    {"STATEMENT:", LinePart::kStatement, LogLevel::kLog},
    {"DETAIL:", LinePart::kDetail, LogLevel::kLog},
    {"HINT:", LinePart::kHint, LogLevel::kLog},
    {"CONTEXT:", LinePart::kContext, LogLevel::kLog},
    {"QUERY:", LinePart::kQuery, LogLevel::kLog},
    {"LOCATION:", LinePart::kOther, LogLevel::kLog},
    {"BACKTRACE:", LinePart::kOther, LogLevel::kLog},
    {"WARNING:", LinePart::kRecord, LogLevel::kWarning},
    {"FATAL:", LinePart::kRecord, LogLevel::kFatal},
    {"PANIC:", LinePart::kRecord, LogLevel::kPanic},
    {"NOTICE:", LinePart::kRecord, LogLevel::kNotice},
    {"INFO:", LinePart::kRecord, LogLevel::kInfo},
    {"DEBUG:", LinePart::kRecord, LogLevel::kDebug},
}};

const char* AfterWord(const char* at, const char* end) {
  // The server writes two spaces; shippers sometimes squeeze them, or trim an empty text.
  for (int i = 0; i < 2 && at < end && *at == ' '; ++at) ++i;
  return at;
}

const char* SkipDigits(const char* at, const char* end) {
  while (at < end && IsDigit(*at)) ++at;
  return at;
}

std::string_view View(const char* begin, const char* end) {
  return {begin, static_cast<size_t>(end - begin)};
}

// %n: "1700000000.123", in microseconds. nullptr if none stands at `at`.
const char* ReadEpoch(const char* at, const char* end, int64_t* time_us) {
  const char* stop = at;
  int64_t time = 0;
  for (; stop < end && IsDigit(*stop) && stop - at < 12; ++stop) time = time * 10 + (*stop - '0');
  if (stop - at < 9) return nullptr;
  int64_t scale = 1'000'000;
  time *= scale;
  if (stop < end && *stop == '.') {
    for (++stop; stop < end && IsDigit(*stop); ++stop) time += (*stop - '0') * (scale /= 10);
  }
  *time_us = time;
  return stop;
}

// %c: hexadecimal start time, point, hexadecimal process.
const char* SkipSession(const char* at, const char* end) {
  const char* stop = at;
  while (stop < end && IsHex(*stop)) ++stop;
  if (stop == at || stop == end || *stop != '.') return nullptr;
  for (++stop; stop < end && IsHex(*stop);) ++stop;
  return stop;
}

// Sets the record's field that a text escape stands for.
void SetField(char escape, std::string_view text, LogRecord* record) {
  if (text == "[unknown]") text = {};
  switch (escape) {
    case 'a':
      record->application = text;
      return;
    case 'u':
      record->user = text;
      return;
    case 'd':
      record->database = text;
      return;
    case 'b':
      record->backend_type = text;
      return;
    case 'i':
      record->command_tag = text;
      return;
    default:
      return;
  }
}

}  // namespace

const char* ReadSeverity(const char* begin, const char* end, LinePart* part, LogLevel* level,
                         const Language* language) {
  if (end - begin < 4) return nullptr;
  const size_t left = static_cast<size_t>(end - begin);
  // Nearly every line of a busy log.
  if (std::memcmp(begin, "LOG:", 4) == 0) {
    *part = LinePart::kRecord;
    *level = LogLevel::kLog;
    return AfterWord(begin + 4, end);
  }
  for (const Word& word : kWords) {
    if (*begin != word.text.front()) continue;
    if (left >= word.text.size() && std::memcmp(begin, word.text.data(), word.text.size()) == 0) {
      *part = word.part;
      *level = word.level;
      return AfterWord(begin + word.text.size(), end);
    }
  }
  // DEBUG1 to DEBUG5: the client's spelling, which some forks print in the log too.
  if (left >= 7 && std::memcmp(begin, "DEBUG", 5) == 0 && IsDigit(begin[5]) && begin[6] == ':') {
    *part = LinePart::kRecord;
    *level = LogLevel::kDebug;
    return AfterWord(begin + 7, end);
  }
  if (language == nullptr) return nullptr;
  const Language::Word* word = language->WordAt(begin, end);
  if (word == nullptr) return nullptr;
  *part = word->part;
  *level = word->level;
  return AfterWord(begin + word->text.size(), end);
}

// One attempt to match a line: what stays the same while the matchers recurse.
struct LinePrefix::Walk {
  const char* end = nullptr;
  LogClock* clock = nullptr;
  LogRecord* record = nullptr;
  LinePart* part = nullptr;
  const char* text = nullptr;  // Set by the innermost call when all matched.
  int attempts = 0;
  NamesCache* names = nullptr;
  const char* names_end = nullptr;
};

LinePrefix::Operation LinePrefix::Literal(std::string text) {
  Operation operation{.literal = std::move(text)};
  const size_t size = std::min<size_t>(operation.literal.size(), sizeof(operation.head));
  std::memcpy(&operation.head, operation.literal.data(), size);
  std::memset(&operation.head_mask, 0xff, size);
  return operation;
}

// Whether the literal stands at `at`: one comparison where it is short, as most are.
bool LinePrefix::IsAt(const Operation& operation, const char* at, const char* end) {
  const std::string& literal = operation.literal;
  const auto left = static_cast<size_t>(end - at);
  if (left >= sizeof(uint64_t)) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof(bytes));
    if (((bytes ^ operation.head) & operation.head_mask) != 0) return false;
    if (literal.size() <= sizeof(bytes)) return true;
  }
  return left >= literal.size() && std::memcmp(at, literal.data(), literal.size()) == 0;
}

std::optional<LinePrefix> LinePrefix::Compile(std::string_view format, std::string* error,
                                              const Language* language) {
  LinePrefix prefix;
  prefix.language_ = language;
  prefix.format_ = format;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) prefix.operations_.push_back(Literal(std::move(literal)));
    literal.clear();
  };
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      literal += format[i];
      continue;
    }
    ++i;
    const bool left = i < format.size() && format[i] == '-';
    if (left) ++i;
    int width = 0;
    for (; i < format.size() && IsDigit(format[i]) && width < 1000; ++i) {
      width = width * 10 + (format[i] - '0');
    }
    if (i >= format.size()) {
      *error = "the log_line_prefix ends in the middle of an escape";
      return std::nullopt;
    }
    constexpr std::string_view kEscapes = "audrhLbpPtmniecslvxQq";
    if (format[i] == '%') {
      literal += '%';
    } else if (kEscapes.find(format[i]) != kEscapes.npos) {
      flush();
      prefix.operations_.push_back({.escape = format[i], .width = left ? -width : width});
    }
  }
  flush();
  prefix.FindNames();
  return prefix;
}

void LinePrefix::FindNames() {
  const auto is_text = [](const Operation& operation) {
    return std::string_view("audbirh").find(operation.escape) != std::string_view::npos;
  };
  const auto first = std::find_if(operations_.begin(), operations_.end(), is_text);
  const auto end = std::find_if(first, operations_.end(), [&](const Operation& operation) {
    return operation.escape != 0 && !is_text(operation);
  });
  if (first == end || std::any_of(end, operations_.end(), is_text)) return;
  names_begin_ = static_cast<size_t>(first - operations_.begin());
  names_end_ = static_cast<size_t>(end - operations_.begin());
  names_count_ = static_cast<int>(std::count_if(first, end, is_text));
}

NamesCache::Names& NamesCache::At(uint32_t pid, const char* begin, const char* end) {
  uint64_t key = pid;
  // What tells sessions apart where the process is not known.
  for (int i = 0; i < 2 && end - begin >= 8; ++i, begin += 8) {
    uint64_t word = 0;
    std::memcpy(&word, begin, sizeof(word));
    key = Mix(key, word);
  }
  if (names_.empty()) names_.resize(size_t{1} << kBits);
  return names_[Mix(key, 0) >> (64 - kBits)];
}

const char* LinePrefix::Match(const char* begin, const char* end, LogClock* clock,
                              LogRecord* record, LinePart* part, NamesCache* names) const {
  Walk walk{.end = begin + std::min(end - begin, kPrefixBytesMax),
            .clock = clock,
            .record = record,
            .part = part,
            .names = names};
  return Run(0, begin, &walk) ? walk.text : nullptr;
}

bool LinePrefix::Run(size_t index, const char* at, Walk* walk) const {
  for (; index < operations_.size(); ++index) {
    if (index == names_begin_ && walk->names != nullptr) return Names(at, walk);
    if (index == names_end_) walk->names_end = at;
    const Operation& operation = operations_[index];
    switch (operation.escape) {
      case 0: {
        if (!IsAt(operation, at, walk->end)) return false;
        at += operation.literal.size();
        break;
      }
      case 'q': {
        // A process without a session prints nothing from here on.
        walk->text = ReadSeverity(at, walk->end, walk->part, &walk->record->level, language_);
        if (walk->text != nullptr) return true;
        break;
      }
      case 'a':
      case 'u':
      case 'd':
      case 'b':
      case 'i':
        return Text(index, at, walk);
      case 'r':
      case 'h':
        return Host(index, at, walk);
      default: {
        const char* start = at;
        if (operation.width > 0) {
          while (at < walk->end && *at == ' ' && at - start < operation.width) ++at;
        }
        at = Bounded(operation, at, walk);
        if (at == nullptr) return false;
        if (operation.width < 0) {
          while (at < walk->end && *at == ' ' && at - start < -operation.width) ++at;
        }
      }
    }
  }
  if (index == names_end_) walk->names_end = at;
  walk->text = ReadSeverity(at, walk->end, walk->part, &walk->record->level, language_);
  return walk->text != nullptr;
}

// All text fields at once, if they stand here as they stood in a line before.
bool LinePrefix::Names(const char* at, Walk* walk) const {
  NamesCache& cache = *std::exchange(walk->names, nullptr);
  LogRecord& record = *walk->record;
  NamesCache::Names& known = cache.At(record.pid, at, walk->end);
  const size_t size = known.bytes.size();
  if (known.id != 0 && static_cast<size_t>(walk->end - at) >= size &&
      SameBytes(at, known.bytes.data(), size) && Run(names_end_, at + size, walk)) {
    record.user = known.user;
    record.database = known.database;
    record.application = known.application;
    record.client = known.client;
    record.backend_type = known.backend_type;
    record.command_tag = known.command_tag;
    record.names_id = known.id;
    return true;
  }
  if (!Run(names_begin_, at, walk)) return false;
  // Where each field ended at the first place that came into question, the same bytes are always
  // taken apart so, whatever stands behind them.
  if (walk->attempts != names_count_) return true;
  record.names_id = cache.NextId();
  known = {.bytes = View(at, walk->names_end),
           .user = record.user,
           .database = record.database,
           .application = record.application,
           .client = record.client,
           .backend_type = record.backend_type,
           .command_tag = record.command_tag,
           .id = record.names_id};
  return true;
}

// Fields that end by themselves.
const char* LinePrefix::Bounded(const Operation& operation, const char* at, Walk* walk) {
  const char* const end = walk->end;
  LogRecord& record = *walk->record;
  const char* stop = at;
  switch (operation.escape) {
    case 't':
    case 'm':
      stop = walk->clock->Read(at, end, &record.time_us);
      record.has_time = stop != nullptr;
      return stop;
    case 's': {
      int64_t start_us = 0;
      return walk->clock->Read(at, end, &start_us);
    }
    case 'n':
      stop = ReadEpoch(at, end, &record.time_us);
      record.has_time = stop != nullptr;
      return stop;
    case 'p': {
      uint32_t pid = 0;
      for (; stop < end && IsDigit(*stop) && stop - at < 9; ++stop) {
        pid = pid * 10 + static_cast<uint32_t>(*stop - '0');
      }
      record.pid = pid;
      return stop == at ? nullptr : stop;
    }
    case 'c':
      stop = SkipSession(at, end);
      if (stop != nullptr) record.session_id = View(at, stop);
      return stop;
    case 'e':
      while (stop < end && stop - at < 5 && (IsDigit(*stop) || (*stop >= 'A' && *stop <= 'Z'))) {
        ++stop;
      }
      if (stop - at != 5) return nullptr;
      record.sqlstate = View(at, stop);
      return stop;
    case 'v':
      stop = SkipDigits(at, end);
      if (stop < end && *stop == '/' && stop > at) stop = SkipDigits(stop + 1, end);
      record.virtual_transaction = View(at, stop);
      return stop;
    case 'Q':
      if (stop < end && *stop == '-') ++stop;
      stop = SkipDigits(stop, end);
      record.query_id = View(at, stop);
      return stop;
    case 'x':
      stop = SkipDigits(at, end);
      record.transaction_id = View(at, stop);
      return stop;
    case 'l':
      stop = SkipDigits(at, end);
      return stop == at ? nullptr : stop;
    case 'P':
      return SkipDigits(at, end);
    case 'L':
      if (stop < end && *stop == '[') {
        while (stop < end && *stop != ']') ++stop;
        return stop < end ? stop + 1 : nullptr;
      }
      while (stop < end && IsHostByte(*stop)) ++stop;
      return stop;
    default:
      return nullptr;
  }
}

// A field of any text: it ends where the rest of the prefix matches, the nearest such place.
bool LinePrefix::Text(size_t index, const char* at, Walk* walk) const {
  const Operation& operation = operations_[index];
  const std::string* next = nullptr;
  if (index + 1 < operations_.size() && operations_[index + 1].escape == 0) {
    next = &operations_[index + 1].literal;
  }
  const auto width = static_cast<std::ptrdiff_t>(std::abs(operation.width));
  if (walk->end - at < width) return false;
  for (const char* stop = at + width; stop <= walk->end; ++stop) {
    if (next != nullptr) {
      const size_t left = static_cast<size_t>(walk->end - stop);
      stop = static_cast<const char*>(std::memchr(stop, next->front(), left));
      if (stop == nullptr) return false;
    }
    if (++walk->attempts > kAttemptsMax) return false;
    if (!Run(index + 1, stop, walk)) continue;
    std::string_view text = View(at, stop);
    if (operation.width > 0) text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    while (operation.width < 0 && !text.empty() && text.back() == ' ') text.remove_suffix(1);
    SetField(operation.escape, text, walk->record);
    return true;
  }
  return false;
}

// "[local]", a name, an address of either kind, with "(port)" after it for %r, or nothing.
bool LinePrefix::Host(size_t index, const char* at, Walk* walk) const {
  const Operation& operation = operations_[index];
  const char* const start = at;
  while (operation.width > 0 && at < walk->end && *at == ' ') ++at;
  const auto finish = [&](const char* stop, const char* host_end) {
    if (++walk->attempts > kAttemptsMax) return false;
    const char* padded = stop;
    while (operation.width < 0 && padded < walk->end && *padded == ' ' &&
           padded - start < -operation.width) {
      ++padded;
    }
    if (!Run(index + 1, padded, walk)) return false;
    const std::string_view host = View(at, host_end);
    if (host != "[unknown]") walk->record->client = host;
    return true;
  };
  if (at < walk->end && *at == '[') {
    const auto* close =
        static_cast<const char*>(std::memchr(at, ']', static_cast<size_t>(walk->end - at)));
    // A process without a session prints nothing: the bracket may belong to the next literal.
    if (close != nullptr && finish(close + 1, close + 1)) return true;
  }
  const char* stop = at;
  while (stop < walk->end && IsHostByte(*stop)) ++stop;
  if (operation.escape == 'r' && stop < walk->end && *stop == '(' && stop > at) {
    const char* close = SkipDigits(stop + 1, walk->end);
    if (close < walk->end && *close == ')') return finish(close + 1, stop);
  }
  // Longest first: an address of version 6 may hold the colon that follows it.
  for (; stop >= at; --stop) {
    if (finish(stop, stop)) return true;
  }
  return false;
}

}  // namespace pgsift
