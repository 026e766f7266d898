#include "base/source.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

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

// A place is found by counting within its block.
constexpr size_t kBlockBytes = 4096;

LineIndex::LineIndex(std::string_view text) : text_(text) {
  uint64_t newlines = 0;
  newlines_before_.reserve(text.size() / kBlockBytes + 1);
  for (size_t begin = 0; begin <= text.size(); begin += kBlockBytes) {
    newlines_before_.push_back(newlines);
    newlines += CountNewlines(text.substr(begin, kBlockBytes));
  }
  // What ends the text begins no line.
  lines_ = newlines + (text.ends_with('\n') ? 0 : 1);
}

size_t LineIndex::Begin(uint64_t line) const {
  uint64_t left = line - 1;  // Newlines before it.
  if (left == 0) return 0;
  const auto block = std::lower_bound(newlines_before_.begin(), newlines_before_.end(), left) - 1;
  size_t at = static_cast<size_t>(block - newlines_before_.begin()) * kBlockBytes;
  for (left -= *block; left > 0; --left) {
    at = text_.find('\n', at);
    if (at == text_.npos) return text_.size();
    ++at;
  }
  return at;
}

LineColumn LineIndex::At(uint64_t offset) const {
  offset = std::min<uint64_t>(offset, text_.size());
  // The end of the text is on the last line, also behind its newline.
  const size_t within = offset == text_.size() && text_.ends_with('\n')
                            ? text_.size() - 1
                            : static_cast<size_t>(offset);
  const size_t block = within / kBlockBytes;
  const size_t block_begin = block * kBlockBytes;
  const uint64_t line =
      1 + newlines_before_[block] + CountNewlines(text_.substr(block_begin, within - block_begin));
  const size_t before = within == 0 ? text_.npos : text_.find_last_of('\n', within - 1);
  const uint64_t start = before == text_.npos ? 0 : before + 1;
  uint64_t column = 1;
  for (uint64_t at = start; at < offset; ++at) {
    // A byte 10xxxxxx continues a code point.
    if ((static_cast<unsigned char>(text_[at]) & 0xc0) != 0x80) ++column;
  }
  // A byte-order mark takes no column.
  if (start == 0 && offset >= 3 && text_.starts_with("\xef\xbb\xbf")) --column;
  return {.line = line, .column = column};
}

std::string_view LineIndex::Line(uint64_t line) const {
  if (line == 0 || line > lines_) return {};
  const size_t begin = Begin(line);
  size_t end = line < lines_ ? Begin(line + 1) : text_.size();
  while (end > begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
  std::string_view text = text_.substr(begin, end - begin);
  if (line == 1 && text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return text;
}

}  // namespace pgsift
