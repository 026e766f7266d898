#include "ingest/log/csv_reader.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/text.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

enum Column : size_t {
  kTime,
  kUser,
  kDatabase,
  kPid,
  kClient,
  kSession,
  kLine,
  kTag,
  kStart,
  kVirtualTransaction,
  kTransaction,
  kSeverity,
  kState,
  kMessage,
  kDetail,
  kHint,
  kInternalQuery,
  kInternalPosition,
  kContext,
  kQuery,
  kQueryPosition,
  kLocation,
  kApplication,
  kBackend,
  kLeader,
  kQueryId,
};
constexpr size_t kColumnsMin = 22;  // Before 9.0.

bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }

// The first `a` or `b` from `at` on, or `end`. Fields are short: a call of memchr costs more than
// they do.
const char* FindEither(const char* at, const char* end, char a, char b) {
#ifdef __SSE2__
  const __m128i all_a = _mm_set1_epi8(a), all_b = _mm_set1_epi8(b);
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, all_a), _mm_cmpeq_epi8(bytes, all_b));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#endif
  while (at < end && *at != a && *at != b) ++at;
  return at;
}

// Walks the first columns of a record. Failing once fails all that follows.
class Probe {
 public:
  explicit Probe(std::string_view text) : rest_(text) {}
  bool Comma() { return Char(','); }
  bool Char(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool Quoted() {  // Or nothing.
    if (!Char('"')) return true;
    for (;;) {
      const char* const end = rest_.data() + rest_.size();
      const auto quote =
          static_cast<size_t>(FindEither(rest_.data(), end, '"', '\n') - rest_.data());
      if (quote == rest_.size() || rest_[quote] == '\n') return false;
      rest_.remove_prefix(quote + 1);
      if (!Char('"')) return true;
    }
  }
  template <typename Is>
  bool Some(const Is& is) {
    size_t size = 0;
    while (size < rest_.size() && is(rest_[size])) ++size;
    rest_.remove_prefix(size);
    return size > 0;
  }

 private:
  std::string_view rest_;
};

bool ReadLevel(std::string_view name, LogLevel* level) {
  for (size_t i = 0; i <= static_cast<size_t>(LogLevel::kPanic); ++i) {
    *level = static_cast<LogLevel>(i);
    if (LogLevelName(*level) == name) return true;
  }
  *level = LogLevel::kDebug;
  return name.starts_with("DEBUG");
}

bool BeginsRecord(std::string_view text, size_t at, LogClock* clock) {
  int64_t time = 0;
  const char* const begin = text.data() + at;
  const char* const end = text.data() + text.size();
  const char* after = clock->Read(begin, end, &time);
  if (after == nullptr) return false;
  Probe probe({after, static_cast<size_t>(end - after)});
  return probe.Comma() && probe.Quoted() && probe.Comma() && probe.Quoted() && probe.Comma() &&
         probe.Some(IsDigit) && probe.Comma() && probe.Quoted() && probe.Comma() &&
         probe.Some(IsHex) && probe.Char('.') && probe.Some(IsHex) && probe.Comma() &&
         probe.Some(IsDigit) && probe.Comma();
}

}  // namespace

bool BeginsCsvRecord(std::string_view text, size_t at) {
  LogClock clock;
  return BeginsRecord(text, at, &clock);
}

// Sets *end to just past the record's newline. False if it is torn: a quote is not closed, or there
// are too few columns.
bool CsvReader::ReadFields(size_t begin, Fields* fields, size_t* end) {
  const char* const block_end = block_.data() + block_.size();
  const auto find = [&](size_t from, char a, char b) {
    return static_cast<size_t>(FindEither(block_.data() + from, block_end, a, b) - block_.data());
  };
  size_t at = begin;
  for (size_t column = 0;; ++column) {
    std::string_view field;
    if (at < block_.size() && block_[at] == '"') {
      const size_t start = ++at;
      bool doubled = false;
      for (;;) {
        at = find(at, '"', '"');
        if (at == block_.size()) return false;
        if (at + 1 >= block_.size() || block_[at + 1] != '"') break;
        doubled = true;
        at += 2;
      }
      field = block_.substr(start, at - start);
      ++at;
      if (doubled && column < kColumnsMax) {
        std::string& copy = unescaped_[column];
        copy.clear();
        for (size_t i = 0; i < field.size(); ++i) {
          copy += field[i];
          i += field[i] == '"';
        }
        field = copy;
      }
    } else {
      const size_t start = at;
      at = find(at, ',', '\n');
      field = block_.substr(start, at - start);
      if (at < block_.size() && block_[at] == '\n' && field.ends_with('\r')) field.remove_suffix(1);
    }
    if (column < kColumnsMax) (*fields)[column] = field;
    if (at < block_.size() && block_[at] == ',') {
      ++at;
      continue;
    }
    if (at < block_.size() && block_[at] == '\r') ++at;
    if (at < block_.size() && block_[at] != '\n') return false;
    *end = std::min(at + 1, block_.size());
    return column + 1 >= kColumnsMin;
  }
}

bool CsvReader::Fill(const Fields& fields, LogRecord* record) {
  LogRecord read;
  // The clock wants to see that the time zone ends.
  std::array<char, 64> time;
  const size_t time_size = std::min(fields[kTime].size(), time.size() - 1);
  std::memcpy(time.data(), fields[kTime].data(), time_size);
  time[time_size] = ' ';
  if (!ReadLevel(fields[kSeverity], &read.level) &&
      (language_ == nullptr || !language_->ReadLevel(fields[kSeverity], &read.level))) {
    return false;
  }
  read.has_time = clock_.Read(time.data(), time.data() + time_size + 1, &read.time_us) != nullptr;
  for (char c : fields[kPid]) {
    if (IsDigit(c)) read.pid = read.pid * 10 + static_cast<uint32_t>(c - '0');
  }
  read.user = fields[kUser];
  read.database = fields[kDatabase];
  read.client = fields[kClient];
  // "host:port"; an address of version 6 holds colons of its own.
  if (const size_t port = read.client.rfind(':'); port != read.client.npos) {
    read.client = read.client.substr(0, port);
  }
  read.session_id = fields[kSession];
  read.command_tag = fields[kTag];
  read.virtual_transaction = fields[kVirtualTransaction];
  read.transaction_id = fields[kTransaction];
  read.sqlstate = fields[kState];
  read.message = fields[kMessage];
  read.detail = fields[kDetail];
  read.hint = fields[kHint];
  read.internal_query = fields[kInternalQuery];
  read.context = fields[kContext];
  read.statement = fields[kQuery];
  read.application = fields[kApplication];
  read.backend_type = fields[kBackend];
  read.query_id = fields[kQueryId];
  *record = read;
  return true;
}

void CsvReader::SkipLine() {
  if (!skipping_) {
    skipping_ = true;
    ++damage_.records;
    if (damage_.first_line == 0) damage_.first_line = lines_ + 1;
  }
  const size_t end = std::min(block_.find('\n', at_), block_.size() - 1) + 1;
  damage_.bytes += end - at_;
  AddRange(at_, end, skipped_);
  ++lines_;
  at_ = end;
}

bool CsvReader::Next(LogRecord* record) {
  while (at_ < block_.size()) {
    size_t end = 0;
    Fields fields;
    if (!BeginsRecord(block_, at_, &probe_clock_) || !ReadFields(at_, &fields, &end) ||
        !Fill(fields, record)) {
      SkipLine();
      continue;
    }
    skipping_ = false;
    record->offset = offset_ + at_;
    record->line = lines_;
    const std::string_view bytes = block_.substr(at_, end - at_);
    lines_ += CountNewlines(bytes);
    lines_ += bytes.back() != '\n';
    ++records_;
    record_bytes_ += bytes.size();
    at_ = end;
    return true;
  }
  return false;
}

}  // namespace pgsift
