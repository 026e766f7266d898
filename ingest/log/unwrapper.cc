#include "ingest/log/unwrapper.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "ingest/log/prefix.h"
#include "ingest/log/read_logs.h"

namespace pgsift {
namespace {

// An object that holds an array first is the envelope of an export: its members are the entries.
bool HoldsArrayFirst(std::string_view text) {
  size_t at = text.find_first_not_of(" \t\r\n", 1);
  if (at == text.npos || text[at] != '"') return false;
  at = text.find('"', at + 1);
  if (at == text.npos) return false;
  at = text.find_first_not_of(" \t\r\n", at + 1);
  if (at == text.npos || text[at] != ':') return false;
  at = text.find_first_not_of(" \t\r\n", at + 1);
  if (at == text.npos || text[at] != '[') return false;
  at = text.find_first_not_of(" \t\r\n", at + 1);
  return at != text.npos && text[at] == '{';
}

// The size of an entry of journalctl -o export, its empty line included; 0: it is not complete.
size_t ExportEntrySize(std::string_view text) {
  size_t at = 0;
  for (;;) {
    const size_t end = text.find('\n', at);
    if (end == text.npos) return 0;
    if (end == at) return at + 1;
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.find('=') != line.npos) continue;
    // A field of any bytes: its name, its size in eight bytes, itself.
    if (text.size() < at + 8) return 0;
    uint64_t size = 0;
    std::memcpy(&size, text.data() + at, 8);
    if (size > kRecordBytesMax) continue;
    if (text.size() < at + 8 + size + 1) return 0;
    at += 8 + static_cast<size_t>(size) + 1;
  }
}

LogPiece ReadExportEntry(std::string_view text, LogPiece piece) {
  piece.text = {};
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = text.find('\n', at);
    if (end == text.npos || end == at) break;
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    const size_t equals = line.find('=');
    std::string_view key = line.substr(0, equals);
    std::string_view value = equals == line.npos ? std::string_view() : line.substr(equals + 1);
    if (equals == line.npos && text.size() >= at + 8) {
      uint64_t size = 0;
      std::memcpy(&size, text.data() + at, 8);
      if (text.size() < at + 8 + size) break;
      value = text.substr(at + 8, static_cast<size_t>(size));
      at += 8 + static_cast<size_t>(size) + 1;
    }
    const auto number = [&] { return std::strtoll(std::string(value).c_str(), nullptr, 10); };
    if (key == "MESSAGE") piece.text = value;
    if (key == "__REALTIME_TIMESTAMP") piece.time_us = number();
    if (key == "_PID" || key == "SYSLOG_PID") piece.pid = static_cast<uint32_t>(number());
  }
  piece.system_log = true;
  return piece;
}

// A log_line_prefix may look like an object: then the level stands behind it.
bool IsObjectPrefix(std::string_view line) {
  const size_t severity = FindSeverity(line);
  return severity != line.npos && Trim(line.substr(0, severity)).ends_with('}') &&
         line.find('}') < severity;
}

}  // namespace

// Cuts the bytes of a file into what the first stage takes: lines, JSON objects, journal entries.
class Unwrapper::Framer {
 public:
  Framer(Wrapper wrapper, UnwrapStage* next) : wrapper_(wrapper), next_(*next) {}

  void Add(std::string_view bytes) {
    held_.append(bytes);
    Cut(false);
    held_.erase(0, at_);
    scanned_ -= std::min(scanned_, at_);
    at_ = 0;
  }
  void Finish() {
    const bool unended = !held_.empty() && held_.back() != '\n';
    Cut(true);
    if (at_ < held_.size()) Emit(held_.size() - at_, {}, true);
    line_ += unended;
    held_.clear();
    at_ = 0;
    next_.Finish();
  }
  uint64_t lines() const { return line_; }

 private:
  void Cut(bool last) {
    if (wrapper_ == Wrapper::kJson) return CutObjects(last);
    if (wrapper_ == Wrapper::kJournalExport) return CutEntries(last);
    while (at_ < held_.size()) {
      const size_t newline = wrapper_ == Wrapper::kCsvExport ? RowEnd(at_) : held_.find('\n', at_);
      if (newline == held_.npos && !last && held_.size() - at_ < kRecordBytesMax) return;
      const size_t end = newline == held_.npos ? held_.size() : newline;
      std::string_view text(held_.data() + at_, end - at_);
      if (text.ends_with('\r')) text.remove_suffix(1);
      Emit(std::min(end + 1, held_.size()) - at_, text, false);
    }
  }

  // The newline that ends a row of CSV: one outside of quotes.
  size_t RowEnd(size_t at) const {
    bool quoted = false;
    for (; at < held_.size(); ++at) {
      if (held_[at] == '"') quoted = !quoted;
      if (held_[at] == '\n' && !quoted) return at;
    }
    return held_.npos;
  }

  // Hands on `size` bytes as a piece.
  void Emit(size_t size, std::string_view text, bool skip) {
    LogPiece piece{.text = text, .offset = offset_, .line = line_, .bytes = size};
    const auto* begin = held_.data() + at_;
    if (!text.empty()) {  // What is in front of an object is not its place.
      piece.offset += static_cast<uint64_t>(text.data() - begin);
      piece.line += CountNewlines({begin, static_cast<size_t>(text.data() - begin)});
    }
    const uint64_t newlines = CountNewlines({begin, size});
    skip ? next_.Skip(piece) : next_.Take(piece);
    line_ += newlines;
    offset_ += size;
    at_ += size;
  }

  void CutEntries(bool last) {
    while (at_ < held_.size()) {
      const std::string_view rest(held_.data() + at_, held_.size() - at_);
      size_t size = ExportEntrySize(rest);
      if (size == 0) {
        if (!last && rest.size() < kRecordBytesMax) return;
        size = rest.size();
      }
      const LogPiece entry = ReadExportEntry(rest.substr(0, size), {});
      LogPiece piece = entry;
      piece.offset = offset_;
      piece.line = line_;
      piece.bytes = size;
      piece.text.empty() ? next_.Skip(piece) : next_.Take(piece);
      line_ += CountNewlines(rest.substr(0, size));
      offset_ += size;
      at_ += size;
    }
  }

  // The end of the object that begins at `begin`; npos: not there yet. A raw newline in a string
  // ends a torn object: *torn.
  size_t ObjectEnd(size_t begin, bool* torn) {
    if (scanned_ <= begin) {
      scanned_ = begin;
      depth_ = 0;
      in_string_ = false;
    }
    const char* const data = held_.data();
    size_t at = scanned_;
    for (; at < held_.size(); ++at) {
      const char c = data[at];
      if (in_string_) {
        if (c == '\\') {
          if (at + 1 >= held_.size()) break;
          ++at;
        } else if (c == '"') {
          in_string_ = false;
        } else if (c == '\n') {
          *torn = true;
          return at + 1;
        }
      } else if (c == '"') {
        in_string_ = true;
      } else if (c == '{' || c == '[') {
        ++depth_;
      } else if (c == '}' || c == ']') {
        if (--depth_ <= 0) return at + 1;
      } else if (c == '\n' && at + 1 < held_.size() && data[at + 1] == '{' && depth_ > 0) {
        // Objects on lines of their own: this one was never closed.
        *torn = true;
        return at + 1;
      }
    }
    scanned_ = at;
    return std::string::npos;
  }

  void CutObjects(bool last) {
    for (;;) {
      // Commas, brackets and space between objects go with the object after them.
      size_t begin = at_;
      while (begin < held_.size() && std::strchr(" \t\r\n,[]}", held_[begin]) != nullptr) ++begin;
      if (begin >= held_.size()) {
        // What is left at the very end goes with nothing, but is no damage.
        if (last && begin > at_) Emit(begin - at_, {}, false);
        return;
      }
      if (held_[begin] != '{') {
        const size_t newline = held_.find('\n', begin);
        if (newline == held_.npos && !last && held_.size() - begin < kRecordBytesMax) return;
        const size_t end = std::min(newline, held_.size() - 1) + 1;
        // The closing of an envelope, `"nextToken": null }`, is no damage either.
        Emit(end - at_, {}, held_[begin] != '"');
        continue;
      }
      const std::string_view rest(held_.data() + begin, held_.size() - begin);
      if (rest.size() < 512 && !last && rest.find('}') == rest.npos) return;
      if (HoldsArrayFirst(rest)) {
        Emit(held_.find('[', begin) + 1 - at_, {}, false);
        continue;
      }
      bool torn = false;
      const size_t end = ObjectEnd(begin, &torn);
      if (end == held_.npos) {
        if (last || held_.size() - begin > kRecordBytesMax) {
          const size_t newline = std::min(held_.find('\n', begin), held_.size() - 1);
          scanned_ = 0;
          Emit(newline + 1 - at_, {}, true);
          continue;
        }
        return;
      }
      Emit(end - at_,
           torn ? std::string_view() : std::string_view(held_).substr(begin, end - begin), torn);
      scanned_ = 0;
    }
  }

  const Wrapper wrapper_;
  UnwrapStage& next_;
  std::string held_;
  size_t at_ = 0;       // Of held_: what was not handed on.
  size_t scanned_ = 0;  // How far the current object was looked through,
  int depth_ = 0;       // and what was open there.
  bool in_string_ = false;
  uint64_t offset_ = 0, line_ = 0;  // Of held_[at_].
};

// Writes pieces as the server's text.
class Unwrapper::TextSink : public UnwrapStage {
 public:
  explicit TextSink(const UnwrapOptions& options) : UnwrapStage(nullptr), options_(options) {}

  void set_out(Unwrapped* out) { out_ = out; }

  void Take(const LogPiece& piece) override {
    out_->units.push_back({.begin = out_->text.size(),
                           .offset = piece.offset,
                           .line = piece.line,
                           .bytes = piece.bytes});
    std::string_view text = piece.text;
    if (text.empty()) return;
    bool first = true;
    while (true) {
      const size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      if (line.ends_with('\r')) line.remove_suffix(1);
      WriteLine(line, piece, first);
      if (end >= text.size()) break;
      text.remove_prefix(end + 1);
      if (text.empty()) break;
      first = false;
    }
  }
  void Skip(const LogPiece& piece) override {
    out_->units.push_back({.begin = out_->text.size(),
                           .offset = piece.offset,
                           .line = piece.line,
                           .bytes = piece.bytes,
                           .skipped = true});
  }
  void Finish() override {}

 private:
  void WriteLine(std::string_view line, const LogPiece& piece, bool first) {
    if (options_.headers && !line.starts_with('\t')) {
      if (FindSeverity(line, options_.language) != line.npos) {
        absl::StrAppendFormat(&out_->text, "\x1e%010d.%06d %d\x1e", piece.time_us / 1'000'000,
                              piece.time_us % 1'000'000, piece.pid);
      } else if (!first) {
        out_->text += '\t';
      }
    }
    out_->text.append(line);
    out_->text += '\n';
  }

  const UnwrapOptions options_;
  Unwrapped* out_ = nullptr;
};

Unwrapper::Unwrapper(const std::vector<Wrapper>& wrappers, const UnwrapOptions& options) {
  auto sink = std::make_unique<TextSink>(options);
  sink_ = sink.get();
  stages_.push_back(std::move(sink));
  const auto add = [this](std::unique_ptr<UnwrapStage> stage) {
    stages_.push_back(std::move(stage));
  };
  for (size_t i = wrappers.size(); i-- > 0;) {
    UnwrapStage* next = stages_.back().get();
    switch (wrappers[i]) {
      case Wrapper::kJson:
        add(MakeChunkJoiner(next));
        add(MakeJsonStage(stages_.back().get()));
        break;
      case Wrapper::kSyslog:
        add(MakeChunkJoiner(next));
        add(MakeSyslogStage(options.now_us, stages_.back().get()));
        break;
      case Wrapper::kJournalExport:
        add(MakeChunkJoiner(next));
        break;
      case Wrapper::kCri:
        add(MakeCriStage(next));
        break;
      case Wrapper::kStamped:
        add(MakeStampedStage(next));
        break;
      case Wrapper::kPgbouncer:
        add(MakePgbouncerStage(next));
        break;
      case Wrapper::kCsvExport:
        add(MakeChunkJoiner(next));
        add(MakeJsonStage(stages_.back().get()));
        add(MakeCsvExportStage(stages_.back().get()));
        break;
    }
  }
  framer_ = std::make_unique<Framer>(wrappers.front(), stages_.back().get());
}

Unwrapper::~Unwrapper() = default;

void Unwrapper::Add(std::string_view bytes, Unwrapped* out) {
  sink_->set_out(out);
  framer_->Add(bytes);
}

void Unwrapper::Finish(Unwrapped* out) {
  sink_->set_out(out);
  framer_->Finish();
}

uint64_t Unwrapper::lines() const { return framer_->lines(); }

bool DetectWrapper(std::string_view sample, Wrapper* wrapper) {
  if (sample.starts_with("\xef\xbb\xbf")) sample.remove_prefix(3);
  if (sample.starts_with("__CURSOR=")) return *wrapper = Wrapper::kJournalExport, true;
  const size_t first = sample.find_first_not_of(" \t\r\n");
  if (first == sample.npos) return false;
  if (IsCsvExportHeader(sample.substr(0, sample.find('\n')))) {
    return *wrapper = Wrapper::kCsvExport, true;
  }
  if (sample[first] == '{' &&
      !IsObjectPrefix(sample.substr(first, sample.find('\n', first) - first)))
    return *wrapper = Wrapper::kJson, true;
  if (sample[first] == '[') {
    const size_t second = sample.find_first_not_of(" \t\r\n", first + 1);
    if (second != sample.npos && sample[second] == '{') return *wrapper = Wrapper::kJson, true;
  }
  constexpr size_t kLinesMax = 400;
  size_t lines = 0, syslog = 0, cri = 0, stamped = 0, pgbouncer = 0, json = 0;
  while (!sample.empty() && lines < kLinesMax) {
    const size_t end = std::min(sample.find('\n'), sample.size());
    const std::string_view line = sample.substr(0, end);
    sample.remove_prefix(std::min(end + 1, sample.size()));
    if (line.empty() || line.front() == '\t') continue;
    ++lines;
    cri += IsCriLine(line);
    syslog += IsSyslogLine(line);
    stamped += IsStampedLine(line);
    pgbouncer += IsPgbouncerLine(line);
    json += line.front() == '{' && line.ends_with('}');
  }
  const auto most = [lines](size_t count) { return count > 0 && count * 2 >= lines; };
  if (most(cri)) return *wrapper = Wrapper::kCri, true;
  if (most(syslog)) return *wrapper = Wrapper::kSyslog, true;
  if (most(stamped)) return *wrapper = Wrapper::kStamped, true;
  if (most(pgbouncer)) return *wrapper = Wrapper::kPgbouncer, true;
  if (most(json)) return *wrapper = Wrapper::kJson, true;
  return false;
}

}  // namespace pgsift
