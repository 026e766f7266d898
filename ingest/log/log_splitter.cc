#include "ingest/log/log_splitter.h"

#include <algorithm>

#include "ingest/log/csv_reader.h"
#include "ingest/log/json_log_reader.h"
#include "ingest/log/line_matcher.h"

namespace pgsift {
namespace {

bool BeginsRecord(std::string_view text, size_t at, const LogSyntax& syntax, LineMatcher* matcher) {
  if (syntax.format == LogFormat::kCsv) return BeginsCsvRecord(text, at);
  if (syntax.format == LogFormat::kJson) return BeginsJsonRecord(text, at);
  if (text[at] == '\t' || text[at] == '\n') return false;
  LogRecord record;
  LinePart part;
  const size_t end = std::min(text.find('\n', at), text.size());
  return matcher->Match(text.data() + at, text.data() + end, &record, &part) != nullptr &&
         part == LinePart::kRecord;
}

}  // namespace

size_t NextRecordStart(std::string_view text, size_t from, const LogSyntax& syntax) {
  LineMatcher matcher(syntax.prefix);
  if (from > 0 && from <= text.size() && text[from - 1] != '\n') {
    from = text.find('\n', from);
    if (from == text.npos) return text.npos;
    ++from;
  }
  while (from < text.size()) {
    if (BeginsRecord(text, from, syntax, &matcher)) return from;
    from = text.find('\n', from);
    if (from == text.npos) break;
    ++from;
  }
  return text.npos;
}

size_t LastRecordStart(std::string_view text, const LogSyntax& syntax) {
  LineMatcher matcher(syntax.prefix);
  size_t end = text.size();
  while (end > 1) {
    const size_t newline = text.rfind('\n', end - 2);
    if (newline == text.npos) return text.npos;
    if (newline + 1 < text.size() && BeginsRecord(text, newline + 1, syntax, &matcher)) {
      return newline + 1;
    }
    end = newline + 1;
  }
  return text.npos;
}

}  // namespace pgsift
