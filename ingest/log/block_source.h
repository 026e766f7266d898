#ifndef PGSIFT_INGEST_LOG_BLOCK_SOURCE_H_
#define PGSIFT_INGEST_LOG_BLOCK_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/file/byte_stream.h"
#include "ingest/log/log_syntax.h"
#include "ingest/log/read_logs.h"
#include "ingest/log/unwrapper.h"

namespace pgsift {

// Bytes that grow without being cleared.
class ByteBuffer {
 public:
  // Room for `size` bytes in all; what is there stays.
  void Reserve(size_t size);
  char* data() { return bytes_.get(); }
  std::string_view view() const { return {bytes_.get(), size_}; }
  size_t size() const { return size_; }
  void Resize(size_t size) { size_ = size; }  // REQUIRES: Reserve(size).
  void Assign(std::string_view bytes);
  void Append(std::string_view bytes);

 private:
  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
  size_t room_ = 0;
};

// A stretch of a log that begins and ends where records do. Its bytes are its own and are reused
// when it is given to BlockSource::Next() again.
struct LogBlock {
  size_t number = 0;  // In the order of the input, from 0.
  size_t file = 0;    // Index of its file.
  uint64_t offset = 0;
  ByteBuffer bytes;
  std::shared_ptr<const LogSyntax> syntax;
  // Of a wrapped log: where its bytes come from, and how many lines of the file it stands for.
  std::vector<Unit> units;
  uint64_t lines = 0;
  uint64_t foreign_bytes = 0;  // It is no log: that many bytes were read, and none kept.
  bool paused = false;         // A log that is followed has nothing more to give for now.
};

// Reads the files of a run, unpacked and unwrapped, and hands them out in blocks: in the order of
// their first record's time, else in the order given. Thread-safe: workers take blocks from one
// source.
class BlockSource {
 public:
  // All must outlive the source.
  BlockSource(std::span<const LogFile> files, const LogOptions& options,
              std::vector<LogFileResult>* results);
  BlockSource(const BlockSource&) = delete;
  BlockSource& operator=(const BlockSource&) = delete;

  // The next block, or false at the end of the last file.
  bool Next(LogBlock* block);

 private:
  LogFileResult& result() { return results_[order_[next_file_ - 1]]; }
  void SortByTime();
  bool OpenNext(LogBlock* foreign);
  bool OpenMember(LogBlock* foreign);
  void ReadSample();
  bool Fill(ByteBuffer* bytes, size_t size);
  bool Read(ByteBuffer* bytes, size_t size);
  void Unwrap(std::string_view stored, ByteBuffer* bytes);
  size_t Cut(ByteBuffer* bytes);
  size_t CutPaused(std::string_view bytes);
  void GiveUnits(size_t cut, LogBlock* block);

  std::mutex mutex_;
  const std::span<const LogFile> files_;
  const LogOptions& options_;
  std::vector<LogFileResult>& results_;
  std::vector<size_t> order_;
  size_t next_file_ = 0;
  size_t next_number_ = 0;
  std::unique_ptr<ByteStream> stream_;
  bool open_ = false;    // A member of stream_ is being read.
  bool at_end_ = false;  // Of the member.
  bool paused_ = false;  // What is followed had nothing to give the last time.
  int pauses_ = 0;       // So often in a row.
  uint64_t offset_ = 0;  // Of carry_'s first byte.
  ByteBuffer carry_;     // Read and unwrapped, but not handed out.
  std::shared_ptr<const LogSyntax> syntax_;

  std::unique_ptr<Unwrapper> unwrapper_;  // nullptr: the log is in nothing.
  Unwrapped unwrapped_;
  ByteBuffer stored_;        // What the unwrapper gets next.
  std::vector<Unit> units_;  // Of carry_.
  uint64_t lines_given_ = 0;
  uint64_t unwrapped_offset_ = 0;  // Where the member begins in the file.
};

// When the first record of a log that has a time was written; nothing if it has none.
std::optional<int64_t> FirstTime(const LogFile& file, const LogOptions& options);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_BLOCK_SOURCE_H_
