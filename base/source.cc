#include "base/source.h"

#include <algorithm>
#include <utility>

namespace pgsift {

std::string_view InputKindName(InputKind kind) {
  switch (kind) {
    case InputKind::kMigration:
      return "migration";
    case InputKind::kSchema:
      return "schema";
    case InputKind::kLog:
      return "log";
    case InputKind::kPlan:
      return "plan";
    case InputKind::kSnapshot:
      return "snapshot";
    case InputKind::kPooler:
      return "pooler";
    case InputKind::kWorkload:
      return "workload";
    case InputKind::kUnknown:
      return "unknown";
  }
  return "unknown";
}

FileId SourceSet::Add(SourceFile file) {
  files_.push_back(std::move(file));
  return static_cast<FileId>(files_.size() - 1);
}

std::string_view SourceSet::path(FileId id) const {
  if (id == FileId::kNone) return {};
  return (*this)[id].path;
}

std::string_view SourceSet::Bytes(Span span) const {
  if (!span.known()) return {};
  const std::string_view text = (*this)[span.file].text;
  if (span.begin >= text.size()) return {};
  return text.substr(span.begin, span.size);
}

LineIndex::LineIndex(std::string_view text) : text_(text) {
  starts_.push_back(0);
  for (size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    if (at + 1 < text.size()) starts_.push_back(at + 1);
  }
}

LineColumn LineIndex::At(uint64_t offset) const {
  offset = std::min<uint64_t>(offset, text_.size());
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const uint64_t start = *(after - 1);
  uint64_t column = 1;
  for (uint64_t at = start; at < offset; ++at) {
    // A byte 10xxxxxx continues a code point.
    if ((static_cast<unsigned char>(text_[at]) & 0xc0) != 0x80) ++column;
  }
  // A byte-order mark takes no column.
  if (start == 0 && offset >= 3 && text_.starts_with("\xef\xbb\xbf")) --column;
  return {.line = static_cast<uint64_t>(after - starts_.begin()), .column = column};
}

std::string_view LineIndex::Line(uint64_t line) const {
  if (line == 0 || line > starts_.size()) return {};
  const uint64_t begin = starts_[line - 1];
  uint64_t end = line < starts_.size() ? starts_[line] : text_.size();
  while (end > begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
  std::string_view text = text_.substr(begin, end - begin);
  if (line == 1 && text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return text;
}

}  // namespace pgsift
