#include "ingest/log/log_reader.h"

#include <cstring>

namespace pgsift {
namespace {

// A line of the dump that the server writes, without a prefix, when memory runs out.
bool IsMemoryDump(std::string_view line) {
  return line.find(" total in ") != line.npos && line.find(" blocks; ") != line.npos;
}

// log_error_verbosity = verbose writes the SQLSTATE in front of the message.
void TakeSqlstate(LogRecord* record) {
  const std::string_view text = record->message;
  if (text.size() < 7 || text[5] != ':' || text[6] != ' ') return;
  for (char c : text.substr(0, 5)) {
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) return;
  }
  record->sqlstate = text.substr(0, 5);
  record->message.remove_prefix(7);
}

// Where the text of a line goes; nullptr: it is not kept.
std::string_view* FieldOf(LinePart part, LogRecord* record) {
  switch (part) {
    case LinePart::kRecord:
      return &record->message;
    case LinePart::kDetail:
      return &record->detail;
    case LinePart::kHint:
      return &record->hint;
    case LinePart::kQuery:
      return &record->internal_query;
    case LinePart::kContext:
      return &record->context;
    case LinePart::kStatement:
      return &record->statement;
    case LinePart::kOther:
      return nullptr;
  }
  return nullptr;
}

}  // namespace

void LogDamage::Append(const LogDamage& next, uint64_t lines_before) {
  if (first_line == 0 && next.first_line != 0) first_line = next.first_line + lines_before;
  records += next.records;
  bytes += next.bytes;
}

LogReader::LogReader(std::string_view block, uint64_t offset, const LinePrefix& prefix)
    : begin_(block.data()), end_(block.data() + block.size()), offset_(offset), matcher_(prefix) {
  line_.next = begin_;
}

bool LogReader::ReadLine() {
  line_.begin = line_.next;
  have_line_ = line_.begin != end_;
  if (!have_line_) return false;
  const auto* newline = static_cast<const char*>(
      std::memchr(line_.begin, '\n', static_cast<size_t>(end_ - line_.begin)));
  line_.end = newline == nullptr ? end_ : newline;
  line_.next = newline == nullptr ? end_ : newline + 1;
  if (line_.end > line_.begin && line_.end[-1] == '\r') --line_.end;
  ++lines_;
  line_.text = nullptr;
  if (line_.begin == line_.end || *line_.begin == '\t') return true;
  scratch_ = LogRecord{};
  const char* text = line_.begin;
  // A byte-order mark that an editor left.
  if (offset_ == 0 && text == begin_ && line_.end - text >= 3 &&
      std::memcmp(text, "\xef\xbb\xbf", 3) == 0) {
    text += 3;
  }
  line_.text = matcher_.Match(text, line_.end, &scratch_, &line_.part);
  return true;
}

// The current line belongs to no record.
void LogReader::Skip() {
  if (!skipping_) {
    skipping_ = true;
    ++damage_.records;
    if (damage_.first_line == 0) damage_.first_line = lines_;
  }
  damage_.bytes += static_cast<uint64_t>(line_.next - line_.begin);
  AddRange(static_cast<size_t>(line_.begin - begin_), static_cast<size_t>(line_.next - begin_),
           skipped_);
}

bool LogReader::SkipToRecord() {
  if (!have_line_ && !ReadLine()) return false;
  while (line_.text == nullptr || line_.part != LinePart::kRecord) {
    Skip();
    if (!ReadLine()) return false;
  }
  skipping_ = false;
  return true;
}

// A line without a prefix goes on with the record before it, unless it shows that it does not.
bool LogReader::Continues() const {
  if (line_.begin == line_.end || *line_.begin == '\t') return true;
  const std::string_view line(line_.begin, static_cast<size_t>(line_.end - line_.begin));
  return !IsMemoryDump(line);
}

bool LogReader::Next(LogRecord* record) {
  if (!SkipToRecord()) return false;
  const char* const start = line_.begin;
  *record = scratch_;
  record->offset = offset_ + static_cast<uint64_t>(start - begin_);
  record->line = lines_ - 1;
  record->tabbed = true;
  std::string_view* field = &record->message;
  const char* text = line_.text;
  const char* stop = line_.end;
  for (;;) {
    stop = line_.end;
    if (!ReadLine()) break;
    if (line_.text == nullptr) {
      if (Continues()) continue;
      break;
    }
    if (line_.part == LinePart::kRecord || scratch_.pid != record->pid) break;
    if (field != nullptr) *field = {text, static_cast<size_t>(stop - text)};
    field = FieldOf(line_.part, record);
    text = line_.text;
  }
  if (field != nullptr) *field = {text, static_cast<size_t>(stop - text)};
  TakeSqlstate(record);
  ++records_;
  record_bytes_ += static_cast<uint64_t>((have_line_ ? line_.begin : end_) - start);
  return true;
}

}  // namespace pgsift
