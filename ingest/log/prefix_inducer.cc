// Works a log_line_prefix out from a line that it stands in front of.

#include "ingest/log/prefix_inducer.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <set>
#include <utility>

#include "base/text.h"
#include "ingest/log/log_clock.h"
#include "parser/characters.h"

namespace pgsift {
namespace {

// What %b prints; Source: GetBackendTypeDesc in src/backend/utils/init/miscinit.c.
constexpr std::string_view kBackendTypes[] = {"client backend",
                                              "parallel worker",
                                              "autovacuum worker",
                                              "autovacuum launcher",
                                              "background writer",
                                              "background worker",
                                              "checkpointer",
                                              "walwriter",
                                              "walsender",
                                              "walreceiver",
                                              "walsummarizer",
                                              "startup",
                                              "logger",
                                              "archiver",
                                              "postmaster",
                                              "standalone backend",
                                              "not initialized",
                                              "io worker",
                                              "slotsync worker",
                                              "logical replication launcher",
                                              "logical replication worker",
                                              "logical replication apply worker",
                                              "logical replication parallel worker",
                                              "dead-end client backend"};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
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
                                                         {"start", 's'},
                                                         {"timestamp", 'm'},
                                                         {"t", 'm'},
                                                         {"code", 'e'},
                                                         {"q", 'Q'},
                                                         {"bt", 'b'},
                                                         {"leader", 'P'},
                                                         {"ppid", 'P'},
                                                         {"leader_pid", 'P'}};
  for (const auto& [name, escape] : kKeys) {
    if (EqualsIgnoringCase(name, key)) return escape;
  }
  return 0;
}

// Writes a format for what stands before the severity word of one line.
class Inducer {
 public:
  explicit Inducer(const PrefixWords& words) : words_(words) {}

  std::string Induce(std::string_view text) {
    text_ = text;
    while (at_ < text_.size()) Step();
    return std::move(format_);
  }

 private:
  void Step() {
    if (Padding() || Time() || KeyValue() || Session() || RemoteHost() || Phrase() || Name())
      return;
    const bool negative = text_[at_] == '-' && QueryIdLength(at_ + 1) > 0;
    if (IsDigit(text_[at_]) || negative) return Number();
    if (IsWordByte(text_[at_])) return WordField();
    Literal(text_.substr(at_++, 1));
  }

  void Literal(std::string_view text) {
    for (char c : text) format_ += c == '%' ? std::string("%%") : std::string(1, c);
    field_ = 0;
  }

  // Notes where the field stands: blanks behind it may be its padding.
  void Put(char escape) {
    field_ = escape;
    field_format_ = format_.size();
    format_ += '%';
    format_ += escape;
  }

  // Two blanks and more fill a field up: the one before them, or a number behind.
  bool Padding() {
    const size_t stop = std::min(text_.find_first_not_of(' ', at_), text_.size());
    const size_t blanks = stop - at_;
    if (blanks < 2) return false;
    const bool number = stop < text_.size() && IsDigit(text_[stop]);
    const bool name = std::string_view("audbihr").find(field_) != std::string_view::npos;
    if (field_ != 0 && (name || !number)) {
      // Before a sign the field takes them all, else one parts it from the next.
      const bool parted = stop == text_.size() || IsWordByte(text_[stop]);
      const size_t width = at_ - field_begin_ + blanks - (parted ? 1 : 0);
      format_.insert(field_format_ + 1, "-" + std::to_string(width));
      field_ = 0;
      if (parted) Literal(" ");
    } else {
      // As many as the field is wide, less what it prints: any number does.
      const size_t word = std::min(text_.find_first_of(" |]),;:", stop), text_.size()) - stop;
      if (number) {
        if (at_ > 0 && field_ != 0) Literal(" ");
        width_ = blanks - (at_ > 0 && format_.ends_with(' ') ? 1 : 0) + word;
      } else if (stop < text_.size() && IsWordByte(text_[stop])) {
        width_ = blanks + word;
      } else {
        Literal(text_.substr(at_, blanks));
      }
    }
    at_ = stop;
    return true;
  }

  // A backend's type or a command tag: of several words.
  bool Phrase() {
    if (!IsLetter(text_[at_]) || (at_ > 0 && IsWordByte(text_[at_ - 1]))) return false;
    const std::string_view rest = text_.substr(at_);
    for (std::string_view type : kBackendTypes) {
      if (!rest.starts_with(type) || (rest.size() > type.size() && IsWordByte(rest[type.size()])))
        continue;
      Field('b', type.size());
      return true;
    }
    size_t stop = rest.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ ");
    stop = std::min(stop, rest.size());
    std::string_view tag = Trim(rest.substr(0, stop));
    if (tag.empty()) {
      for (std::string_view idle :
           {"idle in transaction (aborted)", "idle in transaction", "idle"}) {
        if (tag.empty() && rest.starts_with(idle)) tag = idle;
      }
    }
    if (tag.empty() || !IsCommandTag(tag)) return false;
    if (rest.size() > tag.size() && IsWordByte(rest[tag.size()])) return false;
    Field('i', tag.size());
    return true;
  }

  // A user or a database that the log speaks of.
  bool Name() {
    if (!words_.AreKnown() || (at_ > 0 && IsWordByte(text_[at_ - 1]))) return false;
    const size_t user = LengthOf(words_.users);
    const size_t database = LengthOf(words_.databases);
    if (user == 0 && database == 0) return false;
    if (user >= database && !used_.contains('u')) {
      Field('u', user);
    } else if (database > 0 && !used_.contains('d')) {
      Field('d', database);
    } else {
      return false;
    }
    return true;
  }

  // Of the longest of these names that stands here, as a whole word.
  size_t LengthOf(const PrefixWords::Set& names) const {
    const std::string_view rest = text_.substr(at_);
    size_t longest = 0;
    for (const std::string& name : names) {
      const bool whole =
          rest.starts_with(name) && (rest.size() == name.size() || !IsWordByte(rest[name.size()]));
      if (whole) longest = std::max(longest, name.size());
    }
    return longest;
  }

  void Field(char escape, size_t length) {
    field_begin_ = at_;
    Put(escape);
    used_.insert(escape);
    TakeWidth();
    at_ += length;
  }

  void TakeWidth() {
    if (width_ > 0) format_.insert(field_format_ + 1, std::to_string(width_));
    width_ = 0;
  }

  // Of a number that is as long as %Q's are, or 0.
  size_t QueryIdLength(size_t at) const {
    size_t stop = at;
    while (stop < text_.size() && IsDigit(text_[stop])) ++stop;
    return stop - at >= 12 ? stop - at : 0;
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
    field_begin_ = at_;
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
    if (at_ > 0 && IsWordByte(text_[at_ - 1])) return false;
    while (stop < text_.size() && (IsLetter(text_[stop]) || text_[stop] == '_')) ++stop;
    const std::string_view key = text_.substr(at_, stop - at_);
    // As JSON writes it.
    const bool quoted = at_ > 0 && text_[at_ - 1] == '"' && text_.substr(stop, 2) == "\":";
    if (quoted) ++stop;
    if (key.empty() || stop >= text_.size() || (text_[stop] != '=' && text_[stop] != ':')) {
      return false;
    }
    const char escape = EscapeOfKey(key);
    if (escape == 0 && (quoted || text_[stop] == '=')) {
      Literal(text_.substr(at_, stop + 1 - at_));
      at_ = stop + 1;
      return true;
    }
    if (escape == 0) return false;
    ++stop;
    while (stop < text_.size() && (text_[stop] == ' ' || text_[stop] == '"')) ++stop;
    if (escape == 'm' || escape == 's') {
      Literal(text_.substr(at_, stop - at_));
      at_ = stop;
      return Time() || true;
    }
    Literal(text_.substr(at_, stop - at_));
    at_ = field_begin_ = stop;
    const size_t known = escape == 'u'   ? LengthOf(words_.users)
                         : escape == 'd' ? LengthOf(words_.databases)
                                         : 0;
    Put(escape);
    used_.insert(escape);
    if (escape == 'b' && Type()) return true;
    if (known > 0) {
      at_ += known;
      return true;
    }
    // A value ends at a separator; names may hold spaces, which only the next key tells.
    // "[local]" and "[unknown]" are values.
    if (stop < text_.size() && text_[stop] == '[') {
      stop = std::min(text_.find(']', stop), text_.size() - 1) + 1;
    }
    while (stop < text_.size() && std::strchr(",;|\"]) \t", text_[stop]) == nullptr) ++stop;
    at_ = stop;
    return true;
  }

  bool Type() {
    for (std::string_view type : kBackendTypes) {
      if (!text_.substr(at_).starts_with(type)) continue;
      at_ += type.size();
      return true;
    }
    return false;
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
    field_begin_ = at_;
    Put('c');
    at_ = stop;
    return true;
  }

  bool RemoteHost() {
    const std::string_view rest = text_.substr(at_);
    field_begin_ = at_;
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
    field_begin_ = at_;
    const bool negative = text_[at_] == '-';
    if (const size_t length = QueryIdLength(at_ + (negative ? 1 : 0)); length > 0) {
      Put('Q');
      TakeWidth();
      at_ += length + (negative ? 1 : 0);
      return;
    }
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
      TakeWidth();
      if (text_.substr(stop, 2) == "-1") {
        format_ += "-1";
        stop += 2;
      }
    }
    at_ = stop;
  }

  void WordField() {
    size_t stop = at_;
    field_begin_ = at_;
    while (stop < text_.size() && IsWordByte(text_[stop])) ++stop;
    if (stop < text_.size() && text_[stop] == '@') {
      Put('u');
      TakeWidth();
      format_ += '@';
      field_begin_ = stop + 1;
      for (++stop; stop < text_.size() && IsWordByte(text_[stop]);) ++stop;
      Put('d');
      used_.insert({'u', 'd'});
    } else if (words_.constants.contains(text_.substr(at_, stop - at_))) {
      Literal(text_.substr(at_, stop - at_));
      width_ = 0;
    } else {
      // Where the log says who its users are, others are applications.
      PutFirstUnused(words_.AreKnown() ? "a" : "uda");
      TakeWidth();
    }
    at_ = stop;
  }

  const PrefixWords& words_;
  std::string_view text_;
  size_t at_ = 0;
  char field_ = 0;           // The escape that the format ends in, or 0.
  size_t field_format_ = 0;  // Where it stands in the format,
  size_t field_begin_ = 0;   // and where its value begins in the text.
  size_t width_ = 0;         // Of the field that comes; 0: as long as it is.
  std::string format_;
  std::set<char> used_;
  LogClock clock_;
};

}  // namespace

std::string InducePrefix(std::string_view text, const PrefixWords& words) {
  return Inducer(words).Induce(text);
}

void ForEachPrefixWord(std::string_view text, const std::function<void(std::string_view)>& visit) {
  for (size_t at = 0; at < text.size();) {
    size_t stop = at;
    while (stop < text.size() && IsWordByte(text[stop])) ++stop;
    if (stop > at) visit(text.substr(at, stop - at));
    at = stop + 1;
  }
}

bool IsCommandTag(std::string_view text) {
  constexpr std::string_view kFirst[] = {
      "SELECT",   "INSERT",     "UPDATE",   "DELETE",    "MERGE",         "BEGIN",   "COMMIT",
      "ROLLBACK", "SET",        "SHOW",     "RESET",     "PREPARE",       "EXECUTE", "DEALLOCATE",
      "DO",       "CHECKPOINT", "COPY",     "CREATE",    "ALTER",         "DROP",    "VACUUM",
      "ANALYZE",  "EXPLAIN",    "FETCH",    "DECLARE",   "CLOSE",         "LOCK",    "TRUNCATE",
      "REFRESH",  "GRANT",      "REVOKE",   "SAVEPOINT", "RELEASE",       "CALL",    "DISCARD",
      "LISTEN",   "NOTIFY",     "BIND",     "PARSE",     "idle",          "START",   "REINDEX",
      "CLUSTER",  "COMMENT",    "UNLISTEN", "MOVE",      "authentication"};
  const std::string_view first = text.substr(0, text.find(' '));
  return std::find(std::begin(kFirst), std::end(kFirst), first) != std::end(kFirst);
}

}  // namespace pgsift
