// Finds the log_line_prefix of a log from its text.

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include "ingest/log/prefix.h"

namespace pgsift {
namespace {

constexpr size_t kSampleLinesMax = 2000;
constexpr size_t kInducedLinesMax = 60;

// Prefixes in common use: PostgreSQL's default, distributions', managed services' and the ones that
// log analyzers ask for.
constexpr std::string_view kKnownPrefixes[] = {
    "%m [%p] ",
    "%t [%p] ",
    "%t [%p]: ",
    "%m [%p]: ",
    "%m [%p] %q%u@%d ",
    "%t [%p] %q%u@%d ",
    "%m [%p] %q%u@%d/%a ",
    "%m [%p] %u@%d ",
    "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "%m [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "%t [%p]: user=%u,db=%d,app=%a,client=%h ",
    "%m [%p] user=%u,db=%d,app=%a,client=%h ",
    "%m [%p]: user=%u,db=%d,app=%a,client=%h ",
    "%t [%p]: [%l-1] user=%u,db=%d ",
    "%m [%p]: [%l-1] user=%u,db=%d ",
    "%t [%p]: [%l-1] db=%d,user=%u ",
    "%m [%p]: [%l-1] db=%d,user=%u ",
    "%t [%p]: db=%d,user=%u,app=%a,client=%h ",
    "%m [%p]: [%l] db=%d,user=%u,app=%a,client=%h ",
    "%m [%p]: [%l-1] db=%d,user=%u,app=%a,client=%h ",
    "%t [%p]: [%l-1] db=%d,user=%u,app=%a,client=%h ",
    "%m [%p] %q[user=%u,db=%d,app=%a] ",
    "%m [%p] %q[user=%u,db=%d,app=%a,client=%h] ",
    "%t:%r:%u@%d:[%p]:",
    "%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:",
    "%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a",
    "%m [%p] %r %u %d %a ",
    "%t-%c-",
    "%m %u@%d[%p:%i] %r %a : ",
    "%m [%p] %q%u@%d %h ",
    "%m %r %u %a [%c] [%p] ",
    "%m [%r] [%p] %q[user=%u,db=%d,app=%a] ",
    "%m [%r] [%p] [user=%u,db=%d,app=%a] ",
    "%m [%p] [user=%u,db=%d,app=%a] ",
    "pid=%p,user=%u,db=%d,app=%a,client=%h ",
    "user=%u,db=%d,app=%a,client=%h ",
    "%n %p %a ",
    "%n [%p] ",
    "%t %p ",
    "%m %p ",
    "%m %d %u [%p] ",
    "%m %u %d %h [%p] ",
    "%m [%p] %b ",
    "%m [%p] [%b] ",
    "[%p] ",
    "%t ",
    "%m ",
    "<%m> ",
    "< %m > ",
    "< %m >",
    "<%m [%p]> ",
    "%p ",
    " sql_error_code = %e ",
    "sql_error_code = %e ",
    " sql_error_code = %e time_ms = \"%m\" pid=\"%p\" proc_start_time=\"%s\" session_id=\"%c\" "
    "vtid=\"%v\" tid=\"%x\" log_line=\"%l\" %qdatabase=\"%d\" connection_source=\"%r\" "
    "user=\"%u\" application_name=\"%a\" ",
    "sql_error_code = %e time_ms = \"%m\" pid=\"%p\" proc_start_time=\"%s\" session_id=\"%c\" "
    "vtid=\"%v\" tid=\"%x\" log_line=\"%l\" %qdatabase=\"%d\" connection_source=\"%r\" "
    "user=\"%u\" application_name=\"%a\" ",
    "%m [%p]: [%l-1] db=%d,user=%u,app=%a,client=%h,parent=%P ",
    "[%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "[%p]: [%l-1] db=%d,user=%u,app=%a,client=%h ",
    "",
};

struct SampleLine {
  std::string_view line;
  size_t severity = 0;  // Where its word stands.
};

std::vector<SampleLine> SampleLines(std::string_view sample, const Language* language) {
  std::vector<SampleLine> lines;
  while (!sample.empty() && lines.size() < kSampleLinesMax) {
    const size_t end = std::min(sample.find('\n'), sample.size());
    const std::string_view line = sample.substr(0, end);
    sample.remove_prefix(std::min(end + 1, sample.size()));
    if (line.empty() || line.front() == '\t') continue;
    const size_t at = FindSeverity(line, language);
    if (at != line.npos) lines.push_back({line, at});
  }
  return lines;
}

struct Score {
  uint64_t matched = 0;
  uint64_t fields = 0;  // That were found and not empty, over all lines.
};

// Nothing if fewer than `matched_min` lines match.
std::optional<Score> Rate(const LinePrefix& prefix, const std::vector<SampleLine>& lines,
                          uint64_t matched_min) {
  Score score;
  LogClock clock;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (score.matched + (lines.size() - i) < matched_min) return std::nullopt;
    const std::string_view line = lines[i].line;
    LogRecord record;
    LinePart part;
    const char* text = prefix.Match(line.data(), line.data() + line.size(), &clock, &record, &part);
    if (text == nullptr) continue;
    ++score.matched;
    for (std::string_view field :
         {record.user, record.database, record.application, record.client, record.sqlstate,
          record.session_id, record.backend_type, record.virtual_transaction}) {
      score.fields += !field.empty();
    }
    score.fields += record.has_time + (record.pid != 0);
  }
  if (score.matched < matched_min) return std::nullopt;
  return score;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordByte(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
         c == '-' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

// The escape that a key in front of "=" or ":" names, or 0.
char EscapeOfKey(std::string_view key) {
  constexpr std::pair<std::string_view, char> kKeys[] = {{"user", 'u'},
                                                         {"usr", 'u'},
                                                         {"username", 'u'},
                                                         {"u", 'u'},
                                                         {"db", 'd'},
                                                         {"database", 'd'},
                                                         {"dbname", 'd'},
                                                         {"d", 'd'},
                                                         {"app", 'a'},
                                                         {"application", 'a'},
                                                         {"appname", 'a'},
                                                         {"a", 'a'},
                                                         {"application_name", 'a'},
                                                         {"client", 'h'},
                                                         {"host", 'h'},
                                                         {"remote", 'r'},
                                                         {"h", 'h'},
                                                         {"r", 'r'},
                                                         {"connection_source", 'r'},
                                                         {"pid", 'p'},
                                                         {"p", 'p'},
                                                         {"session", 'c'},
                                                         {"session_id", 'c'},
                                                         {"sess", 'c'},
                                                         {"line", 'l'},
                                                         {"log_line", 'l'},
                                                         {"vxid", 'v'},
                                                         {"vtid", 'v'},
                                                         {"xid", 'x'},
                                                         {"txid", 'x'},
                                                         {"trx", 'x'},
                                                         {"tid", 'x'},
                                                         {"sqlstate", 'e'},
                                                         {"state", 'e'},
                                                         {"err", 'e'},
                                                         {"sql_error_code", 'e'},
                                                         {"query_id", 'Q'},
                                                         {"queryid", 'Q'},
                                                         {"qid", 'Q'},
                                                         {"backend", 'b'},
                                                         {"backend_type", 'b'},
                                                         {"type", 'b'},
                                                         {"cmd", 'i'},
                                                         {"tag", 'i'},
                                                         {"cmdtag", 'i'},
                                                         {"time", 'm'},
                                                         {"ts", 'm'},
                                                         {"start", 's'}};
  for (const auto& [name, escape] : kKeys) {
    if (name == key) return escape;
  }
  return 0;
}

// Writes a format for what stands before the severity word of one line.
class Inducer {
 public:
  std::string Induce(std::string_view text) {
    text_ = text;
    while (at_ < text_.size()) Step();
    return std::move(format_);
  }

 private:
  void Step() {
    if (Time() || KeyValue() || Session() || RemoteHost()) return;
    if (IsDigit(text_[at_])) return Number();
    if (IsWordByte(text_[at_])) return WordField();
    format_ += text_[at_++];
  }

  void Put(char escape) {
    format_ += '%';
    format_ += escape;
  }
  // The first field with this meaning, else the next in the list.
  void PutFirstUnused(std::string_view escapes) {
    for (char escape : escapes) {
      if (used_.insert(escape).second) return Put(escape);
    }
    Put(escapes.back());
  }

  bool Time() {
    int64_t time = 0;
    const char* begin = text_.data() + at_;
    const char* stop = clock_.Read(begin, text_.data() + text_.size(), &time);
    if (stop == nullptr) return false;
    const bool millis = stop - begin > 19 && begin[19] == '.';
    if (used_.insert('t').second) {
      Put(millis ? 'm' : 't');
    } else {
      Put('s');
    }
    at_ += static_cast<size_t>(stop - begin);
    return true;
  }

  bool KeyValue() {
    size_t stop = at_;
    while (stop < text_.size() &&
           ((text_[stop] >= 'a' && text_[stop] <= 'z') || text_[stop] == '_')) {
      ++stop;
    }
    if (stop == at_ || stop >= text_.size() || (text_[stop] != '=' && text_[stop] != ':')) {
      return false;
    }
    const char escape = EscapeOfKey(text_.substr(at_, stop - at_));
    if (escape == 0) return false;
    ++stop;
    while (stop < text_.size() && (text_[stop] == ' ' || text_[stop] == '"')) ++stop;
    if (escape == 'm' || escape == 's') {
      format_.append(text_.substr(at_, stop - at_));
      at_ = stop;
      return Time();
    }
    format_.append(text_.substr(at_, stop - at_));
    Put(escape);
    used_.insert(escape);
    // A value ends at a separator; names may hold spaces, which only the next key tells.
    while (stop < text_.size() && std::strchr(",;|\"]) \t", text_[stop]) == nullptr) ++stop;
    at_ = stop;
    return true;
  }

  // %c: hexadecimal start time, point, hexadecimal pid.
  bool Session() {
    const auto hex = [&](size_t i) {
      return i < text_.size() && (IsDigit(text_[i]) || (text_[i] >= 'a' && text_[i] <= 'f'));
    };
    size_t stop = at_;
    while (hex(stop)) ++stop;
    if (stop - at_ != 8 || stop >= text_.size() || text_[stop] != '.') return false;
    for (++stop; hex(stop);) ++stop;
    Put('c');
    at_ = stop;
    return true;
  }

  bool RemoteHost() {
    const std::string_view rest = text_.substr(at_);
    if (rest.substr(0, 7) == "[local]") {
      PutFirstUnused("rh");
      at_ += 7;
      return true;
    }
    size_t stop = 0;
    while (stop < rest.size() && (IsWordByte(rest[stop]) || rest[stop] == ':')) ++stop;
    if (stop < rest.size() && rest[stop] == '(' && stop > 0) {
      const size_t close = rest.find(')', stop);
      if (close == rest.npos || close == stop + 1) return false;
      if (rest.substr(stop + 1, close - stop - 1).find_first_not_of("0123456789") != rest.npos) {
        return false;
      }
      Put('r');
      at_ += close + 1;
      return true;
    }
    // An IPv4 address, which a colon may part from what follows.
    const std::string_view address = rest.substr(0, rest.substr(0, stop).find(':'));
    if (std::count(address.begin(), address.end(), '.') != 3 ||
        address.find_first_not_of("0123456789.") != address.npos) {
      return false;
    }
    Put('h');
    at_ += address.size();
    return true;
  }

  void Number() {
    size_t stop = at_;
    while (stop < text_.size() && IsDigit(text_[stop])) ++stop;
    const size_t digits = stop - at_;
    const bool word = stop < text_.size() && IsWordByte(text_[stop]) && text_[stop] != '-';
    if (digits >= 9 && digits <= 11 && stop + 3 < text_.size() && text_[stop] == '.') {
      for (++stop; stop < text_.size() && IsDigit(text_[stop]);) ++stop;
      Put('n');
    } else if (stop < text_.size() && text_[stop] == '/') {
      for (++stop; stop < text_.size() && IsDigit(text_[stop]);) ++stop;
      Put('v');
    } else if (digits == 5 && text_.substr(at_, 5) == "00000") {
      Put('e');
    } else if (word) {
      return WordField();
    } else {
      PutFirstUnused("plx");
      if (text_.substr(stop, 2) == "-1") {
        format_ += "-1";
        stop += 2;
      }
    }
    at_ = stop;
  }

  void WordField() {
    size_t stop = at_;
    while (stop < text_.size() && IsWordByte(text_[stop])) ++stop;
    if (stop < text_.size() && text_[stop] == '@') {
      Put('u');
      format_ += '@';
      for (++stop; stop < text_.size() && IsWordByte(text_[stop]);) ++stop;
      Put('d');
      used_.insert({'u', 'd'});
    } else {
      PutFirstUnused("uda");
    }
    at_ = stop;
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string format_;
  std::set<char> used_;
  LogClock clock_;
};

}  // namespace

size_t FindSeverity(std::string_view line, const Language* language) {
  constexpr size_t kPrefixMax = 600;
  for (size_t colon = line.find(":  "); colon != line.npos && colon < kPrefixMax;
       colon = line.find(":  ", colon + 1)) {
    LinePart part;
    LogLevel level;
    size_t start = colon;
    while (start > 0 && line[start - 1] >= 'A' && line[start - 1] <= 'Z') --start;
    // DEBUG1 to DEBUG5.
    if (start == colon && colon > 5 && line.substr(colon - 6, 5) == "DEBUG") start = colon - 6;
    if (start < colon &&
        ReadSeverity(line.data() + start, line.data() + line.size(), &part, &level) != nullptr) {
      return start;
    }
    if (language == nullptr) continue;
    const std::string_view before = line.substr(0, colon + 1);
    size_t longest = 0;
    for (const Language::Word& word : language->words()) {
      if (before.ends_with(word.text)) longest = std::max(longest, word.text.size());
    }
    if (longest > 0) return colon + 1 - longest;
  }
  return line.npos;
}

namespace {

// Looks for the prefix that explains most of `lines`, whose words are in `language`.
PrefixGuess GuessPrefix(const std::vector<SampleLine>& lines, const Language* language) {
  PrefixGuess guess;
  guess.lines = lines.size();
  guess.language = language;
  Score best;
  const auto consider = [&](const std::string& format) {
    std::string error;
    const std::optional<LinePrefix> prefix = LinePrefix::Compile(format, &error, language);
    if (!prefix) return;
    const std::optional<Score> score = Rate(*prefix, lines, best.matched);
    if (!score || (score->matched == best.matched && score->fields <= best.fields)) return;
    best = *score;
    guess.format = format;
    guess.matched = score->matched;
  };
  for (std::string_view known : kKnownPrefixes) consider(std::string(known));
  // A known prefix may miss a few torn or foreign lines; below this it is the wrong one.
  if (lines.empty() || guess.matched * 20 >= lines.size() * 19) return guess;
  std::set<std::string> induced;
  for (size_t i = 0; i < lines.size() && induced.size() < kInducedLinesMax; ++i) {
    induced.insert(Inducer().Induce(lines[i].line.substr(0, lines[i].severity)));
  }
  for (const std::string& format : induced) consider(format);
  return guess;
}

const Language* LanguageOf(const std::vector<SampleLine>& lines, const Language* words) {
  std::vector<std::string_view> messages;
  for (const SampleLine& sample : lines) {
    LinePart part;
    LogLevel level;
    const char* end = sample.line.data() + sample.line.size();
    const char* text =
        ReadSeverity(sample.line.data() + sample.severity, end, &part, &level, words);
    if (text != nullptr && part == LinePart::kRecord) {
      messages.emplace_back(text, static_cast<size_t>(end - text));
    }
  }
  return DetectLanguage(messages);
}

}  // namespace

PrefixGuess DetectPrefix(std::string_view sample) {
  const std::vector<SampleLine> lines = SampleLines(sample, nullptr);
  // Some languages keep the English words for levels: the messages tell.
  const Language* language = LanguageOf(lines, nullptr);
  if (language == nullptr && !lines.empty()) return GuessPrefix(lines, nullptr);
  PrefixGuess best;
  for (const std::unique_ptr<Language>& each : Language::All()) {
    if (language != nullptr && each.get() != language) continue;
    const std::vector<SampleLine> local = SampleLines(sample, each.get());
    if (local.size() <= lines.size() && language == nullptr) continue;
    if (language == nullptr && LanguageOf(local, each.get()) != each.get()) continue;
    PrefixGuess guess = GuessPrefix(local, each.get());
    if (guess.matched > best.matched) best = std::move(guess);
  }
  return best.matched > 0 ? best : GuessPrefix(lines, nullptr);
}

std::optional<LinePrefix> PrefixOfLine(std::string_view line, size_t severity,
                                       const Language* language) {
  const PrefixGuess guess = GuessPrefix({{line, severity}}, language);
  std::string error;
  std::optional<LinePrefix> prefix = LinePrefix::Compile(guess.format, &error, language);
  LogClock clock;
  LogRecord record;
  LinePart part;
  if (!prefix || guess.matched == 0 ||
      prefix->Match(line.data(), line.data() + line.size(), &clock, &record, &part) == nullptr ||
      !record.has_time) {
    return std::nullopt;
  }
  return prefix;
}

}  // namespace pgsift
