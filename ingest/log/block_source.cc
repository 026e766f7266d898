#include "ingest/log/block_source.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>

#include "ingest/log/csv_reader.h"
#include "ingest/log/json_log_reader.h"
#include "ingest/log/log_splitter.h"

namespace pgsift {
namespace {

// What the form is detected from. The same whatever the size of the blocks.
constexpr size_t kSampleBytes = size_t{1} << 20;
// Enough to find the first record that has a time.
constexpr size_t kFirstBytes = size_t{256} << 10;
constexpr size_t kStoredStep = size_t{512} << 10;

int64_t ModifiedTime(const std::string& path) {
  struct stat status {};
  if (path != "-" && ::stat(path.c_str(), &status) == 0) {
    return static_cast<int64_t>(status.st_mtime) * 1'000'000;
  }
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

SyntaxOptions OptionsFor(const LogFile& file, const LogOptions& options) {
  return {.line_prefix = options.line_prefix,
          .format = options.format,
          .now_us = ModifiedTime(file.path)};
}

template <typename Reader>
std::optional<int64_t> FirstTimeOf(Reader* reader) {
  LogRecord record;
  while (reader->Next(&record)) {
    if (record.has_time) return record.time_us;
  }
  return std::nullopt;
}

std::optional<int64_t> FirstTimeIn(std::string_view text, const LogSyntax& syntax) {
  if (syntax.format == LogFormat::kCsv) {
    CsvReader reader(text, 0, syntax.language);
    return FirstTimeOf(&reader);
  }
  if (syntax.format == LogFormat::kJson) {
    JsonLogReader reader(text, 0, syntax.language);
    return FirstTimeOf(&reader);
  }
  LogReader reader(text, 0, syntax.prefix);
  return FirstTimeOf(&reader);
}

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

void ByteBuffer::Append(std::string_view bytes) {
  Reserve(size_ + bytes.size());
  if (!bytes.empty()) std::memcpy(bytes_.get() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

std::optional<int64_t> FirstTime(const LogFile& file, const LogOptions& options) {
  ByteStream stream;
  if (file.path == "-" || !stream.Open(file.path) || !stream.NextMember()) return std::nullopt;
  std::string sample(kFirstBytes, '\0');
  size_t size = 0;
  while (size < sample.size()) {
    const ssize_t got = stream.Read(sample.data() + size, sample.size() - size);
    if (got <= 0) break;
    size += static_cast<size_t>(got);
  }
  sample.resize(size);
  LogSyntax syntax;
  std::string error;
  const SyntaxOptions syntax_options = OptionsFor(file, options);
  if (!DetectSyntax(sample, syntax_options, &syntax, &error)) return std::nullopt;
  if (syntax.wrappers.empty()) return FirstTimeIn(sample, syntax);
  Unwrapped inner;
  Unwrapper unwrapper(syntax.wrappers, {.headers = syntax.format == LogFormat::kStderr,
                                        .language = syntax.language,
                                        .now_us = syntax_options.now_us});
  unwrapper.Add(sample, &inner);
  unwrapper.Finish(&inner);
  return FirstTimeIn(inner.text, syntax);
}

BlockSource::BlockSource(std::span<const LogFile> files, const LogOptions& options,
                         std::vector<LogFileResult>* results)
    : files_(files), options_(options), results_(*results) {
  results_.assign(files.size(), LogFileResult{});
  for (size_t i = 0; i < files.size(); ++i) order_.push_back(i);
  if (files.size() > 1) SortByTime();
}

// A rotated set is one log: what a session began in one file it may end in the next.
void BlockSource::SortByTime() {
  std::vector<int64_t> times;
  for (const LogFile& file : files_) {
    times.push_back(FirstTime(file, options_).value_or(std::numeric_limits<int64_t>::max()));
  }
  std::stable_sort(order_.begin(), order_.end(),
                   [&](size_t a, size_t b) { return times[a] < times[b]; });
}

// Reads until `bytes` holds `size` bytes or the member ends.
bool BlockSource::Read(ByteBuffer* bytes, size_t size) {
  bytes->Reserve(size);
  uint64_t read_bytes = 0;
  paused_ = false;
  while (!at_end_ && bytes->size() < size) {
    const ssize_t got = stream_->Read(bytes->data() + bytes->size(), size - bytes->size());
    paused_ = got == ByteStream::kNothingYet;
    if (paused_) break;
    if (got < 0 && result().error.empty()) result().error = stream_->error();
    at_end_ = got <= 0;
    if (got <= 0) break;
    bytes->Resize(bytes->size() + static_cast<size_t>(got));
    read_bytes += static_cast<uint64_t>(got);
  }
  result().bytes += read_bytes;
  if (options_.progress && read_bytes > 0) options_.progress(read_bytes);
  return result().error.empty();
}

// The same for what is inside the wrappers.
bool BlockSource::Fill(ByteBuffer* bytes, size_t size) {
  if (unwrapper_ == nullptr) return Read(bytes, size);
  paused_ = false;
  while (bytes->size() < size && !paused_ && !(at_end_ && stored_.size() == 0)) {
    if (stored_.size() == 0) Read(&stored_, kStoredStep);
    Unwrap(stored_.view(), bytes);
    stored_.Resize(0);
  }
  return result().error.empty();
}

void BlockSource::Unwrap(std::string_view stored, ByteBuffer* bytes) {
  unwrapped_.text.clear();
  unwrapped_.units.clear();
  unwrapper_->Add(stored, &unwrapped_);
  if (at_end_) unwrapper_->Finish(&unwrapped_);
  for (Unit unit : unwrapped_.units) {
    unit.begin += bytes->size();
    unit.offset += unwrapped_offset_;
    units_.push_back(unit);
  }
  bytes->Append(unwrapped_.text);
}

// A file that is followed may be short yet: what is there must do.
void BlockSource::ReadSample() {
  if (options_.follow_until == nullptr || next_file_ != files_.size()) {
    Read(&carry_, kSampleBytes);
    return;
  }
  carry_.Reserve(kSampleBytes);
  ssize_t got = ByteStream::kNothingYet;
  while (got == ByteStream::kNothingYet) got = stream_->Read(carry_.data(), kSampleBytes);
  at_end_ = got <= 0;
  carry_.Resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
  result().bytes += carry_.size();
}

bool BlockSource::OpenMember(LogBlock* foreign) {
  at_end_ = false;
  carry_.Resize(0);
  stored_.Resize(0);
  units_.clear();
  unwrapper_.reset();
  lines_given_ = 0;
  unwrapped_offset_ = offset_ = result().bytes;
  const LogFile& file = files_[order_[next_file_ - 1]];
  const SyntaxOptions syntax_options = OptionsFor(file, options_);
  ReadSample();
  auto syntax = std::make_shared<LogSyntax>();
  std::string error;
  if (carry_.size() == 0) return false;
  if (!DetectSyntax(carry_.view(), syntax_options, syntax.get(), &error)) {
    // An archive may hold other things too.
    if (stream_->member().empty()) result().error = error;
    foreign->foreign_bytes = carry_.size();
    return false;
  }
  result().format = syntax->name;
  result().line_prefix = syntax->line_prefix;
  if (syntax->language != nullptr) result().language = syntax->language->name();
  if (!syntax->wrappers.empty()) {
    unwrapper_ = std::make_unique<Unwrapper>(
        syntax->wrappers, UnwrapOptions{.headers = syntax->format == LogFormat::kStderr,
                                        .language = syntax->language,
                                        .now_us = syntax_options.now_us});
    stored_.Assign(carry_.view());
    carry_.Resize(0);
  }
  syntax_ = std::move(syntax);
  open_ = true;
  return true;
}

// Moves to the next member or file. *foreign says if what lay between was no log.
bool BlockSource::OpenNext(LogBlock* foreign) {
  open_ = false;
  for (;;) {
    if (stream_ != nullptr && stream_->NextMember()) {
      if (OpenMember(foreign) || foreign->foreign_bytes > 0) return true;
      continue;
    }
    if (stream_ != nullptr) {
      LogFileResult& last = result();
      if (last.error.empty()) last.error = stream_->error();
      if (last.error.empty() && last.bytes > 0 && last.format.empty()) {
        last.error = "none of its members is a server log";
      }
    }
    if (next_file_ == files_.size()) return false;
    ++next_file_;
    stream_ = std::make_unique<ByteStream>();
    if (next_file_ == files_.size()) {
      stream_->Follow(options_.follow_until, options_.publish != nullptr, options_.followed);
    }
    if (!stream_->Open(files_[order_[next_file_ - 1]].path)) {
      result().error = stream_->error();
      stream_.reset();
    }
  }
}

// Where the block ends: at the last beginning of a record within its size.
size_t BlockSource::Cut(ByteBuffer* bytes) {
  size_t limit = std::max<size_t>(options_.block_bytes, 1);
  for (;;) {
    Fill(bytes, limit);
    const bool ended = at_end_ && (unwrapper_ == nullptr || stored_.size() == 0);
    if (ended && bytes->size() <= limit) return bytes->size();
    if (paused_ && bytes->size() < limit) return CutPaused(bytes->view());
    const size_t cut = LastRecordStart(bytes->view().substr(0, limit), *syntax_);
    if (cut != std::string_view::npos) return cut;
    // One record fills the block: read more of it.
    if (limit >= kRecordBytesMax) return std::min(limit, bytes->size());
    limit *= 2;
  }
}

// What may be handed out of a log that pauses: what ends before its last record does, for lines of
// that one may be on their way; after a while, all whole lines.
size_t BlockSource::CutPaused(std::string_view bytes) {
  constexpr int kPausesEnough = 5;
  if (++pauses_ >= kPausesEnough) {
    const size_t line = bytes.rfind('\n');
    return line == bytes.npos ? 0 : line + 1;
  }
  const size_t cut = LastRecordStart(bytes, *syntax_);
  return cut == bytes.npos ? 0 : cut;
}

void BlockSource::GiveUnits(size_t cut, LogBlock* block) {
  block->units.clear();
  block->lines = 0;
  if (unwrapper_ == nullptr) return;
  const bool all = carry_.size() == 0 && at_end_ && stored_.size() == 0;
  std::vector<Unit> rest;
  for (Unit unit : units_) {
    if (unit.begin < cut || all) {
      block->units.push_back(unit);
    } else {
      unit.begin -= cut;
      rest.push_back(unit);
    }
  }
  units_ = std::move(rest);
  block->lines = unwrapper_->lines() - lines_given_;
  lines_given_ += block->lines;
}

bool BlockSource::Next(LogBlock* block) {
  const std::lock_guard<std::mutex> lock(mutex_);
  block->foreign_bytes = 0;
  block->paused = false;
  block->units.clear();
  block->lines = 0;
  while (!open_ || (at_end_ && carry_.size() == 0 && stored_.size() == 0 && units_.empty())) {
    if (!OpenNext(block)) return false;
    if (open_) break;
    block->bytes.Resize(0);
    block->number = next_number_++;
    block->file = order_[next_file_ - 1];
    return true;
  }
  ByteBuffer& bytes = block->bytes;
  bytes.Assign(carry_.view());
  const size_t before = bytes.size();
  const size_t cut = Cut(&bytes);
  if (bytes.size() > before) pauses_ = 0;
  block->paused = paused_;
  carry_.Assign(bytes.view().substr(cut));
  bytes.Resize(cut);
  GiveUnits(cut, block);
  block->number = next_number_++;
  block->file = order_[next_file_ - 1];
  block->offset = offset_;
  block->syntax = syntax_;
  offset_ += cut;
  return true;
}

}  // namespace pgsift
