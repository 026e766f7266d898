// Headers of system loggers, and the messages that PostgreSQL cut into several for them.

#include <algorithm>
#include <array>
#include <deque>

#include "absl/container/flat_hash_map.h"
#include "ingest/log/log_clock.h"
#include "ingest/log/prefix.h"
#include "ingest/log/unwrapper.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

// PostgreSQL cuts messages at this many bytes (PG_SYSLOG_LIMIT, 900), less a character's bytes.
constexpr size_t kCutBytes = 890;
// So many lines of other processes may stand between the parts of one message.
constexpr uint64_t kApartMax = 1000;
constexpr size_t kOpenMax = 512;
constexpr int64_t kSecond = 1'000'000;

struct Header {
  int64_t time_us = 0;
  bool yearless = false;
  uint32_t pid = 0;
  std::string_view text;
};

bool TakeNumber(std::string_view* text, uint32_t* number) {
  size_t size = 0;
  uint64_t value = 0;
  for (; size < text->size() && size < 9 && IsDigit((*text)[size]); ++size) {
    value = value * 10 + static_cast<uint64_t>((*text)[size] - '0');
  }
  *number = static_cast<uint32_t>(value);
  text->remove_prefix(size);
  return size > 0;
}

std::string_view TakeWord(std::string_view* text) {
  const size_t end = std::min(text->find(' '), text->size());
  const std::string_view word = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  return word;
}

// "Nov  3 22:35:14 ": without a year, so within the year 2000, which has all days.
bool TakeBsdTime(std::string_view* text, int64_t* time_us) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text->size() < 16 || (*text)[3] != ' ' || (*text)[6] != ' ' || (*text)[9] != ':' ||
      (*text)[12] != ':' || (*text)[15] != ' ') {
    return false;
  }
  const auto month = std::find(kMonths.begin(), kMonths.end(), text->substr(0, 3));
  if (month == kMonths.end()) return false;
  const auto two = [&](size_t at) {
    const char tens = (*text)[at] == ' ' ? '0' : (*text)[at];
    return IsDigit(tens) && IsDigit((*text)[at + 1]) ? (tens - '0') * 10 + (*text)[at + 1] - '0'
                                                     : -1;
  };
  const int day = two(4), hour = two(7), minute = two(10), second = two(13);
  if (day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0) {
    return false;
  }
  *time_us = EpochMicroseconds(2000, static_cast<unsigned>(month - kMonths.begin()) + 1,
                               static_cast<unsigned>(day), (hour * 60 + minute) * 60 + second);
  text->remove_prefix(16);
  return true;
}

// "postgres[77]", "postgres.77" (Heroku), "77": its last number.
uint32_t PidOf(std::string_view word) {
  while (!word.empty() && !IsDigit(word.back())) word.remove_suffix(1);
  size_t begin = word.size();
  while (begin > 0 && IsDigit(word[begin - 1])) --begin;
  word.remove_prefix(begin);
  uint32_t pid = 0;
  TakeNumber(&word, &pid);
  return pid;
}

// The structured data of RFC 5424: "-" or "[id name="value"]…".
bool TakeStructured(std::string_view* text) {
  if (text->starts_with("- ")) return text->remove_prefix(2), true;
  if (*text == "-") return *text = {}, true;
  if (!text->starts_with('[')) return true;  // Heroku leaves it out.
  if (text->find("=\"") > text->find(']')) return true;
  bool quoted = false;
  for (size_t i = 0; i < text->size(); ++i) {
    const char c = (*text)[i];
    if (c == '\\' && quoted) {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ']' && !quoted && (i + 1 == text->size() || (*text)[i + 1] == ' ')) {
      text->remove_prefix(std::min(i + 2, text->size()));
      return true;
    }
  }
  return false;
}

bool ReadHeader(std::string_view line, Header* header) {
  bool priority = false;
  if (line.starts_with('<')) {
    line.remove_prefix(1);
    uint32_t value = 0;
    if (!TakeNumber(&line, &value) || !line.starts_with('>')) return false;
    line.remove_prefix(1);
    priority = true;
  }
  const bool rfc5424 = priority && line.starts_with("1 ");
  if (rfc5424) line.remove_prefix(2);
  size_t size = 0;
  if (TakeBsdTime(&line, &header->time_us)) {
    header->yearless = true;
  } else if (const auto time = ReadIsoTime(line, &size);
             time && line[10] == 'T' && size < line.size() && line[size] == ' ') {
    header->time_us = *time;
    line.remove_prefix(size + 1);
  } else {
    return false;
  }
  if (rfc5424) {
    TakeWord(&line);  // Host, then the program.
    TakeWord(&line);
    header->pid = PidOf(TakeWord(&line));
    TakeWord(&line);  // Kind of message.
    if (!TakeStructured(&line)) return false;
    if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    header->text = line;
    return true;
  }
  // "host program[pid]: ", the host may lack.
  for (int word = 0; word < 3; ++word) {
    const std::string_view tag = TakeWord(&line);
    if (tag.ends_with("]:") || (word > 0 && tag.ends_with(':'))) {
      header->pid = tag.ends_with("]:") ? PidOf(tag) : 0;
      header->text = line;
      return true;
    }
  }
  return false;
}

class SyslogStage : public UnwrapStage {
 public:
  SyslogStage(int64_t now_us, UnwrapStage* next) : UnwrapStage(next), now_us_(now_us) {}

  void Take(const LogPiece& piece) override {
    Header header;
    if (!ReadHeader(piece.text, &header)) {
      // With syslog_split_messages = off, the rest of a message may have real newlines.
      LogPiece rest = piece;
      rest.system_log = true;
      rest.pid = pid_;
      if (piece.text.starts_with('\t')) return next_->Take(rest);
      return next_->Skip(piece);
    }
    LogPiece inner = piece;
    inner.text = header.text;
    inner.pid = header.pid;
    inner.time_us = header.yearless ? WithYear(header.time_us) : header.time_us;
    inner.system_log = true;
    pid_ = header.pid;
    next_->Take(inner);
  }

 private:
  // The latest year in which the time is not past the end of the log, a day's error allowed.
  int64_t WithYear(int64_t time_us) const {
    constexpr int64_t kDay = 86400 * kSecond;
    const int64_t in_year = time_us - EpochMicroseconds(2000, 1, 1, 0);
    const int day = static_cast<int>(in_year / kDay);
    for (int year = 1970 + static_cast<int>(now_us_ / kDay / 365) + 1;; --year) {
      const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
      // The 29th of February is day 59 of a leap year.
      const int64_t shift = !leap && day > 59 ? kDay : 0;
      const int64_t time = EpochMicroseconds(year, 1, 1, 0) + in_year - shift;
      if (time <= now_us_ + kDay || year <= 1970) return time;
    }
  }

  const int64_t now_us_;
  uint32_t pid_ = 0;
};

// Puts the parts of a message together again: "[7-1] text", "[7-2] text"; or "[1] text", "[2] text"
// without syslog_sequence_numbers. Messages leave in the order in which they began.
class ChunkJoiner : public UnwrapStage {
 public:
  using UnwrapStage::UnwrapStage;

  void Take(const LogPiece& piece) override {
    if (!piece.system_log) return next_->Take(piece);
    ++lines_;
    std::string_view text = piece.text;
    // Heroku puts the database's name first.
    if (text.starts_with('[') && text.size() > 1 && text[1] >= 'A' && text[1] <= 'Z') {
      const size_t close = text.find("] ");
      if (close != text.npos) text.remove_prefix(close + 2);
    }
    uint32_t sequence = 0, chunk = 0;
    const bool numbered = TakeMark(&text, &sequence, &chunk);
    std::string plain = Unescaped(text);
    const bool severe = FindSeverity(plain) != std::string::npos;
    const auto open = open_.find(piece.pid);
    const bool known = open != open_.end();
    if (numbered && chunk > 1 && !severe) {
      if (!known || open->second->sequence != sequence) return Drop(piece);
      Append(open->second, piece, plain);
    } else if (numbered && chunk > 1 && known && open->second->sequence == sequence) {
      Append(open->second, piece, plain);  // DETAIL, STATEMENT …
    } else if (!numbered && plain.starts_with('\t')) {
      if (!known) return Drop(piece);
      Append(open->second, piece, plain);
    } else if (!numbered && !severe) {
      return Drop(piece);  // Of another program.
    } else {
      Begin(piece, sequence, std::move(plain));
    }
    Flush(false);
  }
  void Skip(const LogPiece& piece) override { Drop(piece); }
  void Finish() override {
    Flush(true);
    next_->Finish();
  }

 private:
  struct Message {
    LogPiece first;
    std::string text;
    size_t last_size = 0;  // Of the part that came last.
    uint32_t sequence = 0;
    uint64_t began = 0;
    bool closed = false;
    bool dropped = false;
  };

  static bool TakeMark(std::string_view* text, uint32_t* sequence, uint32_t* chunk) {
    std::string_view rest = *text;
    if (!rest.starts_with('[')) return false;
    rest.remove_prefix(1);
    if (!TakeNumber(&rest, chunk)) return false;
    if (rest.starts_with('-')) {
      rest.remove_prefix(1);
      *sequence = *chunk;
      if (!TakeNumber(&rest, chunk)) return false;
    }
    if (!rest.starts_with(']')) return false;
    rest.remove_prefix(1);
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    *text = rest;
    return true;
  }

  // rsyslog writes control characters as #ooo.
  static std::string Unescaped(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '#' && text.substr(i, 3) == "#01" && i + 3 < text.size() &&
          text[i + 3] >= '1' && text[i + 3] <= '5') {
        plain += static_cast<char>(8 + text[i + 3] - '0');
        i += 3;
      } else {
        plain += text[i];
      }
    }
    return plain;
  }

  void Drop(const LogPiece& piece) {
    Message& message = messages_.emplace_back();
    message.first = piece;
    message.closed = message.dropped = true;
    message.began = lines_;
    Flush(false);
  }

  void Begin(const LogPiece& piece, uint32_t sequence, std::string text) {
    if (const auto before = open_.find(piece.pid); before != open_.end()) {
      before->second->closed = true;
    }
    Message& message = messages_.emplace_back();
    message.first = piece;
    message.last_size = text.size();
    message.text = std::move(text);
    message.sequence = sequence;
    message.began = lines_;
    open_[piece.pid] = &message;
  }

  // A part that begins with a tab or a label is a line of its own; one that goes on where the last
  // was cut keeps its space.
  void Append(Message* message, const LogPiece& piece, const std::string& part) {
    const bool cut = message->last_size >= kCutBytes && FindSeverity(part) == std::string::npos;
    const bool goes_on = part.starts_with(' ') || (cut && !part.starts_with('\t'));
    if (!goes_on) message->text += '\n';
    message->text += part;
    message->last_size = part.size();
    message->first.bytes += piece.bytes;
  }

  void Flush(bool all) {
    while (!messages_.empty()) {
      Message& message = messages_.front();
      const bool old = lines_ - message.began > kApartMax || messages_.size() > kOpenMax;
      if (!message.closed && !old && !all) return;
      if (message.dropped) {
        next_->Skip(message.first);
      } else {
        const auto open = open_.find(message.first.pid);
        if (open != open_.end() && open->second == &message) open_.erase(open);
        message.first.text = message.text;
        next_->Take(message.first);
      }
      messages_.pop_front();
    }
  }

  std::deque<Message> messages_;                  // In the order in which they began.
  absl::flat_hash_map<uint32_t, Message*> open_;  // By process.
  uint64_t lines_ = 0;
};

}  // namespace

bool IsSyslogLine(std::string_view line) {
  Header header;
  return ReadHeader(line, &header);
}

std::unique_ptr<UnwrapStage> MakeSyslogStage(int64_t now_us, UnwrapStage* next) {
  return std::make_unique<SyslogStage>(now_us, next);
}
std::unique_ptr<UnwrapStage> MakeChunkJoiner(UnwrapStage* next) {
  return std::make_unique<ChunkJoiner>(next);
}

}  // namespace pgsift
