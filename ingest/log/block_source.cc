#include "ingest/log/block_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ingest/log/log_splitter.h"

namespace pgsift {
namespace {

// What the prefix is detected from. The same whatever the size of the blocks.
constexpr size_t kSampleBytes = size_t{1} << 20;

}  // namespace

void ByteBuffer::Reserve(size_t size) {
  if (size <= room_) return;
  size = std::max(size, room_ * 2);
  // Not make_unique: that would clear what read() is about to fill.
  std::unique_ptr<char[]> grown(new char[size]);
  if (size_ > 0) std::memcpy(grown.get(), bytes_.get(), size_);
  bytes_ = std::move(grown);
  room_ = size;
}

void ByteBuffer::Assign(std::string_view bytes) {
  size_ = 0;
  Reserve(bytes.size());
  if (!bytes.empty()) std::memmove(bytes_.get(), bytes.data(), bytes.size());
  size_ = bytes.size();
}

BlockSource::BlockSource(std::span<const LogFile> files, const LogOptions& options,
                         std::vector<LogFileResult>* results)
    : files_(files), options_(options), results_(*results) {
  results_.assign(files.size(), LogFileResult{});
}

BlockSource::~BlockSource() { Close(); }

void BlockSource::Close() {
  if (descriptor_ > STDIN_FILENO) close(descriptor_);
  descriptor_ = -1;
}

// Reads until `bytes` holds `size` bytes or the file ends. Returns false on an error.
bool BlockSource::Fill(ByteBuffer* bytes, size_t size) {
  LogFileResult& result = results_[next_file_ - 1];
  bytes->Reserve(size);
  uint64_t read_bytes = 0;
  while (!at_end_ && bytes->size() < size) {
    const ssize_t got = read(descriptor_, bytes->data() + bytes->size(), size - bytes->size());
    if (got < 0) {
      if (errno == EINTR) continue;
      result.error = std::string("cannot be read: ") + std::strerror(errno);
      at_end_ = true;
      break;
    }
    at_end_ = got == 0;
    bytes->Resize(bytes->size() + static_cast<size_t>(got));
    read_bytes += static_cast<uint64_t>(got);
  }
  result.bytes += read_bytes;
  if (options_.progress && read_bytes > 0) options_.progress(read_bytes);
  return result.error.empty();
}

bool BlockSource::OpenNext() {
  while (next_file_ < files_.size()) {
    const LogFile& file = files_[next_file_];
    LogFileResult& result = results_[next_file_];
    ++next_file_;
    descriptor_ = file.path == "-" ? STDIN_FILENO : open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) {
      result.error = std::string("cannot be opened: ") + std::strerror(errno);
      continue;
    }
    at_end_ = false;
    offset_ = 0;
    carry_.Resize(0);
    if (Fill(&carry_, kSampleBytes) && carry_.size() > 0 && FindSyntax()) return true;
    result.skipped_bytes = result.bytes;
    Close();
  }
  return false;
}

bool BlockSource::FindSyntax() {
  LogFileResult& result = results_[next_file_ - 1];
  const LogFormat structured =
      options_.line_prefix.empty() ? DetectStructuredFormat(carry_.view()) : LogFormat::kUnknown;
  if (structured != LogFormat::kUnknown) {
    result.format = LogFormatName(structured);
    syntax_ = std::make_shared<const LogSyntax>(LogSyntax{.format = structured});
    return true;
  }
  result.format = LogFormatName(LogFormat::kStderr);
  result.line_prefix = options_.line_prefix;
  if (result.line_prefix.empty()) {
    const PrefixGuess guess = DetectPrefix(carry_.view());
    if (guess.matched == 0) {
      result.format.clear();
      result.error = guess.lines == 0
                         ? "no line begins like a PostgreSQL log in English: is this a server log?"
                         : "the log_line_prefix was not recognized: give it with --log-line-prefix";
      return false;
    }
    result.line_prefix = guess.format;
  }
  std::optional<LinePrefix> prefix = LinePrefix::Compile(result.line_prefix, &result.error);
  if (!prefix) return false;
  syntax_ = std::make_shared<const LogSyntax>(LogSyntax{.prefix = std::move(*prefix)});
  return true;
}

bool BlockSource::Next(LogBlock* block) {
  const std::lock_guard<std::mutex> lock(mutex_);
  while (descriptor_ < 0 || (at_end_ && carry_.size() == 0)) {
    Close();
    if (!OpenNext()) return false;
  }
  ByteBuffer& bytes = block->bytes;
  bytes.Assign(carry_.view());
  size_t limit = std::max<size_t>(options_.block_bytes, 1);
  size_t cut = 0;
  for (;;) {
    Fill(&bytes, limit);
    if (at_end_ && bytes.size() <= limit) {
      cut = bytes.size();
      break;
    }
    cut = LastRecordStart(bytes.view().substr(0, limit), *syntax_);
    if (cut != std::string_view::npos) break;
    // One record fills the block: read more of it.
    if (limit >= kRecordBytesMax) {
      cut = std::min(limit, bytes.size());
      break;
    }
    limit *= 2;
  }
  carry_.Assign(bytes.view().substr(cut));
  bytes.Resize(cut);
  block->number = next_number_++;
  block->file = next_file_ - 1;
  block->offset = offset_;
  block->syntax = syntax_;
  offset_ += cut;
  return true;
}

}  // namespace pgsift
