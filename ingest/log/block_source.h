#ifndef PGSIFT_INGEST_LOG_BLOCK_SOURCE_H_
#define PGSIFT_INGEST_LOG_BLOCK_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/log/log_syntax.h"
#include "ingest/log/read_logs.h"

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
};

// Reads the files of a run in order and hands them out in blocks. Thread-safe: workers take blocks
// from one source.
class BlockSource {
 public:
  // All must outlive the source.
  BlockSource(std::span<const LogFile> files, const LogOptions& options,
              std::vector<LogFileResult>* results);
  ~BlockSource();
  BlockSource(const BlockSource&) = delete;
  BlockSource& operator=(const BlockSource&) = delete;

  // The next block, or false at the end of the last file.
  bool Next(LogBlock* block);

 private:
  bool OpenNext();
  void Close();
  bool Fill(ByteBuffer* bytes, size_t size);
  bool FindSyntax();

  std::mutex mutex_;
  const std::span<const LogFile> files_;
  const LogOptions& options_;
  std::vector<LogFileResult>& results_;
  size_t next_file_ = 0;
  size_t next_number_ = 0;
  int descriptor_ = -1;
  bool at_end_ = false;
  uint64_t offset_ = 0;  // Of carry_'s first byte.
  ByteBuffer carry_;     // Read, but not handed out.
  std::shared_ptr<const LogSyntax> syntax_;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_BLOCK_SOURCE_H_
